"""待我决定: what waits for the bureau."""

from fastapi import APIRouter, Response

from api.deps import VisitDep
from campaigns.queries.decisions import DecisionKind, count_decisions, decisions
from campaigns.rules.permissions import Permission, check_somewhere

router = APIRouter()


@router.get("/decisions")
def decision_list(visit: VisitDep, kind: DecisionKind = DecisionKind.REVIEW, campaign: int | None = None) -> Response:
    """List what waits for the actor's organisation, by kind."""
    check_somewhere(visit.actor, Permission.REVIEW)
    return visit.page(
        "decisions.html",
        kind=kind,
        kinds=DecisionKind,
        campaign=campaign,
        counts=count_decisions(visit.session, actor=visit.actor, campaign_id=campaign),
        waiting=decisions(visit.session, actor=visit.actor, kind=kind, campaign_id=campaign),
    )
