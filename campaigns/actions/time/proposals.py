"""拟办: the system drafts, a named official confirms or dismisses with a reason; nothing goes out by itself."""

from datetime import datetime

from sqlmodel import Session

from campaigns.actions.events import record
from campaigns.errors import Invalid, NotFound
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import ProposalState, check_move
from campaigns.store.scope import check_relation
from campaigns.store.tasks import Proposal


def confirm(session: Session, *, proposal_id: int, reason: str, by: Actor, now: datetime) -> Proposal:
    """Adopt a drafted step: from here on it is the official's own 通报, 约谈 or 挂牌督办."""
    return _decide(session, proposal_id, ProposalState.CONFIRMED, reason, by, now)


def dismiss(session: Session, *, proposal_id: int, reason: str, by: Actor, now: datetime) -> Proposal:
    """Decline a drafted step; the reason stays on record, and the same step is not drafted for this task again."""
    return _decide(session, proposal_id, ProposalState.DISMISSED, reason, by, now)


def _decide(session: Session, proposal_id: int, new: ProposalState, reason: str, by: Actor, now: datetime) -> Proposal:
    proposal = session.get(Proposal, proposal_id, with_for_update=True)
    if proposal is None:
        raise NotFound
    check_relation(session, by, Permission.DECIDE_PROPOSAL, proposal.handler_id)
    check_move("拟办事项", ProposalState(proposal.state), new)
    if not reason.strip():
        raise Invalid(
            "没有写明理由，没有保存。", fields={"reason": "请写明采纳或不采纳的理由。"}, kept="拟办事项没有变化。"
        )
    proposal.state = new
    proposal.reason = reason.strip()
    proposal.decided_by_id = by.person_id
    proposal.decided_at = now
    session.flush()
    record(
        session,
        f"proposal.{new}",
        by=by,
        now=now,
        about=proposal,
        campaign_id=proposal.campaign_id,
        organisation_id=proposal.target_id,
        action=proposal.action,
        task_id=proposal.task_id,
        reason=proposal.reason,
    )
    return proposal
