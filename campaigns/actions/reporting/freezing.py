"""What filing writes down beside the figures: the rows behind each number, as they were at that moment."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Subquery, case, delete, func, literal, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.actions.reporting.adding_up import listed_below, sealed_below
from campaigns.actions.reporting.blanks import ONE, SPAN, Blanks, Which
from campaigns.definition.report_form import Atom, ReportForm
from campaigns.store.database import dialect_of, upserting
from campaigns.store.reporting.evidence import ENTERPRISE, REPORT, evidence, measure
from campaigns.store.reporting.reports import Report, ReportMember

_COLUMNS = ("report_id", "atom", "kind", "row_id", "in_month")
_LISTED = ("report_id", "atom", "enterprise_id", "in_month")


def freeze(session: Session, report: Report, form: ReportForm) -> None:
    """Write down what is behind a report's figures, in place of what an earlier filing wrote down."""
    thaw(session, report)
    write_down(session, form, ONE, Blanks.of(session, report, form))


def write_down(session: Session, form: ReportForm, which: Which, blanks: Blanks) -> None:
    """Write down for some reports the hazards and records counted, the enterprises of each 家, the lower reports added in."""
    for statement in _written_down(form.atoms, which, dialect_of(session)):
        blanks.fill(session, statement)


@lru_cache(maxsize=64)
def _written_down(atoms: tuple[Atom, ...], which: Which, dialect: str) -> tuple[Any, ...]:
    counted = [(found, atom.code) for atom in atoms if (found := measure(atom))]
    behind = [(found.distinct, evidence(SPAN, found, code, *which).subquery()) for found, code in counted]
    rows = [_only(rows, _COLUMNS).where(rows.c.row_id.is_not(None)) for _, rows in behind]
    listed = [_only(rows, _LISTED) for distinct, rows in behind if distinct]
    named = union_all(*listed, listed_below(*which)).subquery()
    return tuple(_written(dialect, one) for one in (*rows, _enterprises(named), _reports_below(which)))


def thaw(session: Session, report: Report) -> None:
    """Take back what a filing wrote down: the report was sent back and its figures move again."""
    session.execute(delete(ReportMember).where(col(ReportMember.report_id) == report.id))


def _written(dialect: str, rows: Any) -> Any:
    insert = upserting(dialect, ReportMember).from_select(_COLUMNS, rows)
    return insert.raising(keys=("report_id", "atom", "kind", "row_id"), flags=("in_month",))


def _only(rows: Subquery, names: Iterable[str]) -> Select[Any]:
    return select(*(rows.c[name] for name in names))


def _enterprises(rows: Any) -> Select[Any]:
    this_month = func.max(case((rows.c.in_month.is_(True), 1), else_=0)) == 1
    return (
        select(
            rows.c.report_id,
            rows.c.atom,
            literal(ENTERPRISE).label("kind"),
            rows.c.enterprise_id,
            this_month.label("in_month"),
        )
        .where(rows.c.enterprise_id.is_not(None))
        .group_by(rows.c.report_id, rows.c.atom, rows.c.enterprise_id)
    )


def _reports_below(only: Which) -> Select[Any]:
    child = aliased(Report)
    return (
        select(
            col(Report.id).label("report_id"),
            literal("").label("atom"),
            literal(REPORT).label("kind"),
            col(child.id).label("row_id"),
            literal(True).label("in_month"),
        )
        .select_from(Report)
        .join(child, sealed_below(Report, child))
        .where(*only)
    )
