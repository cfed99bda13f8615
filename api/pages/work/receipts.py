"""回执, and the stored files behind what was handed in."""

from collections.abc import Callable
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from api.deps import Visit, VisitDep, settings_of
from api.downloads import JSON, attachment
from api.rendering import static
from api.security import secret
from campaigns.actions.work.drawing import thumbnail
from campaigns.date_words import day_words, moment_words
from campaigns.documents.receipt_file import fingerprint, receipt_file, signing_key
from campaigns.errors import NotFound
from campaigns.queries.work.answers import answers
from campaigns.queries.work.files import StoredFile, broken_files, stored_file
from campaigns.queries.work.sharing import also_for
from campaigns.queries.work.submissions import receipt, sealed_receipt
from campaigns.queries.work.task import task_card, task_form
from campaigns.rules.files.thumbnails import Undrawable
from campaigns.store.files import FileStore, file_store

router = APIRouter()


@router.get("/receipts/{number}")
def receipt_page(visit: VisitDep, number: str) -> Response:
    """Show a receipt as it is printed."""
    found = receipt(visit.session, number=number, actor=visit.actor)
    card = task_card(visit.session, task_id=found.submission.task_id, actor=visit.actor, now=visit.now)
    form = task_form(visit.session, card)
    return visit.page(
        "receipt.html",
        found=found,
        card=card,
        answers=answers(form, found.submission.content, on_paper=bool(found.submission.on_paper)) if form else (),
        broken=broken_files(visit.session, found.submission.files),
        offers=also_for(visit.session, found.submission.id, actor=visit.actor),
        fingerprint=fingerprint(_key(visit.request).public_key()),
    )


@router.get("/receipts/{number}/file")
def signed_receipt(visit: VisitDep, number: str) -> Response:
    """Hand out the signed file that `rectify verify-receipt` checks without us."""
    card = receipt(visit.session, number=number, actor=visit.actor)
    sealed = sealed_receipt(visit.session, number=number, actor=visit.actor)
    named = {
        "单位": card.organisation,
        "行动": card.campaign,
        "任务": card.title,
        "期次": card.period,
        "依据": card.clause,
    }
    if paper := card.submission.paper:
        named["代录"] = (
            f"{card.submission.by}照{day_words(paper.received_on)}收到的纸质表录入，纸面签字人{paper.signed_by}"
        )
    if used := card.submission.used:
        named["所用记录"] = (
            f"回执{used.receipt}，{used.campaign}，{used.title}，{used.by}{moment_words(used.submitted_at)}提交"
        )
    return attachment(receipt_file(sealed, named, _key(visit.request)), f"回执{number}", JSON)


@router.get("/receipt-key")
def receipt_key(request: Request) -> Response:
    """Publish the fingerprint that a receipt's signature is compared with; it is no secret."""
    return PlainTextResponse(fingerprint(_key(request).public_key()) + "\n")


def _key(request: Request) -> Ed25519PrivateKey:
    return signing_key(secret(settings_of(request)))


@router.get("/files/{storage_id}")
def file_page(visit: VisitDep, storage_id: str) -> Response:
    """Send a stored file: pictures to look at, everything else and what nothing can draw only to save.

    The walls forbid guessing its type.
    """
    found = stored_file(visit.session, storage_id=storage_id, actor=visit.actor)
    return _sent(found, _there(visit, found, lambda store, storage: store.read(storage)), found.content_type)


@router.get("/files/{storage_id}/small")
def small_page(visit: VisitDep, storage_id: str) -> Response:
    """Send a picture's thumbnail, drawn now if it never was: a page with thirty photos must open on a weak network."""
    found = stored_file(visit.session, storage_id=storage_id, actor=visit.actor)
    if not found.is_picture:
        raise NotFound
    try:
        return _sent(found, _there(visit, found, thumbnail), "image/jpeg")
    except Undrawable:  # said where the photo would be, on every page that shows it
        return RedirectResponse(static("broken-photo.svg"))


def _there(visit: Visit, found: StoredFile, look: Callable[[FileStore, str], bytes]) -> bytes:
    try:
        return look(file_store(settings_of(visit.request)), found.storage_id)
    except FileNotFoundError:
        raise NotFound("这个文件不在了，可能正在恢复。", advice="请告诉系统管理员。") from None


def _sent(found: StoredFile, content: bytes, content_type: str) -> Response:
    manner = "inline" if found.is_picture and not found.broken else "attachment"
    headers = {
        "Content-Disposition": f"{manner}; filename*=UTF-8''{quote(found.name, safe='')}",
        "Cache-Control": "private, max-age=3600",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type=content_type, headers=headers)
