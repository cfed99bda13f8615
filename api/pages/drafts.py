"""草稿 as a phone on a weak network keeps it: what is typed while it is typed, and each photo by itself as soon as it is taken.

Both answer a script in JSON. Without script the form's own buttons do the same in one piece.
"""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.deps import EffectDep, base_of
from api.drafting import Opened, keep_file, opened
from api.form_blanks import sent_values
from campaigns.actions.work.tasks import save_draft
from campaigns.clock import local
from campaigns.definition.form import Form
from campaigns.errors import Conflict

router = APIRouter()


@router.post("/tasks/{task_id}/draft")
def draft_form(effect: EffectDep, task_id: int) -> JSONResponse:
    """Keep what stands in the form now, unchecked."""
    found = opened(effect, task_id)
    form = _form(found, found.closed or ("这张表已经提交了。" if found.answered else ""))
    with base_of(effect.request).transaction() as session:
        save_draft(session, task_id=task_id, values=sent_values(form, effect), by=effect.actor, now=effect.now)
    return _kept(effect)


@router.post("/tasks/{task_id}/files")
def file_form(effect: EffectDep, task_id: int) -> JSONResponse:
    """Keep one photo or paper of one blank, and what stands in the form with it; the same key again keeps nothing twice."""
    found = opened(effect, task_id)
    file = keep_file(effect, task_id, _form(found, found.closed))
    return _kept(effect, storage_id=file.storage_id, name=file.name, picture=file.picture)


def _form(found: Opened, why_not: str) -> Form:
    if found.form is None or why_not:
        raise Conflict(f"{why_not}没有再存草稿。", kept="已提交的内容保持不变。", advice="请刷新页面查看。")
    return found.form


def _kept(effect: EffectDep, **more: Any) -> JSONResponse:
    return JSONResponse({"saved": f"{local(effect.now):%H:%M}", **more})
