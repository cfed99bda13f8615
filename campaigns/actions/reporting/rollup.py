"""Counting reports: figures from rows, typed figures carried over the months, sealed reports added up the tree.

Figures are replaced, never incremented, and only while a report is open. The ledger says which reports are out of date: a
report takes in events up to `computed_through`, and one about its organisation, an enterprise it supervises or a report
below it makes it count again. Each step is one statement over all reports that count, whatever their number.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.actions.reporting.adding_up import Which, add_lower_levels, own_figures
from campaigns.actions.reporting.carrying import carry_over, work_out
from campaigns.definition.report_form import ReportForm
from campaigns.errors import NotFound
from campaigns.rules.states import OPEN_REPORT_STATES
from campaigns.store.campaigns import Campaign
from campaigns.store.evidence import Span
from campaigns.store.ledger import Event
from campaigns.store.regions import Supervision
from campaigns.store.report_forms import counts_from, report_form
from campaigns.store.reports import Report
from campaigns.store.types import UtcDateTime

MOVING = OPEN_REPORT_STATES


def compute(
    session: Session, *, campaign_id: int, form: str, period: str, now: datetime, everything: bool = False
) -> int:
    """Bring a period's open reports up to date and return how many were counted again: those out of date, or `everything`."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound
    family: Which = (
        col(Report.campaign_id) == campaign_id,
        col(Report.form) == form,
        col(Report.period) == period,
        col(Report.state).in_(MOVING),
    )
    return _count(session, campaign, report_form(session, campaign, form), family, period, now, everything)


def recount(session: Session, *, report: Report, now: datetime, everything: bool = False) -> bool:
    """Bring one open report up to date and return whether it was counted again."""
    if report.state not in MOVING:
        return False
    campaign = session.get_one(Campaign, report.campaign_id)
    only: Which = (col(Report.id) == report.id, col(Report.state).in_(MOVING))
    form = report_form(session, campaign, report.form)
    counted = _count(session, campaign, form, only, report.period, now, everything)
    session.refresh(report)
    return counted > 0


def _count(
    session: Session, campaign: Campaign, form: ReportForm, which: Which, period: str, now: datetime, everything: bool
) -> int:
    session.flush()
    start = counts_from(form, campaign, period)
    stamp = _stamp(session, which, now)
    taken = _take(session, which, start, now, stamp, everything)
    if not taken:
        return 0
    counting: Which = (*which, col(Report.computed_at) == stamp)
    span = Span(campaign.id, start)
    own_figures(session, form, span, counting)
    add_lower_levels(session, form, span, counting)
    carry_over(session, form, period, counting)
    session.expire_all()
    work_out(session, form, counting)
    return taken


def _stamp(session: Session, which: Which, now: datetime) -> datetime:
    """Return an instant that no earlier count bears, so that the reports taken now are told from those taken before."""
    last = session.scalar(select(func.max(col(Report.computed_at))).where(*which))
    return now if last is None or last < now else last + timedelta(microseconds=1)


def _take(session: Session, which: Which, start: datetime, now: datetime, stamp: datetime, everything: bool) -> int:
    """Claim what is out of date by moving its window on; the rest only notes that it has seen the ledger up to here."""
    head = session.scalar(select(func.coalesce(func.max(col(Event.id)), 0))) or 0
    seen = session.scalar(select(func.min(col(Report.computed_through))).where(*which))
    if seen is None:
        return 0
    last = aliased(Report)
    stopped = select(col(last.counted_until)).where(col(last.id) == col(Report.previous_id)).scalar_subquery()
    moved = update(Report).where(*which)
    if not everything:
        moved = moved.where(_out_of_date(seen))
    taken: Any = session.execute(
        moved.values(
            computed_at=stamp,
            counted_from=func.coalesce(stopped, start),
            counted_until=case((col(Report.due_at) < now, col(Report.due_at)), else_=literal(now, UtcDateTime())),
        ).execution_options(synchronize_session=False)
    )
    noted = update(Report).where(*which, col(Report.computed_through) < head).values(computed_through=head)
    session.execute(noted.execution_options(synchronize_session=False))
    return int(taken.rowcount)


def _out_of_date(seen: int) -> ColumnElement[bool]:
    touched = select(col(Event.organisation_id)).where(col(Event.id) > seen, col(Event.organisation_id).is_not(None))
    supervisors = select(col(Supervision.bureau_id)).where(col(Supervision.enterprise_id).in_(touched))
    return or_(
        col(Report.computed_at).is_(None),
        col(Report.organisation_id).in_(touched),
        col(Report.organisation_id).in_(supervisors),
        col(Report.id).in_(_parents_of(touched)),
    )


def _parents_of(organisations: Select[tuple[int | None]]) -> Select[tuple[int | None]]:
    child = aliased(Report)
    return select(col(child.parent_id)).where(
        col(child.organisation_id).in_(organisations), col(child.parent_id).is_not(None)
    )
