"""Compose: recorded events become notices in the inbox, exactly once, in the order they happened.

The cursor moves in the transaction that writes the notices (see reading.py). A thing that flaps refreshes its unread-again
notice instead of adding more: at most one per kind, thing and half hour.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.date_words import day_words
from campaigns.rules.quotes import nested
from campaigns.store.database import Database, insert_into
from campaigns.store.directory.people import Person, PersonRole
from campaigns.store.ledger import Event
from campaigns.store.messages import DeliveryNotice, Notice
from notifications.catalogue import CATALOGUE, SILENT, Entry
from notifications.facts import Facts, facts_about, said_by
from notifications.reading import is_behind, next_events
from notifications.wording import clean

CURSOR = "inbox"
LATE = timedelta(hours=1)
"""A notice composed longer than this after its event is marked 补发, as is one whose event was itself caught up with."""
FLAPPING = timedelta(minutes=30)
_ROWS = 1500
_LONGEST = {"title": 160, "body": 1000, "link": 200}

log = structlog.get_logger()


def compose(base: Database, *, now: datetime, at_once: bool = False) -> int:
    """Turn every event recorded since the last time into notices, and return how many were written or refreshed.

    `at_once` is for a replay of days long past: every notice bears its event's own instant, as a pulse running then would
    have given it.
    """
    written = 0
    while is_behind(base, CURSOR):
        with base.transaction() as session:
            written += _compose_some(session, None if at_once else now)
    return written


def applies(entry: Entry, facts: Facts) -> bool:
    """Whether a line of the catalogue holds for a thing with these facts."""
    wanted = facts.get(entry.only) if entry.only else True
    return bool(wanted) and not (entry.unless and facts.get(entry.unless))


def told_in_words(entry: Entry, facts: Facts) -> dict[str, str]:
    """Return title, body and link of a line of the catalogue, each on one line and no longer than its column."""
    words = _Words({name: _word(value) for name, value in facts.items()})
    return {name: clean(nested(getattr(entry, name).format_map(words)))[:longest] for name, longest in _LONGEST.items()}


def _compose_some(session: Session, now: datetime | None) -> int:
    events = next_events(session, CURSOR)
    return _write(session, _notices(session, events, now)) if events else 0


def _notices(session: Session, events: Sequence[Event], now: datetime | None) -> list[dict[str, Any]]:
    """Return the rows to write, one per person and key, the latest of a chunk winning."""
    told = [(event, entry, facts) for event, facts in _known(session, events) for entry in _entries(event, facts)]
    people = _people(session, {facts[entry.to] for _, entry, facts in told if entry.to.endswith("_id")})
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    for event, entry, facts in told:
        notice = _notice(event, entry, facts, now or event.at)
        for person_id in _audience(entry, facts, people):
            rows[person_id, notice["key"]] = notice | {"person_id": person_id}
    return list(rows.values())


def _known(session: Session, events: Sequence[Event]) -> Iterator[tuple[Event, Facts]]:
    """Yield the events that the catalogue tells, with the facts of their things."""
    about: dict[str, set[int]] = defaultdict(set)
    for event in events:
        if event.kind in CATALOGUE and event.subject_id is not None:
            about[event.subject].add(event.subject_id)
        elif event.kind not in SILENT:
            log.warning("an event kind is missing from the catalogue", kind=event.kind)
    found = {subject: facts_about(session, subject, sorted(ids)) for subject, ids in about.items()}
    for event in events:
        if event.kind in CATALOGUE and (facts := found.get(event.subject, {}).get(event.subject_id or 0)):
            yield event, facts | said_by(event.kind, event.data)


def _entries(event: Event, facts: Facts) -> Iterator[Entry]:
    for entry in CATALOGUE[event.kind]:
        to = facts.get(entry.to)
        own = entry.to.endswith("_id") and to == event.actor_organisation_id and not entry.even_own
        if to is not None and not own and applies(entry, facts):
            yield entry


def _people(session: Session, organisation_ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    rows = session.execute(
        select(col(Person.organisation_id), col(Person.id), col(PersonRole.role))
        .join(PersonRole, col(PersonRole.person_id) == col(Person.id))
        .where(col(Person.organisation_id).in_(sorted(organisation_ids)), col(Person.disabled_at).is_(None))
    )
    people: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for organisation_id, person_id, role in rows:
        people[organisation_id].append((person_id, role))
    return people


def _audience(entry: Entry, facts: Facts, people: dict[int, list[tuple[int, str]]]) -> set[int]:
    if not entry.to.endswith("_id"):
        return {facts[entry.to]}
    roles = entry.roles
    return {person_id for person_id, role in people.get(facts[entry.to], ()) if role in roles}


def _notice(event: Event, entry: Entry, facts: Facts, now: datetime) -> dict[str, Any]:
    return {
        "key": _key(event, entry, facts),
        "kind": event.kind,
        **told_in_words(entry, facts),
        "campaign_id": facts.get("campaign"),
        "task_id": None if entry.gathered else facts.get("task"),
        "late": now - event.at > LATE or bool(event.data.get("caught_up")),
        "created_at": now,
    }


def _key(event: Event, entry: Entry, facts: Facts) -> str:
    if entry.gathered:
        return f"{event.kind}:{entry.to}:{facts.get('campaign') or 0}:{local_date(event.at).isoformat()}"
    window = int(event.at.timestamp() // FLAPPING.total_seconds())
    return f"{event.kind}:{entry.to}:{event.subject_id}:{window}"


class _Words(dict[str, str]):
    """The values of a template; one that the event does not have is left out."""

    def __missing__(self, key: str) -> str:
        return ""


def _word(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return day_words(value)
    return str(value)


def _write(session: Session, rows: list[dict[str, Any]]) -> int:
    for start in range(0, len(rows), _ROWS):
        insert = insert_into(session, Notice).values(rows[start : start + _ROWS])
        fresh = {name: insert.excluded[name] for name in (*_LONGEST, "late", "created_at", "task_id")}
        ids = session.scalars(
            insert.on_conflict_do_update(
                index_elements=["person_id", "key"], set_={**fresh, "read_at": None}
            ).returning(col(Notice.id))
        ).all()
        # a refreshed notice is news again, inside and outside the house
        session.execute(delete(DeliveryNotice).where(col(DeliveryNotice.notice_id).in_(ids)))
    return len(rows)
