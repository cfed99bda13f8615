"""同类任务: when duties of two campaigns ask for the same record, so that it is entered once (减负, 同类材料最多报一次).

They do when they are the same kind of duty on the very same form; who reviews it may differ, each decides on his own task.
Whether an enterprise really has both tasks is for the rows to say, which are his alone: nothing is shared between enterprises.
"""

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import orjson

from campaigns.date_words import day_words
from campaigns.definition.form import Form
from campaigns.definition.months import month_end
from campaigns.definition.periods import is_calendar
from campaigns.rules.states import Stated

SHORTEST_TITLE = 4
"""A title of fewer characters (检查, 培训) says too little to be recognised inside another one."""
FOR_EVER = date.max


class Rhythm(Stated):
    """How often a duty is done; records of different rhythms are different things."""

    RECURRING = "recurring", "定期做的"
    ONCE = "once", "做一次的"
    EVENT = "event", "每次作业前做的"


class Likeness(Stated):
    """How sure it is that two duties ask for the same record."""

    SAME_TITLE = "same_title", "名称相同的任务，用同一张表"
    SAME_FORM = "same_form", "两个行动都只有这一项定期任务用这张表"
    ONE_PAPER = "one_paper", "名称相同、只做一次的任务，可能是同一份材料"

    @property
    def is_sure(self) -> bool:
        """Whether it may be counted on. What is done once may be about the one campaign (its plan)."""
        return self is not Likeness.ONE_PAPER


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one dated line of a campaign asks for, as far as a record of another campaign may do for it.

    `form` is its name, empty for the general record, and `blanks` the fingerprint of its content without the 佐证; `asks` names
    every blank of it with the 佐证, `evidence` the 佐证 alone. `sole` is whether the form tells the duty: no other duty of
    that rhythm in the campaign uses it. Days from `opens_on` to `closes_on` count.
    """

    campaign_id: int
    title: str
    rhythm: Rhythm
    form: str
    blanks: str
    asks: frozenset[str]
    evidence: tuple[str, ...]
    sole: bool
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was filled in and handed in: what its own duty wanted, and which campaigns use it, its own included."""

    wanted: Wanted
    occurred_on: date
    nil: bool
    content: Mapping[str, Any]
    campaigns: frozenset[int]
    sent_back: bool  # or objected to


def fingerprint(form: Form) -> str:
    """Return the SHA-256 of a form's content: its blanks in order and whether it may be nil."""
    content = [field.model_dump(mode="json") for field in form.fields]
    return hashlib.sha256(orjson.dumps([form.nil, content], option=orjson.OPT_SORT_KEYS)).hexdigest()


def rhythm(period: str, *, event_driven: bool) -> Rhythm:
    """Return the rhythm of a line by its period's label."""
    if event_driven:
        return Rhythm.EVENT
    return Rhythm.RECURRING if is_calendar(period) else Rhythm.ONCE


def last_day(period: str) -> date:
    """Return the last day of a period by its label (2023-05, 2023-05上旬, 2023-W21, 2023-Q2, 2023-H1, 2023, 2023-2025).

    What has no calendar period stays open until it is done.
    """
    if not is_calendar(period):
        return FOR_EVER
    year, _, part = period.partition("-")
    if not part:
        return date(int(year), 12, 31)
    if part[0] == "W":
        return date.fromisocalendar(int(year), int(part[1:]), 7)
    if part[0] in "QH":
        return month_end(int(year), int(part[1:]) * (3 if part[0] == "Q" else 6))
    if part.isdecimal() and len(part) == 4:
        return date(int(part), 12, 31)
    third = {"上旬": 10, "中旬": 20}.get(part[2:])
    return date(int(year), int(part[:2]), third) if third else month_end(int(year), int(part[:2]))


def likeness(one: Wanted, other: Wanted) -> Likeness | None:
    """Return how sure it is that the two duties ask for the same record; None if they do not.

    Within a campaign every duty is a duty of its own. The general record says nothing of what was done, so titles must.
    """
    alike = one.campaign_id != other.campaign_id and one.rhythm is other.rhythm
    if not alike or (one.form, one.blanks) != (other.form, other.blanks):
        return None
    named = _same_title(one.title, other.title)
    if one.rhythm is Rhythm.ONCE:
        return Likeness.ONE_PAPER if named else None
    if named:
        return Likeness.SAME_TITLE
    return Likeness.SAME_FORM if one.form and one.sole and other.sole else None


def lacking(one: Wanted, other: Wanted) -> list[str]:
    """Return the 佐证 and signatures that the other duty wants and the first one's form has no blank for."""
    return [title for title in other.evidence if title not in one.asks]


def missing(content: Mapping[str, Any], other: Wanted) -> list[str]:
    """Return the 佐证 and signatures that the other duty wants and the record does not have."""
    return [title for title in other.evidence if not content.get(title)]


def why_not_usable(record: Record, own: Wanted, *, nil_allowed: bool, taken: Collection[date]) -> str:
    """Return why a record of the same doer does not do for his task, or an empty word.

    One that was sent back or objected to is not used again: what it says is in question. `taken` are the days of the period
    that have a record already.
    """
    if record.sent_back or own.campaign_id in record.campaigns:
        return "这条记录被退回过或者有异议" if record.sent_back else "这条记录在本行动里已经用过"
    if likeness(record.wanted, own) is None:
        return "这条记录和这项任务要的不是同一种"
    if record.nil and not nil_allowed:
        return "这项任务不能零报告"
    if not record.nil and (lacks := missing(record.content, own)):
        return f"这项任务还要{'、'.join(lacks)}，这条记录里没有"
    if not own.opens_on <= record.occurred_on <= own.closes_on:
        return f"记录日期{day_words(record.occurred_on)}不在本期内"
    return f"{day_words(record.occurred_on)}这一天在本期已经有一份记录" if record.occurred_on in taken else ""


def meet(one: Wanted, other: Wanted) -> bool:
    """Whether a day lies in both periods."""
    return max(one.opens_on, other.opens_on) <= min(one.closes_on, other.closes_on)


def pairs(new: Iterable[Wanted], old: Iterable[Wanted]) -> list[tuple[int, int]]:
    """Match the lines of a new duty with those of one that runs already: (place among the new, place among the old).

    Each line serves once: of 每月2次 against 每月1次 one of two is covered. The periods must share a day.
    """
    free = dict(enumerate(old))
    found = []
    for place, line in enumerate(new):
        fit = next((at for at, one in free.items() if meet(line, one)), None)
        if fit is not None:
            del free[fit]
            found.append((place, fit))
    return found


def _same_title(one: str, other: str) -> bool:
    short, long = sorted((_bare(one), _bare(other)), key=len)
    return short == long or (len(short) >= SHORTEST_TITLE and short in long)


@lru_cache(maxsize=1024)
def _bare(title: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", title) if letter.isalnum())
