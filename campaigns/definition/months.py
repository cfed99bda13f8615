"""Month arithmetic: the end of a month stays the end of a month, and a day that a month lacks becomes its last."""

from calendar import monthrange
from datetime import date
from functools import lru_cache

# Nothing written or launched lies outside; no arithmetic on these leaves what the calendar can hold.
FIRST_YEAR, LAST_YEAR = 2000, 2100


@lru_cache(maxsize=4096)
def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def day_of_month(year: int, month: int, day: int | None) -> date:
    """Return that day of the month; None, or a day beyond the end (30 and 31 February), is the month's last."""
    last = month_end(year, month)
    return last if day is None or day > last.day else last.replace(day=day)


def add_months(year: int, month: int, months: int) -> tuple[int, int]:
    """Return the (year, month) that lies so many months later, or earlier when negative."""
    years, zero_based = divmod(year * 12 + month - 1 + months, 12)
    return years, zero_based + 1


def shift(day: date, months: int) -> date:
    """Move a date by whole months; a month's last day goes to a month's last day."""
    year, month = add_months(day.year, day.month, months)
    return day_of_month(year, month, None if day == month_end(day.year, day.month) else day.day)


def months_between(earlier: date, later: date) -> int:
    """Return how many months lie between the months of two dates, days ignored."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month
