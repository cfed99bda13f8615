"""加严: whether what a lower level writes asks at least as much as what its superior wrote, key by key."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from campaigns.definition.deadlines import Where, deadline
from campaigns.definition.model import Duty, Stage
from campaigns.definition.periods import periods, rate
from campaigns.definition.phrases import Frequency, frequency, off_day_policy
from campaigns.definition.wording import PhraseError, clock_time, listed

PARTIAL = ("跳过", "按比例", "计入")
# Some years of every shape: a leap February, year ends on every kind of weekday.
SAMPLE = (date(2023, 1, 1), date(2025, 12, 31))

Rule = Callable[[Any, Any], bool]


def duty_complaint(alias: str, old: Duty, new: Duty) -> str:
    """Return why this key of a duty may not change so, or nothing."""
    if alias in old.parent_allows or alias in FREE:
        return ""
    if alias in ("截止", "分期截止"):
        return "" if _due_no_later(old, new) else _only_stricter(_dues(old), _dues(new))
    before, after = _value(old, alias), _value(new, alias)
    if alias not in DUTY_RULES:
        return f"上级没有允许下级改“{alias}”"
    return "" if DUTY_RULES[alias](before, after) else _only_stricter(before, after)


def stage_complaint(alias: str, old: Stage, new: Stage) -> str:
    """Return why this key of a stage may not change so, or nothing."""
    if alias in old.parent_allows or alias in FREE:
        return ""
    before, after = _value(old, alias), _value(new, alias)
    if alias not in STAGE_RULES:
        return f"上级没有允许下级改“{alias}”"
    return "" if STAGE_RULES[alias](before, after) else _only_stricter(before, after)


def no_later(old: str | None, new: str | None) -> bool:
    """Whether a deadline falls on the same day or earlier, whatever the period; what cannot be read is told elsewhere."""
    try:
        return not old or (bool(new) and _never_later(Frequency(1, "年"), old, new or ""))
    except PhraseError:
        return True


def no_laxer_policy(old: str, new: str) -> bool:
    """提前 is the strictest, then 不变, then 顺延."""
    before, after = off_day_policy(old), off_day_policy(new)
    return (after.direction, after.nth) <= (before.direction, before.nth)


def no_later_hour(old: str, new: str) -> bool:
    """Whether a due date ends at the same hour or earlier."""
    return clock_time(new) <= clock_time(old)


def _only_stricter(before: Any, after: Any) -> str:
    return f"上级要求“{_shown(before)}”，下级只能加严，不能改为“{_shown(after)}”"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return listed(value) if isinstance(value, tuple) else str(value or "不写")


def _dues(duty: Duty) -> tuple[str, ...]:
    return duty.split_dues or ((duty.due,) if duty.due else ("期末" if duty.frequency else "阶段末",))


def _due_no_later(old: Duty, new: Duty) -> bool:
    try:
        before = frequency(old.frequency) if old.frequency else Frequency(1, "年")
        after = frequency(new.frequency) if new.frequency else Frequency(1, "年")
        if before.unit != after.unit:
            return rate(after) >= rate(before)
        pairs = zip(reversed(_dues(old)), reversed(_dues(new)), strict=False)
        return all(_never_later(after, earlier, later) for earlier, later in pairs)
    except PhraseError:
        return True


def _never_later(often: Frequency, old: str, new: str) -> bool:
    before, after = deadline(old), deadline(new)
    if any(after.day.on(where) > before.day.on(where) for where in _sample(often)):
        return False
    return before.at is None or after.at is None or after.at <= before.at


def _sample(often: Frequency) -> Iterator[Where]:
    first, last = SAMPLE
    for period in periods(often, first, last):
        yield Where(first, first, last, period.start, period.end, lambda day, count: day + timedelta(days=count))


def _value(part: Duty | Stage, alias: str) -> Any:
    return next(getattr(part, name) for name, field in type(part).model_fields.items() if field.alias == alias)


def _as_often(old: str | None, new: str | None) -> bool:
    if not old:
        return True
    before, after = frequency(old), frequency(new) if new else None
    return after is not None and after.event_driven == before.event_driven and rate(after) >= rate(before)


def _adds(old: Any, new: Any) -> bool:
    return not old or new == old


FREE = ("说明", "条款", "原文")
DUTY_RULES: dict[str, Rule] = {
    "频次": _as_often,
    "开始": no_later,
    "首尾不足期": lambda old, new: PARTIAL.index(new) >= PARTIAL.index(old),
    "遇非工作日": lambda old, new: old is None or (new is not None and no_laxer_policy(old, new)),
    "必做": lambda old, new: new or not old,
    "佐证": lambda old, new: set(old) <= set(new),
    "审核": _adds,
    "催办": _adds,
    "升级": _adds,
    "表单": _adds,
}
STAGE_RULES: dict[str, Rule] = {
    "截止": no_later,
    "开始": no_later,
    "完成条件": lambda old, new: not old or (new or "").startswith(f"{old} 且 "),
}
