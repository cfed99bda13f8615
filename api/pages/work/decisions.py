"""待我决定: what waits for the bureau."""

from fastapi import APIRouter, Response

from api.deps import VisitDep
from campaigns.queries.campaign.decisions import DecisionKind, count_decisions, decisions
from campaigns.rules.permissions import Permission, check_somewhere

router = APIRouter()


@router.get("/decisions")
def decision_list(visit: VisitDep, kind: DecisionKind | None = None, campaign: int | None = None) -> Response:
    """List what waits for the actor's organisation, by kind; without one, the first of which anything waits."""
    check_somewhere(visit.actor, Permission.REVIEW)
    counts = count_decisions(visit.session, actor=visit.actor, campaign_id=campaign)
    shown = kind if kind in counts else next((one for one, number in counts.items() if number), DecisionKind.REVIEW)
    return visit.page(
        "decisions.html",
        kind=shown,
        kinds=tuple(counts),
        campaign=campaign,
        counts=counts,
        waiting=decisions(visit.session, actor=visit.actor, kind=shown, campaign_id=campaign),
    )
