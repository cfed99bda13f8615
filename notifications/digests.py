"""Digests: what the inbox gained becomes at most one delivery per person, channel and day, in office hours of working days.

Level-triggered: what was not carried yet is looked up each time, so a run that was missed or doubled changes nothing. A
digest of an earlier day that could not leave is taken back and its notices go with today's: a channel that was down for a
day yields one message, not two. Read notices and reminders of work already done are not carried outward at all.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any, Protocol, TypeVar

from sqlalchemy import delete, or_, select
from sqlmodel import Session, col

from campaigns.clock import local
from campaigns.date_words import day_words
from campaigns.rules.states import DeliveryState
from campaigns.settings import Settings
from campaigns.store.database import Database, upsert_into
from campaigns.store.messages import Delivery, DeliveryNotice
from notifications.channels import CHANNELS
from notifications.channels.letter import Channel
from notifications.untold import DIGEST, GROUP, PERSON, Owner, Recipient, Untold, recipients, untold, without_repeats
from notifications.wording import Line, clean, digest_body, digest_title

CHUNK = 200
Item = TypeVar("Item")


class WorkingDays(Protocol):
    """The part of the work calendar that is asked here."""

    def is_working(self, day: date, /) -> bool:
        """Whether offices are open on that day."""
        ...


def in_office(settings: Settings, calendar: WorkingDays, now: datetime) -> bool:
    """Whether an outward message may leave at this instant."""
    here = local(now)
    return calendar.is_working(here.date()) and settings.office_opens <= here.time() < settings.office_closes


def queue_digests(
    base: Database, settings: Settings, *, now: datetime, channels: Mapping[str, Channel] = CHANNELS
) -> int:
    """Write today's deliveries for whoever has something new, and return how many that were."""
    return sum(
        _queue(base, settings, name, GROUP if channel.to_groups else PERSON, now)
        for name, channel in channels.items()
        if channel.configured(settings)
    )


def _queue(base: Database, settings: Settings, channel: str, owner: Owner, now: datetime) -> int:
    with base.reading() as session:
        waiting = recipients(session, channel, owner, now)
    queued = 0
    for some in _chunks(waiting):
        with base.transaction() as session:
            queued += _queue_some(session, settings, channel, owner, {one.id: one for one in some}, now)
    return queued


def _queue_some(
    session: Session, settings: Settings, channel: str, owner: Owner, some: Mapping[int, Recipient], now: datetime
) -> int:
    tries = _take_back(session, channel, owner, some, now)
    told = untold(session, channel, owner, some, now)
    rows = [
        _letter(some[owner_id], lines, settings, local(now).date())
        | _row(channel, owner, owner_id, now, tries.get(owner_id, 0))
        for owner_id, notices in told.items()
        if (lines := [_line(notice, settings.public_url) for notice in without_repeats(notices)])
    ]
    if not rows:
        return 0
    insert = upsert_into(session, Delivery).values(rows).once()
    made = session.execute(insert.returning(owner.of_delivery, col(Delivery.id))).all()
    carried = [
        {"channel": channel, "notice_id": notice.id, "delivery_id": delivery_id}
        for owner_id, delivery_id in made
        for notice in told[owner_id]
    ]
    for part in _chunks(carried):
        session.execute(upsert_into(session, DeliveryNotice).values(part).once())
    return len(made)


def _take_back(session: Session, channel: str, owner: Owner, ids: Iterable[int], now: datetime) -> dict[int, int]:
    """Remove the unsent digests of earlier days and return how often each was tried."""
    lease = col(Delivery.leased_until)
    unsent = session.execute(
        select(col(Delivery.id), owner.of_delivery, col(Delivery.attempts))
        .where(
            col(Delivery.channel) == channel,
            owner.of_delivery.in_(list(ids)),
            col(Delivery.day) < local(now).date(),
            col(Delivery.event_id) == DIGEST,
            col(Delivery.state) == DeliveryState.QUEUED,
            or_(lease.is_(None), lease <= now),
        )
        .with_for_update(skip_locked=True)
    ).all()
    old = [row[0] for row in unsent]
    session.execute(delete(DeliveryNotice).where(col(DeliveryNotice.delivery_id).in_(old)))
    session.execute(delete(Delivery).where(col(Delivery.id).in_(old)))
    return {owner_id: attempts for _, owner_id, attempts in unsent}


def _line(notice: Untold, home: str) -> Line:
    """Return a notice as the digest tells it, with the due date its task has today."""
    due = day_words(notice.due_on) if notice.due_on and notice.is_open else ""
    title, body = clean(notice.title), clean(notice.body)
    link = f"{home.rstrip('/')}{notice.link}" if home and notice.link else ""
    return Line(title, body, link, "" if due in title + body else due, notice.late)


def _letter(recipient: Recipient, lines: list[Line], settings: Settings, day: date) -> dict[str, Any]:
    return {
        "address": recipient.address,
        "title": digest_title(lines, day),
        "body": digest_body(tuple(lines), home=settings.public_url),
        "day": day,
    }


def _row(channel: str, owner: Owner, owner_id: int, now: datetime, attempts: int) -> dict[str, Any]:
    return {
        "channel": channel,
        "person_id": None,
        "organisation_id": None,
        owner.field: owner_id,
        "event_id": DIGEST,
        "state": DeliveryState.QUEUED,
        "next_try_at": now,
        "attempts": attempts,
        "last_error": "",
        "message_id": f"{local(now):%Y%m%d}.{channel}.{owner.field[0]}{owner_id}@rectify.local",
    }


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, CHUNK)):
        yield some
