"""What a channel is given, what it may answer, and the shape every channel has."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from campaigns.settings import Settings


@dataclass(frozen=True, slots=True)
class Happened:
    """One event that a letter tells, for programs: its kind (report.filed, report.returned …) and the page of its thing.

    `record` is the event as the ledger has it, for a program that is told at once; a digest carries none.
    """

    kind: str
    link: str
    title: str
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Letter:
    """One digest, or one event, on its way out.

    `delivery` is the same at every try, so that a receiver can tell a repeat (Message-ID, X-Rectify-Delivery). `at` is the
    instant of this try: it dates and signs. `secret` never appears in an error or a log.
    """

    delivery: str
    address: str
    title: str
    body: str
    at: datetime
    secret: str = ""
    events: tuple[Happened, ...] = ()


class SendingFailed(Exception):
    """A letter that did not go out; its words are shown to the owner, so they carry no address and no secret."""


class TryLater(SendingFailed):
    """The receiver may take it another time, or nobody knows whether it took it (a lost answer): the same letter again."""


class ChannelDown(TryLater):
    """Nothing can go through this channel now: the rest of the batch need not be tried."""


class Refused(SendingFailed):
    """The receiver will never take it: somebody has to correct the address."""


Send: TypeAlias = Callable[[Letter], None]
"""Hand one letter over; returns when the receiver has taken it, raises SendingFailed when not."""
Connect: TypeAlias = Callable[[Settings], AbstractContextManager[Send]]
"""Open what a batch of letters shares (a mail connection, an HTTP client). Opening alone reaches nobody."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way out of the house, to people or to the group of an organisation.

    `why_not(address, secret, settings)` is the sentence against an address, or empty.
    """

    label: str
    connect: Connect
    configured: Callable[[Settings], bool]
    why_not: Callable[[str, str, Settings], str]
    to_groups: bool = False
