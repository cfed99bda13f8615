"""What an invariant is, what it looks at, and what it says when it does not hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlmodel import Session

from campaigns.rules.states import Stated
from campaigns.settings import Settings
from campaigns.store.files import FileStore, file_store


class Severity(Stated):
    """How bad a finding is. Either way `rectify verify` ends with 1."""

    SERIOUS = "serious", "严重"
    NOTABLE = "notable", "一般"


@dataclass(frozen=True, slots=True)
class Scene:
    """What is verified: one consistent snapshot of the rows, where the files lie, the instant that counts as now.

    `head` is the SHA-256 of the last event as somebody noted it outside earlier; empty when nobody did.
    """

    session: Session
    settings: Settings
    now: datetime
    head: str = ""

    @property
    def files(self) -> FileStore:
        """Where attachments are kept."""
        return file_store(self.settings)


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that is not as it should be: where to look (`event 12`), and the sentence a person reads."""

    row: str
    sentence: str


Look: TypeAlias = Callable[[Scene], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Invariant:
    """A sentence that must always be true of the record (`code` as in docs/promises.md), and what to do when it is not."""

    code: str
    name: str
    severity: Severity
    advice: str
    look: Look
