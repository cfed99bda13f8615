"""What months carry: 累计 of typed cells from last period's and this month's, and 计算 cells from the others."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, Update, case, exists, func, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.actions.reporting.adding_up import month_of, total_of
from campaigns.actions.reporting.blanks import Blanks, Which
from campaigns.definition.report_form import Atom, ReportForm
from campaigns.rules.indicators import recalculated
from campaigns.rules.report_checks import BESIDE_EACH_OTHER
from campaigns.store.reports import Report, ReportCell

This, Last = aliased(Report, name="this_report"), aliased(Report, name="last_report")
Child, Cell = aliased(Report, name="child"), aliased(ReportCell, name="last_cell")


def carry_over(session: Session, form: ReportForm, which: Which, blanks: Blanks) -> None:
    """Work out 累计 of typed cells from last period's and this month's; a stock stays as it last was until it is retyped.

    Only for organisations that type: one with lower levels has theirs added up.
    """
    year = blanks.period[:4] if form.counts_from == "1月1日" else ""
    for statement in _carried(form.atoms, year, which):
        blanks.fill(session, statement)


@lru_cache(maxsize=64)
def _carried(atoms: tuple[Atom, ...], year: str, which: Which) -> tuple[Update, ...]:
    typed = [atom for atom in atoms if atom.source == "填报"]
    stocks = [atom.code for atom in typed if atom.stock]
    answers = [atom.code for atom in typed if atom.rollup == "任一" and not atom.stock]
    beside = [atom.code for atom in typed if atom.rollup in BESIDE_EACH_OTHER]
    flows = [atom.code for atom in typed if atom.code not in (*stocks, *answers, *beside)]
    month, before = month_of(ReportCell), _before(year)
    larger = case((before > month, before), else_=month)
    carried: tuple[tuple[list[str], dict[str, Any]], ...] = (
        (flows, {"total_computed": month + func.coalesce(before, 0)}),
        (answers, {"total_computed": larger}),
        (stocks, {"month_computed": _before("")}),
        (stocks, {"total_computed": month}),
    )
    return tuple(_carry(which, codes, **values) for codes, values in carried if codes)


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


def _before(year: str) -> ScalarSelect[int]:
    """Last period's 累计 of the same cell; with a `year`, only if that period was of the same year."""
    return (
        select(total_of(Cell))
        .select_from(This)
        .join(Last, col(Last.id) == col(This.previous_id))
        .join(Cell, col(Cell.report_id) == col(Last.id))
        .where(
            col(This.id) == col(ReportCell.report_id),
            col(Cell.atom) == col(ReportCell.atom),
            col(Last.period).startswith(year),
        )
        .correlate(ReportCell)
        .scalar_subquery()
    )


def _carry(which: Which, codes: Collection[str], **values: Any) -> Update:
    typing = select(col(Report.id)).where(*which, ~exists().where(col(Child.parent_id) == col(Report.id)))
    cells = update(ReportCell).where(col(ReportCell.report_id).in_(typing), col(ReportCell.atom).in_(codes))
    return cells.values(**values).execution_options(synchronize_session=False)


def _cells_of(report_id: int) -> Select[Any]:
    return select(ReportCell).where(col(ReportCell.report_id) == report_id)


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)
