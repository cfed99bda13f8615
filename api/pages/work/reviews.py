"""审核 and the decision of requests: each on the task's own page, where everything it rests on stands."""

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from api.deps import EffectDep, Visit, VisitDep
from api.pages.work.tasks import show_task
from api.sent import sent_day, sent_version
from campaigns.actions.work.requests import decline, grant
from campaigns.actions.work.tasks import accept, send_back
from campaigns.errors import Invalid
from campaigns.queries.work.submissions import request_card
from campaigns.queries.work.task import task_card

router = APIRouter()


@router.get("/decisions/review/{task_id}")
def review_page(visit: VisitDep, task_id: int) -> Response:
    """Lead to what waits for review."""
    task_card(visit.session, task_id=task_id, actor=visit.actor, now=visit.now)
    return RedirectResponse(f"/tasks/{task_id}#review", status_code=303)


@router.get("/decisions/request/{request_id}")
def request_page(visit: VisitDep, request_id: int) -> Response:
    """Lead to the request that waits for a decision."""
    _, task_id = request_card(visit.session, request_id)
    task_card(visit.session, task_id=task_id, actor=visit.actor, now=visit.now)
    return RedirectResponse(f"/tasks/{task_id}#requests", status_code=303)


@router.post("/tasks/{task_id}/accept")
def accept_form(effect: EffectDep, task_id: int) -> Response:
    """通过."""

    def change(session: Session) -> str:
        accept(session, task_id=task_id, version=sent_version(effect), by=effect.actor, now=effect.now)
        return "/decisions"

    return effect.once(change, said="已通过。")


@router.post("/tasks/{task_id}/send-back")
def send_back_form(effect: EffectDep, task_id: int) -> Response:
    """退回, with the reason."""

    def change(session: Session) -> str:
        reason, version = effect.text("reason"), sent_version(effect)
        send_back(session, task_id=task_id, reason=reason, version=version, by=effect.actor, now=effect.now)
        return "/decisions"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return show_task(visit, task_id, refused=invalid)

    return effect.once(change, said="已退回，对方会收到退回理由。", refused=refused)


@router.post("/requests/{request_id}/grant")
def grant_form(effect: EffectDep, request_id: int) -> Response:
    """同意; an objection with the day until which the enterprise fills in itself."""

    def change(session: Session) -> str:
        reason, day = effect.text("reason"), sent_day(effect, "due_on")
        grant(session, request_id=request_id, reason=reason, due_on=day, by=effect.actor, now=effect.now)
        return "/decisions?kind=request"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        _, task_id = request_card(visit.session, request_id)
        return show_task(visit, task_id, refused=invalid)

    return effect.once(change, said="已同意，对方会收到通知。", refused=refused)


@router.post("/requests/{request_id}/decline")
def decline_form(effect: EffectDep, request_id: int) -> Response:
    """不同意, with the reason."""

    def change(session: Session) -> str:
        decline(session, request_id=request_id, reason=effect.text("reason"), by=effect.actor, now=effect.now)
        return "/decisions?kind=request"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        _, task_id = request_card(visit.session, request_id)
        return show_task(visit, task_id, refused=invalid)

    return effect.once(change, said="已答复：不同意。", refused=refused)
