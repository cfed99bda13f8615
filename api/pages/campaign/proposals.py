"""拟办: a drafted step of a ladder, confirmed or dismissed by a named official."""

from collections.abc import Mapping

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import EffectDep, Visit, VisitDep, lead_to
from campaigns.actions.time.proposals import confirm, dismiss
from campaigns.errors import Invalid
from campaigns.queries.campaign.proposal import proposal_card
from campaigns.rules.states import ProposalState

router = APIRouter()
DECISIONS = {"confirm": (confirm, "已批准，请按程序办理。"), "dismiss": (dismiss, "已记下：不采纳。")}


@router.get("/decisions/proposal/{proposal_id}")
def proposal_page(visit: VisitDep, proposal_id: int) -> Response:
    """Show a drafted step with what it rests on."""
    return _page(visit, proposal_id)


@router.post("/decisions/proposal/{proposal_id}")
def decide_form(effect: EffectDep, proposal_id: int) -> Response:
    """Confirm or dismiss, with the reason."""
    if effect.text("decision") not in DECISIONS:
        raise Invalid("没有选批准还是不采纳，没有保存。")
    decide, said = DECISIONS[effect.text("decision")]

    def change(session: Session) -> str:
        done = decide(session, proposal_id=proposal_id, reason=effect.text("reason"), by=effect.actor, now=effect.now)
        settled = done.state == ProposalState.WITHDRAWN
        return f"/decisions/proposal/{proposal_id}" if settled else "/decisions"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _page(visit, proposal_id, status=422, errors=invalid.fields, typed=effect.values())

    answer = effect.once(change, refused=refused)
    adopted = answer.headers.get("location") == "/decisions"
    return lead_to(effect.request, "/decisions", said) if adopted else answer


def _page(
    visit: Visit,
    proposal_id: int,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    card = proposal_card(visit.session, proposal_id=proposal_id, actor=visit.actor)
    return visit.page("proposal.html", status=status, card=card, errors=errors or {}, typed=typed or {})
