"""The event ledger: one append-only, hash-chained line per thing that happened, in the transaction that made it happen."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlmodel import Session, SQLModel, col

from campaigns.actions.chunks import chunks
from campaigns.rules.permissions import Actor
from campaigns.store.ledger import GENESIS, Event, fingerprint

_CHAIN_LOCK = 7_105_031
_CHUNK = 500


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
    previous = _head(session)
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


def record_many(
    session: Session,
    kind: str,
    rows: Iterable[tuple[int, int, dict[str, Any]]],
    *,
    subject: str,
    by: Actor,
    now: datetime,
) -> int:
    """Append one event for each row of a set (its id, whose trail shows it, what is said) and return how many.

    The chain is the same as if each had been recorded by itself; they are only written together.
    """
    previous, count = _head(session), 0
    for some in chunks(rows, _CHUNK):
        events = []
        for subject_id, organisation_id, data in some:
            event = Event(
                at=now,
                kind=kind,
                actor_id=by.person_id,
                actor_name=by.name,
                actor_organisation_id=by.organisation_id,
                organisation_id=organisation_id,
                subject=subject,
                subject_id=subject_id,
                data=data,
                previous_hash=previous,
                hash="",
            )
            previous = event.hash = fingerprint(event)
            events.append(event.model_dump(exclude={"id"}))
        session.execute(insert(Event), events)
        count += len(events)
    return count


def _head(session: Session) -> str:
    """Return the hash of the last event, and let nobody else append one until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    return session.scalar(select(col(Event.hash)).order_by(col(Event.id).desc()).limit(1)) or GENESIS
