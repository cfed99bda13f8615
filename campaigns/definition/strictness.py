"""加严: whether what a lower level writes asks at least as much as what its superior wrote, key by key."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from campaigns.definition.deadlines import Where, deadline
from campaigns.definition.model import CalendarRules, Duty, Stage
from campaigns.definition.periods import PER_YEAR, periods, rate
from campaigns.definition.phrases import Frequency, frequency, off_day_policy
from campaigns.definition.taking import TAKES
from campaigns.definition.wording import PhraseError, clock_time, listed

PARTIAL = ("跳过", "按比例", "计入")
# Some years of every shape: a leap February, year ends on every kind of weekday.
SAMPLE = (date(2023, 1, 1), date(2025, 12, 31))


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a deadline stands: the superior's calendar, its campaign, and the window of the stage."""

    calendar: CalendarRules = field(default_factory=CalendarRules)
    campaign: tuple[date, date] = SAMPLE
    window: tuple[date, date] = SAMPLE

    def places(self, often: Frequency | None) -> Iterator[Where]:
        """Yield the periods to compare in: the window for what happens once, else some years of periods."""
        spans = [(period.start, period.end) for period in periods(often, *SAMPLE)] if often else [self.window]
        for start, end in spans:
            yield Where(self.campaign[0], *self.window, start, end, _count_weekdays)


Rule = Callable[[Any, Any, Setting], bool]


def duty_complaint(alias: str, old: Duty, new: Duty, setting: Setting) -> str:
    """Return why this key of a duty may not change so, or nothing."""
    if alias == TAKES:
        return f"“{TAKES}”不能在调整里改，请直接写要改的项目，如 频次"
    if alias in old.parent_allows or alias in FREE:
        return ""
    if alias in ("截止", "分期截止"):
        return "" if _due_no_later(old, new, setting) else _only_stricter(_dues(old), _dues(new))
    return _complaint(alias, old, new, setting, DUTY_RULES)


def stage_complaint(alias: str, old: Stage, new: Stage, setting: Setting) -> str:
    """Return why this key of a stage may not change so, or nothing."""
    if alias in old.parent_allows or alias in FREE:
        return ""
    return _complaint(alias, old, new, setting, STAGE_RULES)


def _complaint(alias: str, old: Duty | Stage, new: Duty | Stage, setting: Setting, rules: Mapping[str, Rule]) -> str:
    before, after = _value(old, alias), _value(new, alias)
    if alias not in rules:
        return f"上级没有允许下级改“{alias}”"
    if alias == "遇非工作日":
        before = before or setting.calendar.off_day_policy  # what a duty does not write is the calendar's
    return "" if rules[alias](before, after, setting) else _only_stricter(before, after)


def no_later(old: str | None, new: str | None, setting: Setting) -> bool:
    """Whether what happens once is due on the same day or earlier; what cannot be read is told elsewhere."""
    try:
        return not old or (bool(new) and _never_later(None, old, new or "", setting))
    except PhraseError:
        return True


def no_later_in_any_period(old: str, new: str) -> bool:
    """Whether a deadline that may stand in any period (a parameter's) falls on the same day or earlier in all of them."""
    units = (Frequency(1, unit) for unit in PER_YEAR)
    return all(_never_later(often, old, new, Setting()) for often in units)


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


def _due_no_later(old: Duty, new: Duty, setting: Setting) -> bool:
    try:
        before = frequency(old.frequency) if old.frequency else None
        after = frequency(new.frequency) if new.frequency else None
        if before != after and before and after and before.unit != after.unit:
            return rate(after) >= rate(before)
        pairs = zip(reversed(_dues(old)), reversed(_dues(new)), strict=False)
        return all(_never_later(after, earlier, later, setting) for earlier, later in pairs)
    except PhraseError:
        return True


def _never_later(often: Frequency | None, old: str, new: str, setting: Setting) -> bool:
    before, after = deadline(old), deadline(new)
    if any(after.day.on(where) > before.day.on(where) for where in setting.places(often)):
        return False
    usual = clock_time(setting.calendar.due_time)
    return (after.at or usual) <= (before.at or usual)


def _count_weekdays(day: date, count: int) -> date:
    """Count Monday to Friday: near enough to tell earlier from later."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while day.weekday() >= 5:
            day += step
    return day


def _value(part: Duty | Stage, alias: str) -> Any:
    """Return what is written under a key.

    Raises:
        StopIteration: there is no such key; the model has told so already.
    """
    return next(getattr(part, name) for name, field in type(part).model_fields.items() if field.alias == alias)


def _as_often(old: str | None, new: str | None, _: Setting) -> bool:
    if not old:
        return True
    before, after = frequency(old), frequency(new) if new else None
    return after is not None and after.event_driven == before.event_driven and rate(after) >= rate(before)


def _adds(old: Any, new: Any, _: Setting) -> bool:
    return not old or new == old


FREE = ("说明", "条款", "原文")
DUTY_RULES: dict[str, Rule] = {
    "频次": _as_often,
    "开始": no_later,
    "首尾不足期": lambda old, new, _: PARTIAL.index(new) >= PARTIAL.index(old),
    "遇非工作日": lambda old, new, _: no_laxer_policy(old, new),
    "必做": lambda old, new, _: new or not old,
    "佐证": lambda old, new, _: set(old) <= set(new),
    "审核": _adds,
    "催办": _adds,
    "升级": _adds,
    "表单": _adds,
}
STAGE_RULES: dict[str, Rule] = {
    "截止": no_later,
    "开始": no_later,
    "完成条件": lambda old, new, _: not old or (new or "").startswith(f"{old} 且 "),
}
