"""Which tasks count, and how they stood at an instant: the same conditions for every page, chart and ranking."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from campaigns.rules.states import TaskState
from campaigns.store.campaigns import PlannedOccurrence
from campaigns.store.tasks import Task


def counts() -> tuple[ColumnElement[bool], ...]:
    """Part of 完成率: required, dated, neither withdrawn nor waived. Needs the occurrence joined."""
    return (
        col(Task.state).not_in((TaskState.WITHDRAWN, TaskState.WAIVED)),
        col(PlannedOccurrence.event_driven).is_(False),
        col(PlannedOccurrence.required).is_(True),
    )


def due_at(instant: datetime) -> ColumnElement[bool]:
    """Due by an instant."""
    return col(Task.due_at) < instant


def done_by(instant: datetime) -> ColumnElement[bool]:
    """Accepted by an instant."""
    return and_(col(Task.state) == TaskState.ACCEPTED, col(Task.decided_at) <= instant)


def late_at(instant: datetime) -> ColumnElement[bool]:
    """Due before an instant and not handed in by then. What was returned counts as not handed in."""
    handed_in = col(Task.submitted_at)
    return and_(due_at(instant), or_(handed_in.is_(None), handed_in > instant))
