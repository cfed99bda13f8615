"""代录: the bureau's clerk types in what came on paper, and the enterprise objects to it where it is wrong."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import EffectDep, PhotosDep, Visit, VisitDep
from api.drafting import drafted, handed_in, taken_in
from api.form_blanks import errors_by_name
from api.pages.work.tasks import form_to_fill, show_task
from api.sent import sent_version
from campaigns.actions.work.objecting import object_to
from campaigns.actions.work.on_behalf import enter
from campaigns.errors import Forbidden, Invalid
from campaigns.queries.work.task import steps, task_card, task_form
from campaigns.rules.work.paper import on_paper

router = APIRouter()


@router.get("/tasks/{task_id}/enter")
def enter_page(visit: VisitDep, task_id: int) -> Response:
    """Show an enterprise's form as its bureau types it in from paper."""
    return _enter_page(visit, task_id)


@router.post("/tasks/{task_id}/enter")
def enter_form(effect: PhotosDep, task_id: int) -> Response:
    """Hand in for the enterprise what was typed in and its scans, or keep them as a draft of its bureau."""
    sent = taken_in(effect, task_id)

    def hand_in(session: Session, values: Mapping[str, Any]) -> str:
        version = sent_version(effect)
        done = enter(session, task_id=task_id, values=values, version=version, by=effect.actor, now=effect.now)
        return f"/receipts/{done.receipt}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _enter_page(visit, task_id, errors=invalid.fields)

    if effect.text("intent"):
        return drafted(effect, sent, f"/tasks/{task_id}/enter", said="草稿已保存，可以接着录。", refused=refused)
    return handed_in(effect, sent, hand_in, said="已代录，等另一位同事审核。已告诉企业核对。", refused=refused)


@router.post("/tasks/{task_id}/object")
def object_form(effect: EffectDep, task_id: int) -> Response:
    """异议 of the enterprise to what was typed in for it."""

    def change(session: Session) -> str:
        reason, version = effect.text("reason"), sent_version(effect)
        object_to(session, task_id=task_id, reason=reason, version=version, by=effect.actor, now=effect.now)
        return f"/tasks/{task_id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return show_task(visit, task_id, refused=invalid)

    return effect.once(change, said="异议已记下，并告诉了监管部门。", refused=refused)


def _enter_page(visit: Visit, task_id: int, *, errors: Mapping[str, str] | None = None) -> Response:
    card = task_card(visit.session, task_id=task_id, actor=visit.actor, now=visit.now)
    form = task_form(visit.session, card)
    allowed = steps(visit.session, card, form, actor=visit.actor)
    if form is None or allowed.enter:
        raise Forbidden(allowed.enter, advice="请回到任务页查看。")
    asked = on_paper(form)
    return visit.page(
        "task-enter.html",
        status=422 if errors else 200,
        card=card,
        form=asked,
        **form_to_fill(visit, card, asked, errors or {}),
        errors=errors_by_name(asked, errors or {}),
    )
