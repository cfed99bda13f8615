"""A form that was sent: which it is, and whether its sender may fill it in. A fraction of what the task's page asks."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.definition.form import Form
from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor, Permission, Relation, why_not
from campaigns.rules.states import OPEN_TASK_STATES, TaskState
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.scope import relation, sees
from campaigns.store.work.forms import form_of
from campaigns.store.work.tasks import Task


@dataclass(frozen=True, slots=True)
class Filling:
    """A task's form, None for one that is discharged by a report; why its sender may not submit, why not type in from paper."""

    form: Form | None
    submit: str
    enter: str


def filling(session: Session, task_id: int, *, actor: Actor) -> Filling:
    """Return the form of a task in the actor's sight; anything else is not found."""
    row = session.execute(
        select(col(Task.state), col(Task.organisation_id), col(Task.reviewer_id), PlannedOccurrence)
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(col(Task.id) == task_id)
    ).first()
    if row is None or not sees(session, actor, row.organisation_id, reviewer_id=row.reviewer_id):
        raise NotFound
    occurrence = row.PlannedOccurrence
    stands = relation(session, actor, row.organisation_id)
    report, event_driven = occurrence.report or "", occurrence.event_driven
    steps = filling_steps(actor, stands, state=TaskState(row.state), report=report, event_driven=event_driven)
    return Filling(None if report else form_of(session, occurrence), *steps)


def filling_steps(
    actor: Actor, stands: Relation, *, state: TaskState, report: str, event_driven: bool
) -> tuple[str, str]:
    """Say why the actor may not submit, and why not type in from paper."""
    closed = "" if state in OPEN_TASK_STATES else f"这项任务现在是“{state.label}”。"
    closed = closed or (f"这项任务在“{report}”里填写和上报。" if report else "")
    on_site = "做一次填一次的任务（作业票等）由企业自己填写，不能代录。" if event_driven else ""
    return (
        closed or why_not(actor, Permission.SUBMIT, stands),
        closed or on_site or why_not(actor, Permission.ENTER_ON_BEHALF, stands),
    )
