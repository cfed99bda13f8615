"""回执, and the stored files behind what was handed in."""

from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from api.deps import VisitDep, settings_of
from campaigns.errors import NotFound
from campaigns.queries.work.answers import answers
from campaigns.queries.work.files import stored_file
from campaigns.queries.work.submissions import receipt
from campaigns.queries.work.task import task_card, task_form
from campaigns.store.files import FileStore

router = APIRouter()


@router.get("/receipts/{number}")
def receipt_page(visit: VisitDep, number: str) -> Response:
    """Show a receipt as it is printed."""
    found = receipt(visit.session, number=number, actor=visit.actor)
    card = task_card(visit.session, task_id=found.submission.task_id, actor=visit.actor, now=visit.now)
    form = task_form(visit.session, card)
    return visit.page(
        "receipt.html", found=found, card=card, answers=answers(form, found.submission.content) if form else ()
    )


@router.get("/files/{storage_id}")
def file_page(visit: VisitDep, storage_id: str) -> Response:
    """Send a stored file: pictures to look at, everything else only to save. The walls forbid guessing its type."""
    found = stored_file(visit.session, storage_id=storage_id, actor=visit.actor)
    path = FileStore(settings_of(visit.request).files).path(found.storage_id)
    if not path.is_file():
        raise NotFound("这个文件不在了，可能正在恢复。", advice="请告诉系统管理员。")
    manner = "inline" if found.content_type.startswith("image/") else "attachment"
    headers = {
        "Content-Disposition": f"{manner}; filename*=UTF-8''{quote(found.name, safe='')}",
        "Cache-Control": "private, max-age=3600",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return FileResponse(path, media_type=found.content_type, headers=headers)
