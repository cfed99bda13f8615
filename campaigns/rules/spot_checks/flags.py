"""疑点: what a flag is. A fact with its evidence that an official may want to look into; never a verdict, a score or a person."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from campaigns.rules.states import Stated

MOST_SHOWN = 12
"""How many records a flag keeps as its evidence: more convince nobody further."""


class FlagKind(Stated):
    """What was noticed."""

    NIL_STREAK = "nil_streak", "连续零报告"
    INSTANT_CLOSURE = "instant_closure", "登记几分钟就销号"
    SAME_PHOTO = "same_photo", "同一张照片用了两次"
    SAME_MINUTE = "same_minute", "每期同一时刻提交"
    BURST = "burst", "几秒钟一张接连提交"


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    RECORD = "record"
    HAZARD = "hazard"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record, hazard or photo: whose it is, what it is in words, and when it came in.

    It opens a record by its `receipt` or a hazard by its id; `photo` is the storage id of a picture that is shown beside it.
    """

    kind: EvidenceKind
    enterprise_id: int
    words: str
    at: datetime
    receipt: str = ""
    hazard_id: int | None = None
    photo: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain values as the flag's row keeps them."""
        return {**asdict(self), "at": self.at.isoformat()}

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> "Evidence":
        """Read one back."""
        return cls(**{**kept, "kind": EvidenceKind(kept["kind"]), "at": datetime.fromisoformat(kept["at"])})


@dataclass(frozen=True, slots=True)
class Found:
    """A flag as derived. `key` is the same whenever it is derived again, so that it stands once."""

    key: str
    kind: FlagKind
    enterprise_id: int
    sentence: str
    evidence: tuple[Evidence, ...]
