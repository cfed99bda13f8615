"""期: the calendar periods that a 频次 counts in, with the labels that stay the same for ever."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from campaigns.definition.months import add_months, month_end
from campaigns.definition.phrases import Frequency

MONTHS_IN = {"月": 1, "季度": 3, "半年": 6, "年": 12}
THIRDS = ("上旬", "中旬", "下旬")
PER_YEAR = {"周": 52, "旬": 36, "月": 12, "季度": 4, "半年": 2, "年": 1}


_LABEL = re.compile(r"[0-9]{4}(-([0-9]{2}(上旬|中旬|下旬)?|W[0-9]{2}|Q[1-4]|H[12]|[0-9]{4}))?")


def is_calendar(label: str) -> bool:
    """Whether a label is a calendar period's; what is done once has its stage's code, and a stage may be called 2024年."""
    return _LABEL.fullmatch(label) is not None


@dataclass(frozen=True, slots=True)
class Period:
    """One whole calendar period."""

    label: str
    start: date
    end: date


@lru_cache(maxsize=256)
def periods(frequency: Frequency, first: date, last: date) -> tuple[Period, ...]:
    """Return every period that shares at least a day with first..last, none left out, in order.

    每N年 counts its years from the year of `first`. Remembered: most duties of a campaign share a handful of windows.
    """
    return tuple(_periods(frequency, first, last))


def _periods(frequency: Frequency, first: date, last: date) -> Iterator[Period]:
    period = _around(frequency, first, anchor=first.year)
    while period.start <= last:
        yield period
        period = _around(frequency, period.end + timedelta(days=1), anchor=first.year)


def rate(frequency: Frequency) -> float:
    """Return how often a year a frequency asks for something; for comparing a lower level's with its superior's."""
    return frequency.times * PER_YEAR.get(frequency.unit, 0) / frequency.every


def _around(frequency: Frequency, day: date, *, anchor: int) -> Period:
    if frequency.unit == "周":
        return _week(day)
    if frequency.unit == "旬":
        return _third(day)
    if frequency.every > 1:
        year = day.year - (day.year - anchor) % frequency.every
        last = year + frequency.every - 1
        return Period(f"{year}-{last}", date(year, 1, 1), date(last, 12, 31))
    length = MONTHS_IN[frequency.unit]
    number = (day.month - 1) // length
    start = date(day.year, number * length + 1, 1)
    end = month_end(*add_months(start.year, start.month, length - 1))
    return Period(_label(frequency.unit, start, number + 1), start, end)


def _label(unit: str, start: date, number: int) -> str:
    labels = {"月": f"{start:%Y-%m}", "季度": f"{start.year}-Q{number}", "半年": f"{start.year}-H{number}"}
    return labels.get(unit, str(start.year))


def _week(day: date) -> Period:
    monday = day - timedelta(days=day.weekday())
    year, week, _ = day.isocalendar()
    return Period(f"{year}-W{week:02}", monday, monday + timedelta(days=6))


def _third(day: date) -> Period:
    number = min((day.day - 1) // 10, 2)
    end = month_end(day.year, day.month) if number == 2 else day.replace(day=number * 10 + 10)
    return Period(f"{day:%Y-%m}{THIRDS[number]}", day.replace(day=number * 10 + 1), end)
