"""Which documents were drafted about a campaign by the reader's bureau, for downloading them again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.rules.documents import DocumentKind
from campaigns.rules.permissions import Actor
from campaigns.store.ledger import Event

DRAFTED = "document.drafted"


@dataclass(frozen=True, slots=True)
class Drafted:
    """One drafted document: what it is, who drafted it when, and where its bytes lie."""

    kind: DocumentKind
    title: str
    at: datetime
    by: str
    storage_id: str
    sha256: str


def drafted(session: Session, *, campaign_id: int, actor: Actor, limit: int = 50) -> tuple[Drafted, ...]:
    """List the drafts of the actor's own bureau about a campaign, the newest first."""
    events = session.scalars(
        select(Event)
        .where(
            col(Event.campaign_id) == campaign_id,
            col(Event.kind) == DRAFTED,
            col(Event.organisation_id) == actor.organisation_id,
        )
        .order_by(col(Event.id).desc())
        .limit(limit)
    )
    return tuple(
        Drafted(
            DocumentKind(event.data["document"]),
            event.data["title"],
            event.at,
            event.actor_name,
            event.data["storage_id"],
            event.data["sha256"],
        )
        for event in events
    )
