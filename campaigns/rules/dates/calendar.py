"""工作日: which days people work in China, and where a due date goes when it falls on another.

The shipped table is the `holidays` library (the State Council's notices, 调休 included), over it the files of
campaigns/library/calendars, over those what an administrator entered. A year whose 调休 is not published yet works Monday to
Friday less the statutory days, and says so: a warning, never an exception.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from campaigns.date_words import day_words
from campaigns.definition.phrases import off_day_policy
from campaigns.definition.shelf import calendar_years

ONE_DAY = timedelta(days=1)
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
# Longer than any run of days off; a table that says nobody ever works is a mistake to stop at, not to loop on.
LONGEST_BREAK = 60


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Where a date went. `reason` is a Chinese clause for the reader; empty when it did not move."""

    day: date
    moved: bool = False
    reason: str = ""


class WorkCalendar:
    """The working days, with an administrator's `overrides` (day → working or not) over the shipped table.

    `published` names years whose 调休 the administrator has entered in full, so that no warning is due.
    """

    def __init__(self, overrides: Mapping[date, bool] | None = None, *, published: Collection[int] = ()) -> None:
        self._overrides = dict(overrides or {})
        self._published = frozenset(published)

    def is_working(self, day: date) -> bool:
        """Whether people work on that day."""
        working = self._overrides.get(day)
        if working is not None:
            return working
        year = _year(day.year)
        return day in year.working if day.weekday() >= 5 else day not in year.off

    def why_off(self, day: date) -> str:
        """Return what a day off is: 中秋节, 周六, 休息日."""
        return _year(day.year).off.get(day) or (WEEKDAYS[day.weekday()] if day.weekday() >= 5 else "休息日")

    def add_working_days(self, day: date, count: int) -> date:
        """Return the day that lies so many working days later (earlier when negative); the day itself is not counted."""
        step, left, since = (ONE_DAY if count > 0 else -ONE_DAY), abs(count), 0
        while left:
            day, since = day + step, since + 1
            if self.is_working(day):
                left, since = left - 1, 0
            if since > LONGEST_BREAK:
                raise ValueError(f"工作日历里{day_words(day)}前后{LONGEST_BREAK}天没有一个工作日，请检查工作日历")
        return day

    def working_days_between(self, earlier: date, later: date) -> int:
        """Return how many working days lie after `earlier` up to and including `later`; negative the other way round."""
        if later < earlier:
            return -self.working_days_between(later, earlier)
        return sum(self.is_working(earlier + timedelta(days=n)) for n in range(1, (later - earlier).days + 1))

    def last_working_day(self, day: date) -> date:
        """Return the day itself if people work on it, else the last working day before."""
        return day if self.is_working(day) else self.add_working_days(day, -1)

    def adjust(self, day: date, policy: str) -> Adjusted:
        """Return where a due date goes under 提前, 顺延, 顺延第N个工作日 or 不变.

        Raises:
            PhraseError: another policy.
        """
        rule = off_day_policy(policy)
        if rule.direction == 0 or self.is_working(day):
            return Adjusted(day)
        to = self.add_working_days(day, rule.direction * rule.nth)
        verb = "提前到" if rule.direction < 0 else "顺延到"
        return Adjusted(to, True, f"{spoken(day)}是{self.why_off(day)}，{verb}{spoken(to)}（{WEEKDAYS[to.weekday()]}）")

    def warnings(self, years: Iterable[int]) -> tuple[str, ...]:
        """Return a sentence for each year whose 调休 is not known."""
        return tuple(
            f"{year}年放假调休安排尚未公布，暂按周一至周五上班、法定节日放假推算；公布后请在“工作日历”里补上。"
            for year in sorted(set(years))
            if year not in self._published and not _year(year).published
        )


def spoken(day: date) -> str:
    """Return a date as people say it: 11月25日."""
    return f"{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class _Year:
    """One year's exceptions to Monday–Friday. `off` names each day off; `published` says that 调休 is known."""

    off: Mapping[date, str]
    working: frozenset[date]
    published: bool


@lru_cache(maxsize=64)
def _year(year: int) -> _Year:
    shipped, table = _statutory(year), calendar_years().get(year)
    if table is None:
        return shipped
    days = table.days()
    off = {**shipped.off, **{day: shipped.off.get(day, "休息日") for day, works in days.items() if not works}}
    off = {day: name for day, name in off.items() if not days.get(day)}
    working = (shipped.working | {day for day, works in days.items() if works}) - off.keys()
    return _Year(off, frozenset(working), table.published)


def _statutory(year: int) -> _Year:
    # Loaded on first use: the library takes a third of a second to import, and not every command needs dates.
    import holidays

    # The next year too: its New Year's notice may make a day in this December a working one.
    days = holidays.country_holidays("CN", years=(year, year + 1), language="zh_CN")
    off = {day: _plain(name) for day, name in days.items() if day.year == year}
    working = frozenset(day for day in days.weekend_workdays if day.year == year)
    return _Year(off, working, published=any("调休" in days[day] for day in off))


def _plain(name: str) -> str:
    return "休息日" if "调休" in name else name.removesuffix("（补假）").split(";", maxsplit=1)[0]
