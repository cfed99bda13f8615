"""When enterprises' accounts handed their records in: only those are read whose instants could mean something."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, extract, func, select
from sqlmodel import Session, col

from campaigns.definition.spot_check import SpotCheckRules
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.spot_checks.timing import SPREAD, HandedIn
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.directory.people import Person
from campaigns.store.work.sharing import filled_in
from campaigns.store.work.tasks import Submission, Task

_DAY, _EAST = 24 * 60, 8 * 60


def handed_in_at_one_minute(session: Session, campaign_id: int, rules: SpotCheckRules) -> Iterable[HandedIn]:
    """Return each account's latest records of a duty where they all came at one minute of the day."""
    at = col(Submission.submitted_at)
    line = (col(Submission.organisation_id), col(Submission.person_id), col(PlannedOccurrence.duty))
    minute = (extract("hour", at) * 60 + extract("minute", at) + _EAST) % _DAY
    recent = (
        _records(campaign_id)
        .add_columns(
            minute.label("minute"), func.row_number().over(partition_by=line, order_by=at.desc()).label("rank")
        )
        .where(col(PlannedOccurrence.event_driven).is_(False), col(Submission.number) == 1)
        .subquery()
    )
    lines = (
        select(recent.c.organisation_id, recent.c.person_id, recent.c.duty)
        .where(recent.c.rank <= rules.same_minute)
        .group_by(recent.c.organisation_id, recent.c.person_id, recent.c.duty)
        .having(func.count() == rules.same_minute, func.max(recent.c.minute) - func.min(recent.c.minute) <= SPREAD)
        .subquery()
    )
    same = [recent.c[name] == lines.c[name] for name in ("organisation_id", "person_id", "duty")]
    rows = session.execute(select(recent).join(lines, and_(*same)).where(recent.c.rank <= rules.same_minute))
    return [_handed_in(row, campaign_id) for row in rows]


def handed_in_quickly(
    session: Session, campaign_id: int, rules: SpotCheckRules, *, since: datetime
) -> Iterable[HandedIn]:
    """Return the records of every account that handed in as many since an instant as make a burst."""
    recent = _records(campaign_id).where(col(Submission.submitted_at) >= since)
    busy = recent.with_only_columns(col(Submission.person_id)).group_by(col(Submission.person_id))
    busy = busy.having(func.count() >= rules.burst)
    rows = session.execute(recent.where(col(Submission.person_id).in_(busy)))
    return [_handed_in(row, campaign_id) for row in rows]


def _records(campaign_id: int) -> Select[Any]:
    return (
        select(
            col(Submission.id),
            col(Submission.organisation_id),
            col(Submission.person_id),
            col(PlannedOccurrence.duty),
            col(PlannedOccurrence.title),
            col(PlannedOccurrence.period),
            col(PlannedOccurrence.seq),
            col(PlannedOccurrence.quota),
            col(Submission.receipt),
            col(Submission.submitted_at),
        )
        .join(Task, col(Task.id) == col(Submission.task_id))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Person, col(Person.id) == col(Submission.person_id))
        .where(
            col(Task.campaign_id) == campaign_id,
            col(Submission.subject_id) == col(Submission.organisation_id),
            col(Person.organisation_id) == col(Submission.organisation_id),
            filled_in(),  # using a record takes one tap and means nothing
        )
    )


def _handed_in(row: Any, campaign_id: int) -> HandedIn:
    return HandedIn(
        submission_id=row.id,
        enterprise_id=row.organisation_id,
        person_id=row.person_id,
        duty=f"{campaign_id}/{row.duty}",
        title=row.title,
        period=period_label(row.period, row.seq, row.quota),
        receipt=row.receipt,
        submitted_at=row.submitted_at,
    )
