"""草稿 as a phone on a weak network keeps it: what is typed while it is typed, and each photo by itself as soon as it is taken.

These two answer a script in JSON. Without script the form's own buttons do the same in one piece, and so does the button beside a
file that takes it back.
"""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlmodel import Session

from api.deps import EffectDep, PhotosDep, base_of
from api.drafting import Opened, keep, keep_file, opened, taken_in
from api.form_blanks import sent_values
from campaigns.actions.work.taking_back import take_back
from campaigns.actions.work.tasks import save_draft
from campaigns.clock import local
from campaigns.definition.form import Form
from campaigns.errors import Conflict, Invalid

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
def file_form(effect: PhotosDep, task_id: int) -> JSONResponse:
    """Keep one photo or paper of one blank, and what stands in the form with it; the same key again keeps nothing twice."""
    found = opened(effect, task_id)
    file = keep_file(effect, task_id, _form(found, found.closed))
    return _kept(effect, storage_id=file.storage_id, name=file.name, picture=file.picture)


@router.post("/tasks/{task_id}/files/{storage_id}/take-back")
def take_back_form(effect: EffectDep, task_id: int, storage_id: str) -> Response:
    """Take a file out of the draft; what else stands in the form comes with the button and is kept."""
    wrong = keep(effect, taken_in(effect, task_id))

    def change(session: Session) -> str:
        take_back(session, task_id=task_id, storage_id=storage_id, by=effect.actor)
        return opened(effect, task_id).where

    done = effect.once(change, said="文件已从草稿里删除，填写的其他内容都存为草稿。")
    if wrong:
        raise Invalid(
            "文件已从草稿里删除。",
            advice=f"新选的文件没有收下：{'；'.join(wrong.values())}",
            kept="填写的文字已存为草稿。",
        )
    return done


def _form(found: Opened, why_not: str) -> Form:
    if found.form is None or why_not:
        raise Conflict(f"{why_not}没有再存草稿。", kept="已提交的内容保持不变。", advice="请刷新页面查看。")
    return found.form


def _kept(effect: EffectDep, **more: Any) -> JSONResponse:
    return JSONResponse({"saved": f"{local(effect.now):%H:%M}", **more})
