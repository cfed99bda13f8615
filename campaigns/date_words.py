"""How days, months and instants are written for people, everywhere: 2027年6月30日. ISO is for programs and for cells."""

from datetime import date, datetime

from campaigns.clock import local


def day_words(day: date) -> str:
    """2023年5月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def month_words(day: date) -> str:
    """2023年5月, the month in which a day lies."""
    return f"{day.year}年{day.month}月"


def moment_words(at: datetime, *, seconds: bool = False) -> str:
    """2023年5月31日 17:04, Beijing time whatever the instant's own zone is; with seconds where two are told apart by them."""
    there = local(at)
    return f"{day_words(there)} {there:%H:%M:%S}" if seconds else f"{day_words(there)} {there:%H:%M}"
