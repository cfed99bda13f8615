"""Which tasks and major hazards count, and how they stood at an instant: the same for every page, chart and ranking."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from campaigns.rules.states import HazardState, TaskState
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.work.tasks import Task


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


def major() -> tuple[ColumnElement[bool], ...]:
    """A major hazard, not one whose closure an imported ledger tells of. Asked as the index has it (`ordinary`)."""
    return col(Hazard.ordinary).is_(False), col(Hazard.state) != HazardState.ARCHIVED


def open_at(instant: datetime) -> ColumnElement[bool]:
    """A major hazard that was one at an instant already, neither closed by then nor ended with its enterprise."""
    return and_(
        col(Hazard.major_since) <= instant,
        *(or_(col(ended).is_(None), col(ended) > instant) for ended in (Hazard.closed_at, Hazard.ended_at)),
    )
