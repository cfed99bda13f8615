"""任务库: which duties the notices name, how often they say, from which clause, with which form."""

from fastapi import APIRouter, Response

from api.deps import VisitDep
from campaigns.errors import Forbidden
from campaigns.queries.campaign.ready_duties import Wanted, ready_lines, ready_notices, ready_page
from campaigns.rules.permissions import Actor, why_not_launch

router = APIRouter()


@router.get("/duties")
def duty_list(visit: VisitDep, words: str = "", side: str = "", notice: str = "", open: bool = False) -> Response:
    """List the shelf."""
    _check_may_look(visit.actor)
    wanted = Wanted(words.strip()[:60], side, notice, open)
    return visit.page("ready-duties.html", lines=ready_lines(wanted), notices=ready_notices(), wanted=wanted)


@router.get("/duties/{name}")
def duty_page(visit: VisitDep, name: str) -> Response:
    """Show one duty with its form."""
    _check_may_look(visit.actor)
    return visit.page("ready-duty.html", found=ready_page(name))


def _check_may_look(actor: Actor) -> None:
    if reason := why_not_launch(actor):
        raise Forbidden(reason)
