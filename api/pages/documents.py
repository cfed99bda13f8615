"""文书 of a campaign: what can be drafted now, and the drafts to download. Nothing goes out by itself."""

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import EffectDep, VisitDep, base_of, settings_of
from campaigns.actions.documents.drafting import keep_draft
from campaigns.documents.official import official
from campaigns.errors import NotFound
from campaigns.queries.documents.drafted import drafted
from campaigns.queries.documents.on_offer import facts_for, offers
from campaigns.rules.documents import DocumentKind
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
    with base_of(effect.request).reading() as session:
        facts = facts_for(session, campaign_id=campaign_id, kind=kind, about=about, actor=effect.actor, now=effect.now)
    written = official(facts, about)

    def change(session: Session) -> str:
        keep_draft(
            session,
            campaign_id=campaign_id,
            written=written,
            store=file_store(settings_of(effect.request)),
            by=effect.actor,
            now=effect.now,
        )
        return f"/campaigns/{campaign_id}/documents#drafts"

    return effect.once(change, said=f"{kind.label}已拟好，请下载核对。编号和日期留空，由您单位编号、签发。")


def _kind(value: str) -> DocumentKind:
    try:
        return DocumentKind(value)
    except ValueError:
        raise NotFound from None
