"""The event ledger: one append-only, hash-chained line per thing that happened, in the transaction that made it happen."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlmodel import Session, SQLModel, col

from campaigns.rules.permissions import Actor
from campaigns.store.ledger import GENESIS, Event, fingerprint

_CHAIN_LOCK = 7_105_031


def record(
    session: Session,
    kind: str,
    *,
    by: Actor,
    now: datetime,
    about: SQLModel | None = None,
    campaign_id: int | None = None,
    organisation_id: int | None = None,
    **data: Any,
) -> Event:
    """Append one event and return it, flushed with its id.

    `about` is the row it speaks of (flushed before). `organisation_id` is whose trail shows it. `data` must be plain JSON
    values: ids, words and ISO dates.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    previous = session.scalar(select(col(Event.hash)).order_by(col(Event.id).desc()).limit(1)) or GENESIS
    event = Event(
        at=now,
        kind=kind,
        actor_id=by.person_id,
        actor_name=by.name,
        actor_organisation_id=by.organisation_id,
        campaign_id=campaign_id,
        organisation_id=organisation_id,
        subject="" if about is None else str(about.__tablename__),
        subject_id=None if about is None else about.id,  # type: ignore[attr-defined]
        data=data,
        previous_hash=previous,
        hash="",
    )
    event.hash = fingerprint(event)
    session.add(event)
    session.flush()
    return event
