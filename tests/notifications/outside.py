"""The outside world of the notification tests: a fake channel that can be told to fail, and days to send on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from campaigns.rules.ladders.ways_out import EVERYWHERE
from campaigns.settings import Settings
from campaigns.store.database import Database
from campaigns.store.messages import Delivery, Notice
from notifications.channels.letter import Channel, Letter, Send, SendingFailed
from notifications.digests import queue_digests
from notifications.dispatcher import Dispatched, dispatch

MORNING = datetime(2023, 5, 24, 1, 0, tzinfo=UTC)
"""Wednesday 2023-05-24, 09:00 in Beijing."""
DAY = timedelta(days=1)
SETTINGS = Settings(smtp_host="127.0.0.1", public_url="http://rectify.test")


@dataclass
class FakeChannel:
    """A channel that keeps what it is handed; `failure` is raised instead, `after` is called when a letter was taken."""

    failure: SendingFailed | None = None
    taken: list[Letter] = field(default_factory=list)
    tried: list[Letter] = field(default_factory=list)

    @contextmanager
    def connect(self, settings: Settings) -> Iterator[Send]:
        """Open nothing."""
        yield self.send

    def send(self, letter: Letter) -> None:
        """Take the letter or fail as told."""
        self.tried.append(letter)
        if self.failure is not None:
            raise self.failure
        self.taken.append(letter)

    @property
    def channels(self) -> dict[str, Channel]:
        """The registry with this channel under the name of mail."""
        channel = Channel("邮件", self.connect, lambda _: True, lambda *_: "")
        return {"email": channel}


def tell(
    base: Database,
    person_id: int | None,
    *keys: str,
    at: datetime = MORNING,
    task_id: int | None = None,
    outward: str = EVERYWHERE,
) -> None:
    """Put notices into an inbox, as a launch or a reminder sweep does with INSERT…SELECT."""
    with base.transaction() as session:
        for key in keys:
            notice = Notice(
                key=key,
                person_id=person_id or 0,
                kind=key.split(":")[0],
                title=f"消息{key}",
                task_id=task_id,
                outward=outward,
                created_at=at,
            )
            session.add(notice)


def morning_round(base: Database, channel: FakeChannel, now: datetime) -> Dispatched:
    """Queue the digests of a morning and send them."""
    queue_digests(base, SETTINGS, now=now, channels=channel.channels)
    return dispatch(base, SETTINGS, now=now, channels=channel.channels)


def deliveries(base: Database) -> list[Delivery]:
    """Return all deliveries, oldest first."""
    with base.reading() as session:
        return list(session.scalars(select(Delivery).order_by(col(Delivery.id))))


class WeekDays:
    """Monday to Friday."""

    def is_working(self, day: date, /) -> bool:
        """Whether it is one of the five."""
        return day.weekday() < 5
