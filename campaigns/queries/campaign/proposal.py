"""One 拟办: which step of which ladder is due, against whom, for which task."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor, Permission, why_not
from campaigns.rules.states import ProposalState, TaskState
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.scope import relation, visible
from campaigns.store.work.tasks import Proposal, Task

Target = aliased(Organisation, name="target")
Handler = aliased(Organisation, name="handler")


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """A drafted step. `blocked` is why the reader cannot decide it, empty if he can."""

    id: int
    action: str
    state: ProposalState
    target: str
    handler: str
    drafted_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    campaign_id: int
    campaign: str
    task_id: int
    title: str
    period: str
    clause: str
    due_on: date
    overdue_on: date | None
    task_state: TaskState
    blocked: str


def proposal_card(session: Session, *, proposal_id: int, actor: Actor) -> ProposalCard:
    """Return a drafted step whose handler is in the actor's sight; any other is not found."""
    facts = _facts().where(col(Proposal.id) == proposal_id, col(Proposal.handler_id).in_(visible(actor)))
    row = session.execute(facts).first()
    if row is None or not actor.is_regulator:
        raise NotFound
    proposal, task, line, campaign, target, handler, decider = row
    state = ProposalState(proposal.state)
    may_not = why_not(actor, Permission.DECIDE_PROPOSAL, relation(session, actor, proposal.handler_id))
    return ProposalCard(
        id=proposal.id,
        action=proposal.action,
        state=state,
        target=target,
        handler=handler,
        drafted_at=proposal.drafted_at,
        decided_by=decider or "",
        decided_at=proposal.decided_at,
        reason=proposal.reason,
        campaign_id=proposal.campaign_id,
        campaign=campaign,
        task_id=task.id,
        title=line.title,
        period=period_label(line.period, line.seq, line.quota),
        clause=line.clause,
        due_on=task.due_on,
        overdue_on=task.overdue_on,
        task_state=TaskState(task.state),
        blocked=may_not if state is ProposalState.DRAFTED else f"这件拟办{state.label}。",
    )


def _facts() -> Select[Any]:
    columns = (
        Proposal,
        Task,
        PlannedOccurrence,
        col(Campaign.title),
        col(Target.name),
        col(Handler.name),
        col(Person.name),
    )
    return (
        select(*columns)
        .select_from(Proposal)
        .join(Task, col(Task.id) == col(Proposal.task_id))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Campaign, col(Campaign.id) == col(Proposal.campaign_id))
        .join(Target, col(Target.id) == col(Proposal.target_id))
        .join(Handler, col(Handler.id) == col(Proposal.handler_id))
        .outerjoin(Person, col(Person.id) == col(Proposal.decided_by_id))
    )
