"""频次, 起止, 时点, 时长 and the other short phrases: closed grammars whose errors list what may be written.

`GRAMMARS` names every grammar that the model's `Phrase` markers use, with the examples that messages, the JSON Schema and
docs/language.md show.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any

from campaigns.definition import conditions
from campaigns.definition.deadlines import EXAMPLES, deadline, written_date
from campaigns.definition.months import months_between, shift
from campaigns.definition.wording import PhraseError, clock_time, listed, squeeze


@dataclass(frozen=True, slots=True)
class Frequency:
    """A quota in a period: `times` records inside every `every` × `unit`. `unit` 次 means at each event, unscheduled."""

    times: int
    unit: str
    every: int = 1

    @property
    def event_driven(self) -> bool:
        """Whether it happens at each event (每次作业前) instead of in periods."""
        return self.unit == "次"


FREQUENCIES = ("每周1次", "每旬1次", "每月2次", "每季度1次", "每半年2次", "每年1次", "每3年1次", "每次作业前")


@lru_cache(maxsize=1024)
def frequency(text: str) -> Frequency:
    """Read 每周N次 … 每N年1次, 每次作业前."""
    written = squeeze(text)
    if re.fullmatch(r"每次\w{1,8}[前后时]", written):
        return Frequency(1, "次")
    match = re.fullmatch(r"每(\d{0,2})(?:个)?(周|旬|月|季度|半年|年)(\d{1,2})次", written)
    if not match or (match[1] and match[2] != "年") or "0" in (match[1], match[3]):
        raise PhraseError(f"看不懂频次“{text}”，可以写：{listed(FREQUENCIES)}")
    return Frequency(int(match[3]), match[2], int(match[1] or 1))


@dataclass(frozen=True, slots=True)
class Span:
    """起止. Either two dates, or a length from a launch that is still to be chosen (`start` is None)."""

    start: date | None = None
    end: date | None = None
    days: int = 0
    months: int = 0

    def from_start(self, starts_on: date) -> date:
        """Return the last day of this span when it starts on that day; the first day counts."""
        if self.start and self.end:
            return shift(self.end, months_between(self.start, starts_on))
        if self.days:
            return date.fromordinal(starts_on.toordinal() + self.days - 1)
        return date.fromordinal(shift(starts_on, self.months).toordinal() - 1)


LONGEST_YEARS = 10
SPANS = ("2023年5月1日 至 2023年12月31日", "2023年5月 至 12月", "启动起100天", "启动起8个月", "启动起3年")
_DATE = r"(\d{1,2})月份?(?:(\d{1,2})日|底)?"
_SPAN = re.compile(rf"(\d{{4}})年(?:{_DATE})?[至到—-]+(?:(\d{{4}})年)?(?:{_DATE}|底)?")


@lru_cache(maxsize=256)
def span(text: str) -> Span:
    """Read when a campaign runs."""
    written = squeeze(text)
    if match := re.fullmatch(r"启动起([1-9]\d{0,3})(天|个月|年)", written):
        number = int(match[1])
        found = Span(days=number) if match[2] == "天" else Span(months=number * (12 if match[2] == "年" else 1))
        return _not_too_long(text, found, found.days > LONGEST_YEARS * 366 or found.months > LONGEST_YEARS * 12)
    match = _SPAN.fullmatch(written)
    if not match:
        raise PhraseError(f"看不懂起止“{text}”，可以写：{listed(SPANS)}")
    year, month, day, end_year, end_month, end_day = match.groups()
    start = written_date(year, month or "1", day or "1").as_written
    end = written_date(end_year or year, end_month, end_day).as_written
    if end < start:
        raise PhraseError(f"“{text}”的结束早于开始")
    return _not_too_long(text, Span(start, end), end.year - start.year >= LONGEST_YEARS)


def _not_too_long(text: str, found: Span, too_long: bool) -> Span:
    if too_long:
        raise PhraseError(f"一个行动最长{LONGEST_YEARS}年，“{text}”太长了")
    return found


@dataclass(frozen=True, slots=True)
class Moment:
    """时点 relative to a due date: `distance` < 0 before, 0 on the day, > 0 after; `repeats` for 逾期后每N个."""

    distance: int
    working: bool
    repeats: bool = False


MOMENTS = ("到期前5个工作日", "到期前3天", "到期当日", "逾期后每2个工作日", "逾期后每7天")


@lru_cache(maxsize=256)
def moment(text: str) -> Moment:
    """Read when, before or after a due date, something is sent."""
    written = squeeze(text)
    if written == "到期当日":
        return Moment(0, working=False)
    match = re.fullmatch(r"(到期前|逾期后每)([1-9]\d{0,2})(?:(个工作日)|[天日])", written)
    if not match:
        raise PhraseError(f"看不懂时点“{text}”，可以写：{listed(MOMENTS)}")
    before = match[1] == "到期前"
    return Moment(-int(match[2]) if before else int(match[2]), working=bool(match[3]), repeats=not before)


@dataclass(frozen=True, slots=True)
class Duration:
    """时长: so many working or calendar days."""

    days: int
    working: bool


DURATIONS = ("1个工作日", "10天")


@lru_cache(maxsize=256)
def duration(text: str) -> Duration:
    """Read 3个工作日, 3个工作日内, 10天, 10日内."""
    match = re.fullmatch(r"(\d{1,3})(?:(个工作日)|[天日])内?", squeeze(text))
    if not match:
        raise PhraseError(f"看不懂时长“{text}”，可以写：{listed(DURATIONS)}")
    return Duration(int(match[1]), working=bool(match[2]))


@dataclass(frozen=True, slots=True)
class OffDayPolicy:
    """遇非工作日: `direction` -1 提前, +1 顺延 (to the `nth` working day), 0 不变."""

    direction: int
    nth: int = 1


POLICIES = ("提前", "顺延", "顺延第2个工作日", "不变")


@lru_cache(maxsize=64)
def off_day_policy(text: str) -> OffDayPolicy:
    """Read what happens to a due date that is not a working day."""
    written = squeeze(text)
    match = re.fullmatch(r"提前|不变|顺延(?:第([1-9])个工作日)?", written)
    if not match:
        raise PhraseError(f"看不懂“{text}”，遇非工作日可以写：{listed(POLICIES)}")
    if match[0] in ("提前", "不变"):
        return OffDayPolicy(-1 if match[0] == "提前" else 0)
    return OffDayPolicy(1, int(match[1] or 1))


def office_hours(text: str) -> tuple[time, time]:
    """Read 08:30-17:30."""
    start, _, end = squeeze(text).partition("-")
    if not end:
        raise PhraseError(f"看不懂办公时间“{text}”，请写成 08:30-17:30 这样")
    opens, closes = clock_time(start), clock_time(end)
    if closes <= opens:
        raise PhraseError(f"办公时间“{text}”的结束早于开始")
    return opens, closes


def inherited(text: str) -> tuple[str, str]:
    """Read 继承: the superior's template and its version, `hazard-2023@1.0.0`."""
    match = re.fullmatch(r"([a-z][a-z0-9-]*)@(\d+\.\d+\.\d+)", squeeze(text))
    if not match:
        raise PhraseError(f"看不懂继承“{text}”，请写成 编号@版本，如 hazard-2023@1.0.0")
    return match[1], match[2]


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one kind of phrase is read, and examples of every form."""

    read: Callable[[str], Any]
    examples: tuple[str, ...]


GRAMMARS: dict[str, Grammar] = {
    "频次": Grammar(frequency, FREQUENCIES),
    "截止": Grammar(deadline, EXAMPLES),
    "起止": Grammar(span, SPANS),
    "时点": Grammar(moment, MOMENTS),
    "时长": Grammar(duration, DURATIONS),
    "遇非工作日": Grammar(off_day_policy, POLICIES),
    "办公时间": Grammar(office_hours, ("08:30-17:30",)),
    "时刻": Grammar(clock_time, ("17:00", "24:00")),
    "继承": Grammar(inherited, ("hazard-2023@1.0.0",)),
    "条件": Grammar(conditions.condition, conditions.CONDITIONS),
    "校核": Grammar(conditions.report_check, conditions.REPORT_CHECKS),
    "算式": Grammar(conditions.formula, conditions.FORMULAS),
    "属性": Grammar(conditions.trait, conditions.TRAITS),
}
