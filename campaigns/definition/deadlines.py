"""截止: the closed grammar of due dates, and on which day each falls.

Every form is one small class: how it is written, and `on(where)`. Nothing here asks a clock or knows holidays; the two forms
that count working days get the counting from `Where`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Protocol

from campaigns.definition.months import FIRST_YEAR, LAST_YEAR, add_months, day_of_month, month_end, shift
from campaigns.definition.wording import TIME, PhraseError, clock_time, listed, squeeze

WEEKDAYS = "一二三四五六日"
PERIOD_ENDS = {"周末": "周", "旬末": "旬", "月末": "月", "季末": "季度", "半年末": "半年", "年末": "年", "期末": "期"}


@dataclass(frozen=True, slots=True)
class Where:
    """What a deadline is relative to: the campaign, the window of its stage, and the period of its frequency.

    A duty without a frequency has its window as its period. `moved_by` is the re-dating in months (see `planning`).
    """

    campaign_start: date
    window_start: date
    window_end: date
    period_start: date
    period_end: date
    count_working_days: Callable[[date, int], date]
    moved_by: int = 0


class Day(Protocol):
    """A written day. `recurs` marks forms that need a 频次 to mean anything."""

    recurs: bool

    def on(self, where: Where) -> date:
        """Return the day that is meant."""


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """2023年5月20日, 2023年5月底, 2023年底: moves with the campaign when it is launched in another month or year.

    “定于2024年12月31日” is `fixed`: a date that somebody outside set and that does not move.
    """

    year: int
    month: int
    day: int | None
    fixed: bool = False
    recurs = False

    @property
    def as_written(self) -> date:
        """The date itself, before any re-dating."""
        return day_of_month(self.year, self.month, self.day)

    def on(self, where: Where) -> date:
        return self.as_written if self.fixed else shift(self.as_written, where.moved_by)


@dataclass(frozen=True, slots=True)
class YearlyDate:
    """6月底, 5月20日: no year, so bound to the season (安全生产月 is June); the first one in the period."""

    month: int
    day: int | None
    recurs = False

    def on(self, where: Where) -> date:
        first = day_of_month(where.period_start.year, self.month, self.day)
        return first if first >= where.period_start else day_of_month(first.year + 1, self.month, self.day)


@dataclass(frozen=True, slots=True)
class MonthlyDay:
    """每月25日, 15日: in a longer period, of its last month. The 30th and 31st become the last day of a short month."""

    day: int
    recurs = True

    def on(self, where: Where) -> date:
        return day_of_month(where.period_end.year, where.period_end.month, self.day)


@dataclass(frozen=True, slots=True)
class DayOfWeek:
    """每周五: in a longer period, its last one."""

    weekday: int
    recurs = True

    def on(self, where: Where) -> date:
        return where.period_end - timedelta(days=(where.period_end.weekday() - self.weekday) % 7)


@dataclass(frozen=True, slots=True)
class PeriodEnd:
    """月末, 季末, 半年末, 年末 …: the last day of the period."""

    unit: str
    recurs = True

    def on(self, where: Where) -> date:
        return where.period_end


@dataclass(frozen=True, slots=True)
class AfterPeriod:
    """次月5日, 季后15日: a statement about a period that is handed in after it."""

    day: int
    recurs = True

    def on(self, where: Where) -> date:
        return day_of_month(*add_months(where.period_end.year, where.period_end.month, 1), self.day)


@dataclass(frozen=True, slots=True)
class NextYear:
    """次年1月31日."""

    month: int
    day: int
    recurs = True

    def on(self, where: Where) -> date:
        return day_of_month(where.period_end.year + 1, self.month, self.day)


@dataclass(frozen=True, slots=True)
class StageEnd:
    """阶段末, 阶段末前5个工作日, 阶段末后3天. Without a stage, the campaign's end."""

    distance: int = 0
    working: bool = False
    recurs = False

    def on(self, where: Where) -> date:
        if self.working and self.distance:
            return where.count_working_days(where.window_end, self.distance)
        return where.window_end + timedelta(days=self.distance)


@dataclass(frozen=True, slots=True)
class AfterIssue:
    """下发后5个工作日: counted from the day on which the task opens, which is not counted itself."""

    distance: int
    working: bool
    recurs = False

    def on(self, where: Where) -> date:
        if self.working:
            return where.count_working_days(where.period_start, self.distance)
        return where.period_start + timedelta(days=self.distance)


@dataclass(frozen=True, slots=True)
class CampaignDay:
    """启动后第100天: day 1 is the launch day, so day 100 is the start + 99."""

    number: int
    recurs = False

    def on(self, where: Where) -> date:
        return where.campaign_start + timedelta(days=self.number - 1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due date as written: the day, and the hour if one is given (else the campaign's 截止时刻)."""

    day: Day
    at: time | None = None


def written_date(year: str, month: str | None, day: str | None) -> WrittenDate:
    """Read a full date; no month means the year's last, no day the month's last.

    Raises:
        PhraseError: there is no such day.
    """
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise PhraseError(f"年份要在{FIRST_YEAR}到{LAST_YEAR}之间，没有“{year}年”")
    number = _month(int(month or 12))
    return WrittenDate(int(year), number, _existing_day(day, int(year), number))


def _written_date(match: re.Match[str]) -> Day:
    return replace(written_date(match["y"], match["m"], match["d"]), fixed=bool(match["fixed"]))


def _yearly_date(match: re.Match[str]) -> Day:
    # Without a year February may have 29 days: 2月29日 becomes the 28th in other years.
    month = _month(int(match["m"]))
    return YearlyDate(month, _existing_day(match["d"], 2024, month))


def _next_year(match: re.Match[str]) -> Day:
    month = _month(int(match["m"]))
    return NextYear(month, _existing_day(match["d"], 2024, month) or 31)


def _monthly_day(match: re.Match[str]) -> Day:
    return MonthlyDay(_day_number(match["d"]))


def _stage_end(match: re.Match[str]) -> Day:
    if not match["n"]:
        return StageEnd()
    sign = -1 if match["side"] == "前" else 1
    return StageEnd(sign * int(match["n"]), working=bool(match["w"]))


def _month(month: int) -> int:
    if not 1 <= month <= 12:
        raise PhraseError(f"一年只有12个月，没有“{month}月”")
    return month


def _day_number(text: str) -> int:
    day = int(text)
    if not 1 <= day <= 31:
        raise PhraseError(f"一个月最多31天，没有“{day}日”")
    return day


def _existing_day(text: str | None, year: int, month: int) -> int | None:
    if text is None:
        return None
    day, last = int(text), month_end(year, month).day
    if not 1 <= day <= last:
        which = f"{year}年{month}月" if month == 2 else f"{month}月"
        raise PhraseError(f"{which}只有{last}天，没有“{month}月{day}日”，是不是想写“{month}月底”？")
    return day


# Each form: how it is written, how it is read, an example for messages and docs. First match wins.
FORMS: tuple[tuple[str, Callable[[re.Match[str]], Day], str], ...] = (
    (
        r"(?P<fixed>定于)?(?P<y>\d{4})年(?:(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日|底|末)?|底|末)",
        _written_date,
        "2023年5月20日、2023年5月底、定于2024年12月31日",
    ),
    (r"(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日|底|末)", _yearly_date, "5月20日、5月底"),
    (r"(?:每月)?(?P<d>\d{1,2})日", _monthly_day, "每月25日"),
    (r"每?周(?P<w>[一二三四五六日])", lambda m: DayOfWeek(WEEKDAYS.index(m["w"])), "每周五"),
    (
        r"(?P<e>周末|旬末|月末|季末|半年末|年末|期末)",
        lambda m: PeriodEnd(PERIOD_ENDS[m["e"]]),
        "周末、旬末、月末、季末、半年末、年末、期末",
    ),
    (r"(?:次月|季后|期后)(?P<d>\d{1,2})日", lambda m: AfterPeriod(_day_number(m["d"])), "次月5日、季后15日"),
    (r"次年(?P<m>\d{1,2})月(?P<d>\d{1,2})日", _next_year, "次年1月31日"),
    (r"阶段末(?:(?P<side>[前后])(?P<n>\d{1,3})(?:(?P<w>个工作日)|[天日]))?", _stage_end, "阶段末、阶段末前5个工作日"),
    (
        r"下发后(?P<n>\d{1,3})(?:(?P<w>个工作日)|[天日])",
        lambda m: AfterIssue(int(m["n"]), working=bool(m["w"])),
        "下发后5个工作日",
    ),
    (r"启动后第(?P<n>[1-9]\d{0,3})天", lambda m: CampaignDay(int(m["n"])), "启动后第100天"),
)
EXAMPLES = tuple(example for _, _, example in FORMS)
_FORMS = tuple((re.compile(f"(?:{pattern})(?:之?以?前)?{TIME}?"), read) for pattern, read, _ in FORMS)


@lru_cache(maxsize=4096)
def deadline(text: str) -> Deadline:
    """Read a due date. A notice's trailing “前” is allowed and includes the day itself.

    Raises:
        PhraseError: what is wrong and what may be written, in Chinese.
    """
    written = squeeze(text)
    for pattern, read in _FORMS:
        if match := pattern.fullmatch(written):
            return Deadline(read(match), clock_time(match["time"]) if match["time"] else None)
    raise PhraseError(f"看不懂截止时间“{text}”，可以写：{listed(EXAMPLES)}")
