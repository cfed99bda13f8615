"""What filing writes down beside the figures: the rows behind each number, as they were at that moment."""

from typing import Any

from sqlalchemy import Select, and_, case, delete, func, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.actions.reporting.adding_up import Which, sealed_below
from campaigns.definition.report_form import ReportForm
from campaigns.store.campaigns import Campaign
from campaigns.store.database import upsert_into
from campaigns.store.evidence import ENTERPRISE, REPORT, Span, evidence, measure
from campaigns.store.report_forms import counts_from
from campaigns.store.reports import Report, ReportMember

_COLUMNS = ("report_id", "atom", "kind", "row_id", "in_month")


def freeze(session: Session, report: Report, form: ReportForm) -> None:
    """Write down what is behind a report's figures, in place of what an earlier filing wrote down."""
    thaw(session, report)
    campaign = session.get_one(Campaign, report.campaign_id)
    span = Span(campaign.id, counts_from(form, campaign, report.period))
    write_down(session, form, span, (col(Report.id) == report.id,))


def write_down(session: Session, form: ReportForm, span: Span, which: Which) -> None:
    """Write down for some reports the hazards and records counted, the enterprises of each 家, the lower reports added in."""
    for atom in form.atoms:
        if counted := measure(atom):
            rows = evidence(span, counted, atom.code, *which).subquery()
            _write(session, select(*(rows.c[name] for name in _COLUMNS)).where(rows.c.row_id.is_not(None)))
            if counted.distinct:
                _write(session, _enterprises(rows))
    _write(session, _enterprises(_listed_below(which).subquery()))
    _write(session, _reports_below(which))


def thaw(session: Session, report: Report) -> None:
    """Take back what a filing wrote down: the report was sent back and its figures move again."""
    session.execute(delete(ReportMember).where(col(ReportMember.report_id) == report.id))


def _write(session: Session, rows: Any) -> None:
    insert = upsert_into(session, ReportMember).from_select(_COLUMNS, rows)
    session.execute(insert.raising(keys=("report_id", "atom", "kind", "row_id"), flags=("in_month",)))


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


def _listed_below(only: Which) -> Select[Any]:
    child = aliased(Report)
    return (
        select(
            col(Report.id).label("report_id"),
            col(ReportMember.atom).label("atom"),
            col(ReportMember.row_id).label("enterprise_id"),
            col(ReportMember.in_month).label("in_month"),
        )
        .select_from(Report)
        .join(child, sealed_below(Report, child))
        .join(ReportMember, and_(col(ReportMember.report_id) == child.id, col(ReportMember.kind) == ENTERPRISE))
        .where(*only)
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
