"""Counting reports: figures from rows, typed figures carried over the months, sealed reports added up the tree.

Figures are replaced, never incremented, and only while a report is open. The ledger says which reports are out of date: a
report takes in events up to `computed_through`, and one about its organisation, an enterprise it supervises or a report
below it makes it count again. Each step is one statement over all reports that count, whatever their number.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Update, bindparam, case, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.actions.reporting.adding_up import add_lower_levels, own_figures
from campaigns.actions.reporting.blanks import FAMILY, NAMED, ONE, OPEN, TAKEN, Blanks, Which
from campaigns.actions.reporting.carrying import carry_over, work_out
from campaigns.definition.report_form import ReportForm
from campaigns.errors import NotFound
from campaigns.rules.states import OPEN_REPORT_STATES
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.database import SQLITE, dialect_of
from campaigns.store.directory.regions import Supervision
from campaigns.store.ledger import Event
from campaigns.store.reporting.forms import counts_from, report_form
from campaigns.store.reporting.reports import Report
from campaigns.store.types import UtcDateTime


def compute(
    session: Session, *, campaign_id: int, form: str, period: str, now: datetime, everything: bool = False
) -> int:
    """Bring a period's open reports up to date and return how many were counted again: those out of date, or `everything`."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound
    shape = report_form(session, campaign, form)
    blanks = Blanks(campaign_id, counts_from(shape, campaign, period), form=form, period=period)
    return _count(session, shape, (*FAMILY, *OPEN), blanks, now, everything)


def recount(session: Session, *, report: Report, now: datetime, everything: bool = False) -> bool:
    """Bring one open report up to date and return whether it was counted again."""
    if report.state not in OPEN_REPORT_STATES:
        return False
    campaign = session.get_one(Campaign, report.campaign_id)
    form = report_form(session, campaign, report.form)
    counted = _count(session, form, (*ONE, *OPEN), Blanks.of(session, report, form), now, everything)
    session.refresh(report)
    return counted > 0


def _count(session: Session, form: ReportForm, which: Which, blanks: Blanks, now: datetime, everything: bool) -> int:
    session.flush()
    filled = replace(blanks, taken_at=_stamp(session, which, blanks, now))
    taken = _take(session, which, filled, now, everything)
    if not taken:
        return 0
    counting, filled = _claimed(session, which, filled)
    own_figures(session, form, counting, filled)
    add_lower_levels(session, form, counting, filled)
    carry_over(session, form, counting, filled)
    session.expire_all()
    work_out(session, form, counting, filled)
    return taken


def _claimed(session: Session, which: Which, blanks: Blanks) -> tuple[Which, Blanks]:
    """Return what was taken in the way that the database plans best: SQLite by the index over it, PostgreSQL by its ids."""
    if dialect_of(session) == SQLITE:
        return (*which, *TAKEN), blanks
    ids = blanks.fill(session, select(col(Report.id)).where(*which, *TAKEN)).scalars().all()
    return NAMED, replace(blanks, taken_ids=tuple(ids))


def _stamp(session: Session, which: Which, blanks: Blanks, now: datetime) -> datetime:
    """Return an instant that no earlier count bears, so that the reports taken now are told from those taken before."""
    last = blanks.fill(session, select(func.max(col(Report.computed_at))).where(*which)).scalar()
    return now if last is None or last < now else last + timedelta(microseconds=1)


def _take(session: Session, which: Which, blanks: Blanks, now: datetime, everything: bool) -> int:
    """Claim what is out of date by moving its window on; the rest only notes that it has seen the ledger up to here."""
    head = session.scalar(select(func.coalesce(func.max(col(Event.id)), 0))) or 0
    seen = blanks.fill(session, select(func.min(col(Report.computed_through))).where(*which)).scalar()
    if seen is None:
        return 0
    taken = blanks.fill(session, _taken(which, everything), now=now, seen=seen, head=head)
    noted = update(Report).where(*which, col(Report.computed_through) < head).values(computed_through=head)
    blanks.fill(session, noted)
    return int(taken.rowcount)


@lru_cache(maxsize=8)
def _taken(which: Which, everything: bool) -> Update:
    last, now = aliased(Report), bindparam("now", type_=UtcDateTime)
    stopped = select(col(last.counted_until)).where(col(last.id) == col(Report.previous_id)).scalar_subquery()
    moved = update(Report).where(*which)
    if not everything:
        moved = moved.where(_out_of_date(bindparam("seen", type_=Integer)))
    return moved.values(
        computed_at=bindparam("taken_at", type_=UtcDateTime),
        computed_through=bindparam("head", type_=Integer),
        counted_from=func.coalesce(stopped, bindparam("counts_from", type_=UtcDateTime)),
        counted_until=case((col(Report.due_at) < now, col(Report.due_at)), else_=now),
    )


def _out_of_date(seen: Any) -> ColumnElement[bool]:
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
