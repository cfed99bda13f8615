"""The documents a bureau files (公文), and what is known for one of them: values, tables, and where each figure comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from campaigns.rules.states import Stated

Value = str | int | date | datetime | None | tuple["Value", ...] | Mapping[str, "Value"]
"""What may stand in a text. Dates and instants are written out by the document, never by the question."""


class DocumentKind(Stated):
    """Each kind has its text in `campaigns/library/documents/{value}.txt`. None goes out by itself: they are drafts (拟稿)."""

    LAUNCH_NOTICE = "launch_notice", "部署通知"
    REMINDER = "reminder", "催办单"
    BULLETIN = "bulletin", "通报"
    SUPERVISION = "supervision", "督办函"
    STAGE_SUMMARY = "stage_summary", "阶段小结"
    QUARTERLY = "quarterly", "季度材料"
    SUMMARY = "summary", "总结"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a document. `parts` are the columns' shares of the width of the type area."""

    headings: tuple[str, ...]
    parts: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one document says. `sources` are its footnotes by the name that the text refers to.

    `issuer` is the bureau that would sign it, `drafter` the named official who drafted it, at the instant `at`.
    """

    kind: DocumentKind
    issuer: str
    drafter: str
    at: datetime
    values: Mapping[str, Value]
    grids: Mapping[str, Grid] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    copies: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A drafted document as a file: which one it is, its title, and the bytes of the docx."""

    kind: DocumentKind
    about: str
    title: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of document that can be drafted now, or why not. `choices` say which ones: what to ask for, and its words.

    `figures` says what it rests on.
    """

    kind: DocumentKind
    figures: str
    choices: tuple[tuple[str, str], ...] = ()
    why_not: str = ""
