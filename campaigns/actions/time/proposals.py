"""拟办: the system drafts, a named official confirms or dismisses with a reason; nothing goes out by itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, update
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.actions.stepping import reason_of
from campaigns.date_words import day_words
from campaigns.errors import NotFound
from campaigns.rules.permissions import SYSTEM, Actor, Permission
from campaigns.rules.states import OPEN_TASK_STATES, ProposalState, TaskState, check_move
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.database import locked
from campaigns.store.scope import check_relation
from campaigns.store.work.tasks import Proposal, Task

SETTLED = "任务已办结或期限已变，拟办自动撤回"


def confirm(session: Session, *, proposal_id: int, reason: str, by: Actor, now: datetime) -> Proposal:
    """Adopt a drafted step: from here on it is the official's own 通报, 约谈 or 挂牌督办.

    When the task was finished or put off meanwhile there is nothing to adopt: the draft is withdrawn instead, and its state and
    reason say so.
    """
    return _decide(session, proposal_id, ProposalState.CONFIRMED, reason, by, now)


def dismiss(session: Session, *, proposal_id: int, reason: str, by: Actor, now: datetime) -> Proposal:
    """Decline a drafted step; the reason stays on record, and the step is not drafted again for this task and due date."""
    return _decide(session, proposal_id, ProposalState.DISMISSED, reason, by, now)


def withdraw_settled(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Withdraw a campaign's drafts whose task was finished, let off or put off meanwhile; return how many."""
    settled = exists().where(
        col(Task.id) == col(Proposal.task_id),
        or_(col(Task.state).not_in(OPEN_TASK_STATES), col(Task.due_on) != col(Proposal.due_on)),
    )
    return withdraw_drafts(session, col(Proposal.campaign_id) == campaign.id, settled, reason=SETTLED, now=now)


def withdraw_drafts(session: Session, *which: ColumnElement[bool], reason: str, now: datetime) -> int:
    """Take back the drafts that nobody decided yet, with one reason; return how many. What was adopted stands."""
    gone: Any = session.execute(
        update(Proposal)
        .where(col(Proposal.state) == ProposalState.DRAFTED, *which)
        .values(state=ProposalState.WITHDRAWN, decided_at=now, reason=reason)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)


def _decide(session: Session, proposal_id: int, new: ProposalState, reason: str, by: Actor, now: datetime) -> Proposal:
    known = session.get(Proposal, proposal_id)
    task = locked(session, Task, known.task_id) if known else None
    proposal = locked(session, Proposal, proposal_id)
    if proposal is None or task is None:
        raise NotFound
    check_relation(session, by, Permission.DECIDE_PROPOSAL, proposal.handler_id)
    check_move("拟办事项", ProposalState(proposal.state), new)
    settled = _settled(proposal, task) if new is ProposalState.CONFIRMED else ""
    if settled:
        proposal.state, proposal.reason, proposal.decided_at = ProposalState.WITHDRAWN, settled, now
    else:
        proposal.state, proposal.reason, proposal.decided_at = new, reason_of(reason, what="采纳或不采纳的理由"), now
        proposal.decided_by_id = by.person_id
    session.flush()
    record(
        session,
        f"proposal.{proposal.state}",
        by=SYSTEM if settled else by,
        now=now,
        about=proposal,
        campaign_id=proposal.campaign_id,
        organisation_id=proposal.target_id,
        action=proposal.action,
        task_id=proposal.task_id,
        reason=proposal.reason,
    )
    return proposal


def _settled(proposal: Proposal, task: Task) -> str:
    """Return why there is nothing left to adopt, empty while the task is still late on the date the draft names."""
    if task.state not in OPEN_TASK_STATES:
        return f"任务现在是“{TaskState(task.state).label}”，拟办已撤回"
    if task.due_on != proposal.due_on:
        return f"任务的期限已改到{day_words(task.due_on)}，拟办已撤回"
    return ""
