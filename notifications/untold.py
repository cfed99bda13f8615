"""What the inbox holds that nobody was told of outside, and whom it can reach: the questions digests are made from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlmodel import Session, col

from campaigns.clock import local
from campaigns.rules.ladders.ways_out import EVERYWHERE, bears
from campaigns.rules.states import OPEN_TASK_STATES, DeliveryState
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.messages import ChannelSetting, Delivery, DeliveryNotice, Notice
from campaigns.store.work.tasks import Task
from notifications.programs import PROGRAMS, TOLD_AT_ONCE

REACH = timedelta(days=30)
"""Older notices stay in the inbox only: a channel set up today does not repeat last year."""
DIGEST = 0
"""The `event_id` of a delivery that tells no single event."""
QUIET = "delivery.failed"
"""Told in the inbox only: a failed address must not be written to about its failure."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose digest it is: the columns that differ between a person's and an organisation's group."""

    field: str
    of_notice: Any
    of_delivery: Any
    identity: Any


PERSON = Owner("person_id", col(Notice.person_id), col(Delivery.person_id), col(Person.id))
GROUP = Owner(
    "organisation_id",
    col(Person.organisation_id),
    col(Delivery.organisation_id),
    col(Organisation.id),
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person or an organisation's group, and where it is reached."""

    id: int
    address: str


@dataclass(frozen=True, slots=True)
class Untold:
    """One notice not told outside yet, with its task's present state and due date."""

    id: int
    key: str
    title: str
    body: str
    link: str
    late: bool
    task_id: int | None
    task_state: str | None
    due_on: date | None

    @property
    def urgency(self) -> int:
        """1 of a 催办, 2 of a task's own 升级 warning, else 0. For one task the newest of the most urgent stands for all."""
        if self.key.startswith("reminder:"):
            return 1
        return 2 if self.task_id is not None and self.key.startswith("warning:") else 0

    @property
    def is_open(self) -> bool:
        """Whether the work it speaks of still waits (or it speaks of no task)."""
        return self.task_id is None or self.task_state in OPEN_TASK_STATES


def recipients(session: Session, channel: str, owner: Owner, now: datetime) -> list[Recipient]:
    """Return who has an address on this channel, something untold, and no digest of today."""
    today = exists().where(
        owner.of_delivery == owner.identity,
        col(Delivery.channel) == channel,
        col(Delivery.day) == local(now).date(),
        col(Delivery.event_id) == DIGEST,
    )
    moving = or_(col(Delivery.state) != DeliveryState.QUEUED, col(Delivery.day) == local(now).date())
    told = _carried(channel).where(col(Delivery.id) == col(DeliveryNotice.delivery_id), moving)
    fresh = (
        select(owner.of_notice)
        .select_from(Notice)
        .join(Person, col(Person.id) == col(Notice.person_id))
        .where(*_worth_telling(channel, now), ~told)
    )
    reachable = _people(channel) if owner is PERSON else _groups(channel)
    rows = session.execute(reachable.where(~today, owner.identity.in_(fresh)).order_by(owner.identity))
    return [Recipient(*row) for row in rows]


def untold(session: Session, channel: str, owner: Owner, ids: Iterable[int], now: datetime) -> dict[int, list[Untold]]:
    """Return the notices of these owners that no digest on this channel carries, oldest first."""
    columns = (Notice.id, Notice.key, Notice.title, Notice.body, Notice.link, Notice.late, Notice.task_id)
    rows = session.execute(
        select(owner.of_notice, *(col(column) for column in columns), col(Task.state), col(Task.due_on))
        .select_from(Notice)
        .join(Person, col(Person.id) == col(Notice.person_id))
        .outerjoin(Task, col(Task.id) == col(Notice.task_id))
        .where(owner.of_notice.in_(list(ids)), *_worth_telling(channel, now), ~_carried(channel))
        .order_by(owner.of_notice, col(Notice.id))
    )
    found: dict[int, list[Untold]] = defaultdict(list)
    for owner_id, *row in rows:
        found[owner_id].append(Untold(*row))
    return found


def without_repeats(notices: Iterable[Untold]) -> Iterator[Untold]:
    """Yield each thing once: a group's copies, and of what chases one task the newest warning or reminder while it is open."""
    kept: dict[object, Untold] = {}
    for notice in notices:
        if not notice.urgency:
            kept.setdefault(notice.key, notice)
        elif notice.is_open:
            same = ("chased", notice.task_id or notice.key)
            if same not in kept or kept[same].urgency <= notice.urgency:
                kept.pop(same, None)
                kept[same] = notice
    yield from kept.values()


def _people(channel: str) -> Any:
    """Select people with an address: their own setting, or for mail what their account says."""
    own = and_(col(ChannelSetting.person_id) == col(Person.id), col(ChannelSetting.channel) == channel)
    written = col(ChannelSetting.address)
    address = func.coalesce(written, col(Person.email)) if channel == "email" else written
    return (
        select(col(Person.id), address)
        .outerjoin(ChannelSetting, own)
        .where(
            col(Person.disabled_at).is_(None),
            address != "",
            or_(col(ChannelSetting.id).is_(None), col(ChannelSetting.enabled)),
        )
    )


def _groups(channel: str) -> Any:
    own = and_(col(ChannelSetting.organisation_id) == col(Organisation.id), col(ChannelSetting.channel) == channel)
    return (
        select(col(Organisation.id), col(ChannelSetting.address))
        .join(ChannelSetting, own)
        .where(col(ChannelSetting.enabled), col(ChannelSetting.address) != "")
    )


def _worth_telling(channel: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Notice.created_at) > now - REACH,
        col(Notice.created_at) <= now,
        col(Notice.read_at).is_(None),
        col(Notice.kind) != QUIET,
        or_(col(Notice.outward) == EVERYWHERE, col(Notice.outward).contains(bears(channel))),
        col(Notice.kind).not_in(TOLD_AT_ONCE) if channel == PROGRAMS else true(),
    )


def _carried(channel: str) -> Any:
    return exists().where(col(DeliveryNotice.channel) == channel, col(DeliveryNotice.notice_id) == col(Notice.id))
