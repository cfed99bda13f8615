"""What months carry: 累计 of typed cells from last period's and this month's, and 计算 cells from the others."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.actions.reporting.adding_up import month_of, total_of
from campaigns.actions.reporting.blanks import Blanks, Which
from campaigns.actions.reporting.putting import put
from campaigns.definition.report_form import Atom, ReportForm
from campaigns.rules.reporting.checks import BESIDE_EACH_OTHER
from campaigns.rules.reporting.indicators import recalculated
from campaigns.store.database import dialect_of
from campaigns.store.reporting.reports import Report, ReportCell

Last, Child = aliased(Report, name="last_report"), aliased(Report, name="child")
Cell, LastCell = aliased(ReportCell, name="cell"), aliased(ReportCell, name="last_cell")


def carry_over(session: Session, form: ReportForm, which: Which, blanks: Blanks) -> None:
    """Work out 累计 of typed cells from last period's and this month's; a stock stays as it last was until it is retyped.

    Only for organisations that type: one with lower levels has theirs added up. A cell that stays as it is is not written.
    """
    year = blanks.period[:4] if form.counts_from == "1月1日" else ""
    for statement in _carried(form.atoms, year, which, dialect_of(session)):
        blanks.fill(session, statement)


@lru_cache(maxsize=64)
def _carried(atoms: tuple[Atom, ...], year: str, which: Which, dialect: str) -> tuple[Any, ...]:
    typed = [atom for atom in atoms if atom.source == "填报"]
    stocks = [atom.code for atom in typed if atom.stock]
    answers = [atom.code for atom in typed if atom.rollup == "任一" and not atom.stock]
    beside = [atom.code for atom in typed if atom.rollup in BESIDE_EACH_OTHER]
    flows = [atom.code for atom in typed if atom.code not in (*stocks, *answers, *beside)]
    month, before = month_of(Cell), total_of(LastCell)
    larger = case((before > month, before), else_=month)
    carried = (
        (flows, year, Cell.month_computed, month + func.coalesce(before, 0)),
        (answers, year, Cell.month_computed, larger),
        (stocks, "", before, func.coalesce(Cell.month_reported, before)),
    )
    return tuple(put(dialect, _carry(which, codes, since, new)) for codes, since, *new in carried if codes)


def work_out(session: Session, form: ReportForm, which: Which, blanks: Blanks) -> None:
    """Work out 计算 cells (rates) from the others: from totals, never by averaging."""
    formulas = [atom.code for atom in form.atoms if atom.formula]
    if not formulas:
        return
    for report_id in blanks.fill(session, select(col(Report.id)).where(*which)).scalars().all():
        cells = {cell.atom: cell for cell in session.scalars(_cells_of(report_id))}
        months = recalculated(form, {code: _first(c.month_reported, c.month_computed) for code, c in cells.items()})
        totals = recalculated(form, {code: _first(c.total_reported, c.total_computed) for code, c in cells.items()})
        for code in formulas:
            cells[code].month_computed, cells[code].total_computed = months[code], totals[code]
    session.flush()


def _carry(which: Which, codes: Collection[str], year: str, new: Iterable[Any]) -> Select[Any]:
    """Select the cells that change by their new figures, which may name last period's cell; with a `year`, only one of it."""
    month, total = new
    changed = or_(col(Cell.month_computed).is_distinct_from(month), col(Cell.total_computed).is_distinct_from(total))
    return (
        select(col(Cell.report_id), col(Cell.atom), month, total, literal(""))
        .select_from(Report)
        .join(Cell, col(Cell.report_id) == col(Report.id))
        .outerjoin(Last, and_(col(Last.id) == col(Report.previous_id), col(Last.period).startswith(year)))
        .outerjoin(LastCell, and_(col(LastCell.report_id) == col(Last.id), col(LastCell.atom) == col(Cell.atom)))
        .where(*which, ~exists().where(col(Child.parent_id) == col(Report.id)), col(Cell.atom).in_(codes), changed)
    )


def _cells_of(report_id: int) -> Select[Any]:
    return select(ReportCell).where(col(ReportCell.report_id) == report_id)


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)
