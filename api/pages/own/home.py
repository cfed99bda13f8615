"""The front door: everybody is led to the page where his day begins."""

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from api.deps import VisitDep
from api.navigation import places

router = APIRouter()


@router.get("/")
def home(visit: VisitDep) -> Response:
    """Lead to the first place of the actor's navigation; somebody without one is told so."""
    open_to = places(visit.actor)
    return RedirectResponse(open_to[0].href, status_code=303) if open_to else visit.page("nowhere.html")


@router.get("/more")
def more(visit: VisitDep) -> Response:
    """List every place: what “更多” opens on a phone."""
    return visit.page("more.html", places=places(visit.actor))
