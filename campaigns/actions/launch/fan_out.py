"""Fan the plan out over the rosters: one INSERT…SELECT per kind of duty, whatever the number of organisations.

The unique key (occurrence, organisation, subject) makes a second fan-out write nothing, so a newcomer's tasks are simply the
same statements again, restricted to him.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Subquery, cast, literal, null, select, true
from sqlmodel import Session, col

from campaigns.definition.model import Definition
from campaigns.rules.states import TaskState
from campaigns.store.campaign.campaigns import PlannedOccurrence, RosterEntry
from campaigns.store.campaign.rosters import Manner, office_over, pairs
from campaigns.store.database import upsert_into
from campaigns.store.work.tasks import Task

_COLUMNS = (
    "campaign_id",
    "occurrence_id",
    "organisation_id",
    "subject_id",
    "reviewer_id",
    "state",
    "opens_on",
    "due_on",
    "due_at",
    "version",
)


def fan_out(
    session: Session, definition: Definition, campaign_id: int, *, now: datetime, joined_on: date | None = None
) -> int:
    """Write the tasks that are missing and return how many there were.

    `joined_on` restricts it to those who joined a roster on that day, and to what is not yet due.
    """
    written = 0
    for manner in manners(session, campaign_id):
        doers = _doers(definition, campaign_id, manner, joined_on)
        lines = [col(PlannedOccurrence.campaign_id) == campaign_id, *_of(manner)]
        if joined_on is not None:
            lines.append(col(PlannedOccurrence.due_at) > now)
        written += _write(session, campaign_id, doers, lines)
    return written


def manners(session: Session, campaign_id: int) -> tuple[Manner, ...]:
    """Return the distinct manners of a campaign's plan."""
    columns = (col(PlannedOccurrence.audience), col(PlannedOccurrence.per), col(PlannedOccurrence.reviewer))
    rows = session.execute(
        select(*columns).where(col(PlannedOccurrence.campaign_id) == campaign_id).distinct().order_by(*columns)
    )
    return tuple(Manner(*row) for row in rows)


def _write(session: Session, campaign_id: int, doers: Subquery, lines: list[ColumnElement[bool]]) -> int:
    rows = select(
        literal(campaign_id),
        col(PlannedOccurrence.id),
        doers.c.organisation_id,
        doers.c.subject_id,
        doers.c.reviewer_id,
        literal(TaskState.ASSIGNED.value),
        col(PlannedOccurrence.opens_on),
        col(PlannedOccurrence.due_on),
        col(PlannedOccurrence.due_at),
        literal(1),
    ).join_from(PlannedOccurrence, doers, true())  # the product is meant: every line for every doer
    insert = upsert_into(session, Task).from_select(_COLUMNS, rows.where(*lines), include_defaults=False).once()
    return int(session.execute(insert).rowcount)  # type: ignore[attr-defined]


def _of(manner: Manner) -> Iterator[ColumnElement[bool]]:
    yield col(PlannedOccurrence.audience) == manner.audience
    yield col(PlannedOccurrence.per).is_not_distinct_from(manner.per)
    yield col(PlannedOccurrence.reviewer).is_not_distinct_from(manner.reviewer)


def _doers(definition: Definition, campaign_id: int, manner: Manner, joined_on: date | None) -> Subquery:
    """Return (organisation, subject, reviewer): who does it, about whom, who reviews; reviewers looked up once each."""
    pair = pairs(definition, manner, lambda name: _present(campaign_id, name), joined_on).subquery()
    role = definition.roles.get(manner.reviewer or "")
    reviewer: Any = cast(null(), Integer) if role is None else office_over(role, pair.c.organisation_id)
    return select(pair.c.organisation_id, pair.c.subject_id, reviewer.label("reviewer_id")).subquery()


def _present(campaign_id: int, name: str) -> Subquery:
    entry = RosterEntry
    present = select(col(entry.organisation_id), col(entry.joined_on)).where(
        col(entry.campaign_id) == campaign_id, col(entry.audience) == name, col(entry.left_on).is_(None)
    )
    return present.subquery()
