"""What a delivery is about, for programs: which kinds of event, and where each thing is found."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.store.ledger import Event
from campaigns.store.messages import Delivery, DeliveryNotice, Notice
from notifications.channels.letter import Happened


def happened(session: Session, delivery_ids: Sequence[int]) -> dict[int, tuple[Happened, ...]]:
    """Return the events that each delivery tells, the earliest first; what several people of a group were told stands once."""
    said = col(DeliveryNotice.delivery_id), col(Notice.kind), col(Notice.link), col(Notice.title)
    rows = session.execute(
        select(*said)
        .join(DeliveryNotice, col(DeliveryNotice.notice_id) == col(Notice.id))
        .where(col(DeliveryNotice.delivery_id).in_(delivery_ids))
        .group_by(*said)
        .order_by(func.min(col(Notice.id)))
    )
    found: dict[int, list[Happened]] = defaultdict(list)
    for delivery_id, kind, link, title in rows:
        found[delivery_id].append(Happened(kind, link, title))
    return {delivery_id: tuple(events) for delivery_id, events in found.items()}


def recorded(session: Session, delivery_ids: Sequence[int]) -> dict[int, tuple[Happened, ...]]:
    """Return the one event of each delivery that tells one at once, with its record as the ledger has it."""
    rows = session.execute(
        select(col(Delivery.id), col(Delivery.title), Event)
        .join(Event, col(Event.id) == col(Delivery.event_id))
        .where(col(Delivery.id).in_(delivery_ids))
    )
    return {id_: (Happened(event.kind, _page_of(event), title, _record(event)),) for id_, title, event in rows}


def _page_of(event: Event) -> str:
    return f"/{event.subject}s/{event.subject_id}"


def _record(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "at": event.at.isoformat(),
        "subject": event.subject,
        "subject_id": event.subject_id,
        "campaign_id": event.campaign_id,
        "organisation_id": event.organisation_id,
        "data": event.data,
    }
