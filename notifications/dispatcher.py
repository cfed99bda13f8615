"""The dispatcher: claim a few deliveries, send them outside any transaction, mark what became of each.

A claim is one conditional UPDATE under a lease; `attempts` counts claims and so is the fencing number: a worker that slept
over its lease marks nothing. Marking comes after sending, because a lost letter is worse than a second copy with the same
Message-ID: kill the process anywhere and at most `BATCH` letters go out twice, none goes missing.
"""

import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, case, func, or_, select, true, update
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.rules.permissions import SYSTEM
from campaigns.rules.states import DeliveryState
from campaigns.settings import Settings
from campaigns.store.database import Database
from campaigns.store.directory.people import Person
from campaigns.store.messages import ChannelSetting, Delivery
from notifications.channels import CHANNELS
from notifications.channels.letter import Channel, ChannelDown, Letter, Refused, Send, SendingFailed, TryLater
from notifications.happened import happened, recorded
from notifications.untold import DIGEST

BATCH = 20
LEASE = timedelta(minutes=10)
"""Longer than the slowest batch: a minute of claiming and twenty letters that each time out."""
PATIENCE = 60.0
"""Seconds after which one call claims no more, so that its leases stay young; the next pulse goes on."""
MOST_TRIES = 60
"""With waits that grow to an hour this is two and a half days: a week-end's outage fails nobody."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Dispatched:
    """How many deliveries went out, will be tried again, and failed for good."""

    sent: int = 0
    later: int = 0
    failed: int = 0

    def __add__(self, other: "Dispatched") -> "Dispatched":
        """Add up two rounds."""
        return Dispatched(self.sent + other.sent, self.later + other.later, self.failed + other.failed)


@dataclass(frozen=True, slots=True)
class _Claimed:
    id: int
    attempts: int
    letter: Letter


def dispatch(
    base: Database,
    settings: Settings,
    *,
    now: datetime,
    channels: Mapping[str, Channel] = CHANNELS,
    events_only: bool = False,
) -> Dispatched:
    """Send what is due through every configured channel, for at most about `PATIENCE` seconds.

    `events_only` leaves digests alone: people are written to in office hours, programs at any.
    """
    total, until = Dispatched(), time.monotonic() + PATIENCE
    for name, channel in channels.items():
        if not channel.configured(settings):
            continue
        while time.monotonic() < until and (batch := _claim(base, name, now, events_only)):
            total += _mark(base, name, batch, _send_all(channel, settings, batch), now)
    return total


def wait_after(attempts: int, *, spread: int) -> timedelta:
    """Return how long to wait after the n-th try: doubling to an hour, shortened by up to a quarter by `spread`.

    The spread comes from the row, not from chance, so that thousands of letters do not come back in the same second.
    """
    whole: timedelta = min(FIRST_WAIT * 2 ** min(attempts - 1, 10), LONGEST_WAIT)
    share = zlib.crc32(f"{spread}:{attempts}".encode()) % 1000 / 1000
    return whole * (1 - share / 4)


def _claim(base: Database, channel: str, now: datetime, events_only: bool) -> list[_Claimed]:
    lease = col(Delivery.leased_until)
    free = (
        col(Delivery.channel) == channel,
        col(Delivery.state) == DeliveryState.QUEUED,
        col(Delivery.next_try_at) <= now,
        or_(lease.is_(None), lease <= now),
        col(Delivery.event_id) > DIGEST if events_only else true(),
    )
    oldest = (
        select(col(Delivery.id)).where(*free).order_by(col(Delivery.next_try_at), col(Delivery.id)).limit(BATCH)
    ).with_for_update(skip_locked=True)
    with base.transaction() as session:
        taken = session.execute(
            update(Delivery)
            .where(col(Delivery.id).in_(oldest), *free)
            .values(leased_until=now + LEASE, attempts=col(Delivery.attempts) + 1)
            .returning(col(Delivery.id))
            .execution_options(synchronize_session=False)
        ).scalars()
        return _read(session, sorted(taken), now)


def _read(session: Session, ids: list[int], now: datetime) -> list[_Claimed]:
    owner = or_(
        col(ChannelSetting.person_id) == col(Delivery.person_id),
        col(ChannelSetting.organisation_id) == col(Delivery.organisation_id),
    )
    # an address that was corrected holds for what still waits
    present = case((col(ChannelSetting.organisation_id).is_not(None), func.nullif(col(ChannelSetting.address), "")))
    rows = session.execute(
        select(
            *(col(column) for column in (Delivery.id, Delivery.attempts, Delivery.message_id)),
            func.coalesce(present, col(Delivery.address)),
            *(col(column) for column in (Delivery.title, Delivery.body)),
            col(ChannelSetting.secret),
        )
        .outerjoin(ChannelSetting, owner & (col(ChannelSetting.channel) == col(Delivery.channel)))
        .where(col(Delivery.id).in_(ids))
        .order_by(col(Delivery.id))
    )
    events = happened(session, ids) | recorded(session, ids)
    return [
        _Claimed(id_, attempts, Letter(message_id, address, title, body, now, secret or "", events.get(id_, ())))
        for id_, attempts, message_id, address, title, body, secret in rows
    ]


def _send_all(channel: Channel, settings: Settings, batch: Iterable[_Claimed]) -> dict[int, SendingFailed | None]:
    """Send one after the other. Who did not answer is not asked again in this batch, and after ChannelDown nobody is."""
    results: dict[int, SendingFailed | None] = {}
    silent: dict[str, SendingFailed] = {}
    down: ChannelDown | None = None
    with channel.connect(settings) as send:
        for claimed in batch:
            address = claimed.letter.address
            results[claimed.id] = outcome = down or silent.get(address) or _send(send, claimed)
            down = outcome if isinstance(outcome, ChannelDown) else None
            if isinstance(outcome, TryLater):
                silent[address] = outcome
    return results


def _send(send: Send, claimed: _Claimed) -> SendingFailed | None:
    try:
        send(claimed.letter)
    except SendingFailed as failure:
        return failure
    except Exception as error:  # a broken adapter must not hold up the other letters; the row keeps the reason
        log.error("a channel broke", delivery=claimed.letter.delivery, error=type(error).__name__)
        return SendingFailed(f"外发程序出错（{type(error).__name__}），稍后自动重试。")
    return None


def _mark(
    base: Database, channel: str, batch: list[_Claimed], results: Mapping[int, SendingFailed | None], now: datetime
) -> Dispatched:
    rows = [_row(claimed, results[claimed.id], now) for claimed in batch]
    table = Delivery.__table__  # type: ignore[attr-defined]
    held = (table.c.id == bindparam("held_id"), table.c.attempts == bindparam("held_attempts"))
    with base.transaction() as session:
        session.connection().execute(
            update(table).where(*held, table.c.state == DeliveryState.QUEUED).values(leased_until=None), rows
        )
        for row in rows:
            if row["state"] == DeliveryState.FAILED:
                _tell_owner(session, row["held_id"], channel, row["last_error"], now)
    states = [row["state"] for row in rows]
    return Dispatched(
        *(states.count(state) for state in (DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.FAILED))
    )


def _row(claimed: _Claimed, failure: SendingFailed | None, now: datetime) -> dict[str, Any]:
    if failure is None:
        state, reason = DeliveryState.SENT, ""
    elif isinstance(failure, Refused):
        state, reason = DeliveryState.FAILED, str(failure)
    elif claimed.attempts >= MOST_TRIES:
        state, reason = DeliveryState.FAILED, f"试了{claimed.attempts}次仍未发出。最后一次：{failure}"
    else:
        state, reason = DeliveryState.QUEUED, str(failure)
    return {
        "held_id": claimed.id,
        "held_attempts": claimed.attempts,
        "state": state,
        "last_error": reason[:500],
        "sent_at": now if state is DeliveryState.SENT else None,
        "next_try_at": now + wait_after(claimed.attempts, spread=claimed.id),
    }


def _tell_owner(session: Session, delivery_id: int, channel: str, reason: str, now: datetime) -> None:
    """Record the failure; the catalogue puts it before the person (or the organisation's administrator) in the inbox."""
    delivery = session.get_one(Delivery, delivery_id)
    if delivery.state != DeliveryState.FAILED:  # the lease had passed to another worker, whose outcome counts
        return
    organisation_id = delivery.organisation_id or session.scalar(
        select(col(Person.organisation_id)).where(col(Person.id) == delivery.person_id)
    )
    record(
        session,
        "delivery.failed",
        by=SYSTEM,
        now=now,
        about=delivery,
        organisation_id=organisation_id,
        channel=channel,
        reason=reason,
    )
