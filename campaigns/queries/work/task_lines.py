"""Tasks as lines of a list: whose, what, by when, and whether late. The one select that every list of tasks starts from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, func, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor
from campaigns.rules.states import OPEN_TASK_STATES, TaskState
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.campaign.counted import counts
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.scope import visible
from campaigns.store.work.tasks import Task

__all__ = [
    "TaskLine",
    "count_tabs",
    "count_tasks",
    "counts",
    "due_within_a_week",
    "is_done",
    "is_late",
    "is_open",
    "owed_by",
    "task_lines",
]

WEEK = timedelta(days=7)
Tab = TypeVar("Tab")
Subject = aliased(Organisation, name="subject")


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task in a list. `subject` is the organisation it is about when that is not the doer, else empty."""

    id: int
    title: str
    period: str
    organisation_id: int
    organisation: str
    region: str
    subject: str
    state: TaskState
    due_on: date
    late: bool


def is_open() -> ColumnElement[bool]:
    """The doer still owes something."""
    return col(Task.state).in_(OPEN_TASK_STATES)


def is_late(now: datetime) -> ColumnElement[bool]:
    """Open past its due instant; optional and event-driven lines are never late. Needs the occurrence joined."""
    chased = and_(col(PlannedOccurrence.required), col(PlannedOccurrence.event_driven).is_(False))
    return and_(is_open(), col(Task.due_at) < now, chased)


def is_done() -> ColumnElement[bool]:
    """Accepted: the doer owes nothing and nobody has to look at it any more."""
    return col(Task.state) == TaskState.ACCEPTED


def due_within_a_week(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Open, not yet late, and due within seven days from today."""
    return (is_open(), col(Task.due_at) >= now, col(Task.due_on) < local_date(now) + WEEK)


def task_lines(
    session: Session, *, actor: Actor, now: datetime, where: Sequence[ColumnElement[bool]], limit: int, offset: int = 0
) -> tuple[TaskLine, ...]:
    """List the tasks in the actor's sight that satisfy all conditions, the earliest due first."""
    rows = session.execute(
        _select(actor, now, where).order_by(col(Task.due_at), col(Task.id)).limit(limit).offset(offset)
    )
    return tuple(_line(*row) for row in rows)


def owed_by(session: Session, *, organisation_id: int, actor: Actor, now: datetime, limit: int) -> tuple[TaskLine, ...]:
    """List what one organisation still owes, the earliest due first."""
    where = (is_open(), col(Task.organisation_id) == organisation_id)
    return task_lines(session, actor=actor, now=now, where=where, limit=limit)


def count_tasks(session: Session, *, actor: Actor, where: Sequence[ColumnElement[bool]]) -> tuple[int, int]:
    """Return how many tasks in the actor's sight satisfy all conditions, and of how many organisations."""
    counted = (
        select(func.count(), func.count(col(Task.organisation_id).distinct()))
        .select_from(Task)
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(col(Task.organisation_id).in_(visible(actor)), *where)
    )
    tasks, organisations = session.execute(counted).one()
    return tasks, organisations


def count_tabs(
    session: Session,
    *,
    actor: Actor,
    where: Sequence[ColumnElement[bool]],
    tabs: Mapping[Tab, Sequence[ColumnElement[bool]]],
) -> dict[Tab, int]:
    """Return how many tasks in the actor's sight each tab shows of those that satisfy `where`, all counted in one pass."""
    counted = (
        select(*(func.count(case((and_(true(), *conditions), 1))) for conditions in tabs.values()))
        .select_from(Task)
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(col(Task.organisation_id).in_(visible(actor)), *where)
    )
    return dict(zip(tabs, session.execute(counted).one(), strict=True))


def _select(actor: Actor, now: datetime, where: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(
            col(Task.id),
            col(PlannedOccurrence.title),
            col(PlannedOccurrence.period),
            col(PlannedOccurrence.seq),
            col(PlannedOccurrence.quota),
            col(Task.organisation_id),
            col(Organisation.name),
            col(Region.name),
            col(Task.subject_id),
            col(Subject.name),
            col(Task.state),
            col(Task.due_on),
            is_late(now),
        )
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Organisation, col(Organisation.id) == col(Task.organisation_id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .join(Subject, col(Subject.id) == col(Task.subject_id))
        .where(col(Task.organisation_id).in_(visible(actor)), *where)
    )


def _line(  # noqa: PLR0913, PLR0917 - one argument per selected column
    task_id: int,
    title: str,
    period: str,
    seq: int,
    quota: int,
    organisation_id: int,
    organisation: str,
    region: str,
    subject_id: int,
    subject: str,
    state: str,
    due_on: date,
    late: bool,
) -> TaskLine:
    about = subject if subject_id != organisation_id else ""
    label = period_label(period, seq, quota)
    return TaskLine(
        task_id, title, label, organisation_id, organisation, region, about, TaskState(state), due_on, bool(late)
    )
