"""纸质表, 二维码 and 短链接: a task on paper, and the way back from the paper to the task."""

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from api.deps import Visit, VisitDep
from api.paging import Page, offset
from api.short_links import found_behind, qr, short_link
from campaigns.errors import NotFound
from campaigns.queries.work.paper import MOST_SHEETS, Sheet, sheaf, sheet
from campaigns.queries.work.task import task_card

router = APIRouter()


@router.get("/t/{code}")
def short_link_page(visit: VisitDep, code: str) -> Response:
    """Lead from a printed code to its task. Who is not signed in signs in first; whose task it is not finds nothing."""
    task_id = found_behind(visit.request, code)
    if task_id is None:
        raise NotFound
    card = task_card(visit.session, task_id=task_id, actor=visit.actor, now=visit.now)
    return RedirectResponse(f"/tasks/{card.id}", status_code=303)


@router.get("/tasks/{task_id}/qr.svg")
def qr_picture(visit: VisitDep, task_id: int) -> Response:
    """Draw a task's short link as a QR code."""
    card = task_card(visit.session, task_id=task_id, actor=visit.actor, now=visit.now)
    headers = {"Cache-Control": "private, max-age=3600"}
    return Response(qr(short_link(visit.request, card.id)), media_type="image/svg+xml", headers=headers)


@router.get("/tasks/{task_id}/paper")
def paper_page(visit: VisitDep, task_id: int) -> Response:
    """Show one task's form as it is printed."""
    found = sheet(visit.session, task_id=task_id, actor=visit.actor, now=visit.now)
    return visit.page("paper.html", sheets=_linked(visit, found), card=found.card, sheaf=None, page=None)


@router.get("/campaigns/{campaign_id}/papers/{organisation_id}")
def papers_page(visit: VisitDep, campaign_id: int, organisation_id: int, page: int = 1) -> Response:
    """Show everything that one organisation still owes of a campaign as it is printed, one form to a sheet."""
    found = sheaf(
        visit.session,
        campaign_id=campaign_id,
        organisation_id=organisation_id,
        actor=visit.actor,
        now=visit.now,
        offset=offset(page, MOST_SHEETS),
    )
    pages = Page(max(page, 1), found.total, MOST_SHEETS, visit.request.url.path)
    return visit.page("paper.html", sheets=_linked(visit, *found.sheets), card=None, sheaf=found, page=pages)


def _linked(visit: Visit, *sheets: Sheet) -> list[tuple[Sheet, str]]:
    return [(each, short_link(visit.request, each.card.id)) for each in sheets]
