"""What a delivery is about, for programs: which kinds of event, and where each thing is found."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.store.messages import DeliveryNotice, Notice
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
