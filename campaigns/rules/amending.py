"""Amending a running campaign: what a new plan would do to each task of the old one, as `rectify diff` tells it.

Keys are (编号, 期, 序), without a version: 第9期 of a duty is the same task however often the campaign is amended. Sent reminders
stay sent; a task on which somebody has worked is never cancelled or tightened by the machine.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from campaigns.date_words import day_words
from campaigns.rules.dates.plan import Occurrence, Plan

Key = tuple[str, str, int]


class Fate(StrEnum):
    """What happens to a task: 保持, 改期, 新增, 取消, or 需人工裁定 by a named person."""

    KEPT = "保持"
    MOVED = "改期"
    ADDED = "新增"
    CANCELLED = "取消"
    TO_DECIDE = "需人工裁定"


@dataclass(frozen=True, slots=True)
class Amendment:
    """One occurrence under the new plan. `reason` is a Chinese clause for the preview."""

    fate: Fate
    key: Key
    old: Occurrence | None
    new: Occurrence | None
    reason: str = ""


def amendments(old: Plan, new: Plan, *, touched: Collection[Key], today: date) -> tuple[Amendment, ...]:
    """Return the fate of every occurrence of either plan.

    `touched` are those for which anybody has acknowledged, drafted or handed in something. Only what is untouched and not yet
    due is cancelled without asking; a date that becomes earlier, or another form, on touched work is for a person to decide.
    """
    before = {occurrence.key: occurrence for occurrence in old.lines}
    after = {occurrence.key: occurrence for occurrence in new.lines}
    return (*_of_new(before, after, touched), *_of_removed(before, after, touched, today))


def _of_new(
    before: dict[Key, Occurrence], after: dict[Key, Occurrence], touched: Collection[Key]
) -> Iterator[Amendment]:
    for key, new in after.items():
        old = before.get(key)
        fate, reason = _fate(old, new, key in touched)
        yield Amendment(fate, key, old, new, reason)


def _fate(old: Occurrence | None, new: Occurrence, in_hand: bool) -> tuple[Fate, str]:
    if old is None:
        return Fate.ADDED, ""
    if _who_and_what(old) != _who_and_what(new):
        return (
            (Fate.TO_DECIDE, "对象、责任人或表单变了，已有人办理")
            if in_hand
            else (Fate.MOVED, "对象、责任人或表单变了")
        )
    if (old.due_on, old.due_time) == (new.due_on, new.due_time):
        return Fate.KEPT, ""
    change = _moved(old, new)
    earlier = (new.due_on, new.due_time) < (old.due_on, old.due_time)
    return (Fate.TO_DECIDE, f"{change}，提前了，已有人办理") if in_hand and earlier else (Fate.MOVED, change)


def _moved(old: Occurrence, new: Occurrence) -> str:
    if old.due_on == new.due_on:
        return f"{day_words(old.due_on)}的截止由{old.due_time:%H:%M}改为{new.due_time:%H:%M}"
    return f"截止由{day_words(old.due_on)}改为{day_words(new.due_on)}"


def _who_and_what(occurrence: Occurrence) -> tuple[str | None, ...]:
    return occurrence.audience, occurrence.per, occurrence.responsible, occurrence.form, occurrence.report


def _of_removed(
    before: dict[Key, Occurrence], after: dict[Key, Occurrence], touched: Collection[Key], today: date
) -> Iterator[Amendment]:
    for key, old in before.items():
        if key in after:
            continue
        if key in touched:
            yield Amendment(Fate.TO_DECIDE, key, old, None, "新方案里没有这一项，已有人办理")
        elif old.due_on < today and not old.event_driven:
            yield Amendment(Fate.TO_DECIDE, key, old, None, "新方案里没有这一项，但已经到期")
        else:
            yield Amendment(Fate.CANCELLED, key, old, None, "新方案里没有这一项，尚未办理")
