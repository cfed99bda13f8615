"""纸质表: a task's form as it is printed, for whoever has no telephone or no network that day."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from campaigns.definition.form import Form
from campaigns.errors import Conflict, NotFound
from campaigns.queries.work.task import TaskCard, task_card, task_form
from campaigns.queries.work.task_lines import is_open
from campaigns.rules.permissions import Actor, Permission, check
from campaigns.rules.quotes import quoted
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.directory.regions import Organisation
from campaigns.store.scope import relation
from campaigns.store.work.tasks import Task

MOST_SHEETS = 15
"""Forms that one page prints, so that it stays as light as any other; a year's plan of one enterprise has more."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One task's form to print."""

    card: TaskCard
    form: Form


@dataclass(frozen=True, slots=True)
class Sheaf:
    """What one organisation still owes of one campaign, the earliest due first; `total` counts all, beyond this page too."""

    campaign: str
    organisation: str
    sheets: tuple[Sheet, ...]
    total: int


def sheet(session: Session, *, task_id: int, actor: Actor, now: datetime) -> Sheet:
    """Return one task's form; raises NotFound out of sight, Conflict for a task that is discharged by a report."""
    card = task_card(session, task_id=task_id, actor=actor, now=now)
    form = task_form(session, card)
    if form is None:
        raise Conflict(
            f"{quoted(card.title)}在“{card.report}”里填写和上报，没有自己的纸质表。",
            advice=f"请打开“{card.report}”打印。",
        )
    return Sheet(card, form)


def sheaf(
    session: Session, *, campaign_id: int, organisation_id: int, actor: Actor, now: datetime, offset: int = 0
) -> Sheaf:
    """Return what an organisation in sight still owes of a campaign; one out of sight or without a task in it is not found."""
    check(actor, Permission.SEE, relation(session, actor, organisation_id))
    its = col(Task.campaign_id) == campaign_id, col(Task.organisation_id) == organisation_id
    if not session.scalar(select(func.count()).select_from(Task).where(*its)):
        raise NotFound
    owed: tuple[ColumnElement[bool], ...] = (*its, is_open(), col(PlannedOccurrence.report).is_(None))
    line = select(col(Task.id)).join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
    ids = session.scalars(
        line.where(*owed).order_by(col(Task.due_at), col(Task.id)).limit(MOST_SHEETS).offset(offset)
    ).all()
    return Sheaf(
        session.get_one(Campaign, campaign_id).title,
        session.get_one(Organisation, organisation_id).name,
        tuple(sheet(session, task_id=id_, actor=actor, now=now) for id_ in ids),
        session.scalar(select(func.count()).select_from(line.where(*owed).subquery())) or 0,
    )
