"""What happened to one thing, oldest first. Whoever may see the thing may see this; the whole trail is queries/trail."""

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from campaigns.queries.trail import TrailLine
from campaigns.store.ledger import Event

MOST = 60
"""How many steps one page holds: more than anything but a duty at each event ever has."""


def history_of(session: Session, about: type[SQLModel], row_id: int) -> tuple[TrailLine, ...]:
    """Return the latest `MOST` events about one row, oldest first. The caller has made sure that the row is in sight."""
    events = (
        select(Event)
        .where(col(Event.subject) == about.__tablename__, col(Event.subject_id) == row_id)
        .order_by(col(Event.id).desc())
        .limit(MOST)
    )
    return tuple(
        TrailLine(event.id, event.at, event.kind, event.actor_name, "", "", "", event.data)
        for event in reversed(session.scalars(events).all())
    )
