"""The words of a digest. The templates are ours and constant; what people wrote enters only as values, never as a template."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

MOST_LINES = 20
_LONGEST_TITLE = 160
_ENVIRONMENT = Environment(  # noqa: S701 - plain text mail, not HTML
    loader=PackageLoader("notifications", "templates"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as a digest tells it. `due` is the task's present due date, after any extension."""

    title: str
    body: str
    link: str
    due: str
    late: bool


def digest_title(lines: Sequence[Line], day: date) -> str:
    """Return the subject: the notice itself when there is one, else how many there are."""
    if len(lines) == 1:
        return clean(f"{'【补发】' if lines[0].late else ''}{lines[0].title}")[:_LONGEST_TITLE]
    return f"{len(lines)}条待办与消息（{day.month}月{day.day}日）"


@lru_cache(maxsize=256)
def digest_body(lines: tuple[Line, ...], *, home: str) -> str:
    """Return the text of a digest; the first lines in full, the rest as a count. What many are told is composed once."""
    words = {"home": home, "lines": lines, "shown": lines[:MOST_LINES]}
    return _ENVIRONMENT.get_template("digest.txt").render(words).strip() + "\n"


def clean(words: str) -> str:
    """Return one line without control, direction or zero-width characters: a name may not forge a header or a line."""
    kept = "".join(" " if letter in "\r\n\t" else letter for letter in words)
    return " ".join("".join(letter for letter in kept if unicodedata.category(letter) not in {"Cc", "Cf"}).split())
