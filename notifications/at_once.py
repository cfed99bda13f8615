"""Events that other systems are told at once: one signed delivery per event and organisation, whatever the hour.

The ledger is read after the commit, by a cursor of its own; the delivery's identity follows from the event, so that twice is
once. What a delivery then goes through (claim, send outside any transaction, mark, wait, give up visibly) is the dispatcher's,
the same as a digest's.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.rules.states import DeliveryState
from campaigns.store.database import Database, upsert_into
from campaigns.store.ledger import Event
from campaigns.store.messages import ChannelSetting, Delivery
from notifications.catalogue import CATALOGUE
from notifications.compose import applies, told_in_words
from notifications.facts import Facts, facts_about, said_by
from notifications.programs import CONCERNED, PROGRAMS, TOLD_AT_ONCE
from notifications.reading import is_behind, next_events, skip_everything
from notifications.untold import REACH

CURSOR = "programs"


def queue_events(base: Database, *, now: datetime) -> int:
    """Write a delivery for every new event and organisation concerned that has a webhook; return how many that were."""
    queued = 0
    while is_behind(base, CURSOR):
        with base.transaction() as session:
            queued += _queue_some(session, now)
    return queued


def _queue_some(session: Session, now: datetime) -> int:
    addresses = _addresses(session)
    if not addresses:
        skip_everything(session, CURSOR)
        return 0
    events = [event for event in next_events(session, CURSOR) if event.at > now - REACH]
    rows = [
        _delivery(event, facts, organisation_id, addresses[organisation_id], now)
        for event, facts in _known(session, events)
        for organisation_id in sorted({facts[name] for name in CONCERNED if facts.get(name)})
        if organisation_id in addresses
    ]
    if not rows:
        return 0
    queued: Any = session.execute(upsert_into(session, Delivery).values(rows).once())
    return int(queued.rowcount)


def _addresses(session: Session) -> dict[int, str]:
    """Return where the programs of organisations listen."""
    rows = session.execute(
        select(col(ChannelSetting.organisation_id), col(ChannelSetting.address)).where(
            col(ChannelSetting.channel) == PROGRAMS,
            col(ChannelSetting.organisation_id).is_not(None),
            col(ChannelSetting.enabled).is_(True),
            col(ChannelSetting.address) != "",
        )
    )
    return {row[0]: row[1] for row in rows}


def _known(session: Session, events: Sequence[Event]) -> Iterator[tuple[Event, Facts]]:
    about: dict[str, set[int]] = defaultdict(set)
    for event in events:
        if event.kind in TOLD_AT_ONCE and event.subject_id is not None:
            about[event.subject].add(event.subject_id)
    found = {subject: facts_about(session, subject, sorted(ids)) for subject, ids in about.items()}
    for event in events:
        facts = found.get(event.subject, {}).get(event.subject_id or 0) if event.kind in TOLD_AT_ONCE else None
        if facts:
            yield event, facts | said_by(event.kind, event.data)


def _delivery(event: Event, facts: Facts, organisation_id: int, address: str, now: datetime) -> Mapping[str, Any]:
    entries = CATALOGUE[event.kind]
    words = told_in_words(next((entry for entry in entries if applies(entry, facts)), entries[0]), facts)
    return {
        "channel": PROGRAMS,
        "person_id": None,
        "organisation_id": organisation_id,
        "day": local_date(event.at),
        "event_id": event.id,
        "address": address,
        "title": words["title"],
        "body": words["body"],
        "state": DeliveryState.QUEUED,
        "next_try_at": now,
        "attempts": 0,
        "last_error": "",
        "message_id": f"event{event.id}.{PROGRAMS}.o{organisation_id}@rectify.local",
    }
