"""文书 of a campaign: what can be drafted now, and the drafts to download. Nothing goes out by itself."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from sqlmodel import Session

from api.deps import EffectDep, Visit, VisitDep, base_of, settings_of
from api.package import members
from api.short_links import short_link
from campaigns.actions.documents.drafting import keep_draft
from campaigns.documents.official import official
from campaigns.documents.package import package, safe
from campaigns.errors import NotFound
from campaigns.queries.documents.drafted import drafted
from campaigns.queries.documents.on_offer import facts_for, offers
from campaigns.rules.documents import DocumentKind
from campaigns.rules.permissions import Permission, check_somewhere
from campaigns.store.files import file_store

router = APIRouter()


@router.get("/campaigns/{campaign_id}/documents")
def documents_page(visit: VisitDep, campaign_id: int) -> Response:
    """List the documents that can be drafted, for whom and from what, and those that were."""
    head, on_offer = offers(visit.session, campaign_id=campaign_id, actor=visit.actor, now=visit.now)
    kept = drafted(visit.session, campaign_id=campaign_id, actor=visit.actor)
    return visit.page("documents.html", head=head, offers=on_offer, kept=kept)


@router.post("/campaigns/{campaign_id}/documents")
def draft_form(effect: EffectDep, campaign_id: int) -> Response:
    """Draft one document and keep it for downloading."""
    kind, about = _kind(effect.text("kind")), effect.text("about")
    link = partial(short_link, effect.request)
    with base_of(effect.request).reading() as session:
        facts = facts_for(
            session, campaign_id=campaign_id, kind=kind, about=about, actor=effect.actor, now=effect.now, link=link
        )
    written = official(facts, about)
    store = file_store(settings_of(effect.request))
    storage_id, named = store.put(written.content), False  # before the transaction: a disk's flush holds nobody up

    def change(session: Session) -> str:
        nonlocal named
        keep_draft(
            session,
            campaign_id=campaign_id,
            written=written,
            storage_id=storage_id,
            by=effect.actor,
            now=effect.now,
        )
        named = True
        return f"/campaigns/{campaign_id}/documents#drafts"

    try:
        return effect.once(change, said=f"{kind.label}已拟好，请下载核对。编号和日期留空，由您单位编号、签发。")
    finally:
        if not named:  # a second click, or a key that was used for something else
            store.remove(storage_id)


@router.get("/campaigns/{campaign_id}/package.zip")
def package_file(visit: VisitDep, campaign_id: int) -> Response:
    """Send everything about a campaign that is in sight as one zip with a manifest, in pieces as it is read."""
    head, _ = offers(visit.session, campaign_id=campaign_id, actor=visit.actor, now=visit.now)
    check_somewhere(visit.actor, Permission.SEE)
    name = quote(f"{safe(head.title)}考核材料{visit.today.isoformat()}.zip", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Content-Encoding": "identity"}
    return StreamingResponse(_pieces(visit, campaign_id), media_type="application/zip", headers=headers)


def _pieces(visit: Visit, campaign_id: int) -> Iterator[bytes]:
    """Read on a snapshot of the answer's own: the visit's ends before a long answer does."""
    store = file_store(settings_of(visit.request))
    with base_of(visit.request).reading() as session:
        found = members(session, campaign_id=campaign_id, actor=visit.actor, now=visit.now, store=store)
        yield from package(found, at=visit.now)


def _kind(value: str) -> DocumentKind:
    try:
        return DocumentKind(value)
    except ValueError:
        raise NotFound from None
