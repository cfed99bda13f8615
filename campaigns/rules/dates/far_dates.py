"""How far ahead a date may be set: a slip of the year (2206 for 2026) must not become anybody's deadline."""

from datetime import date

from campaigns.date_words import day_words

LONGEST_YEARS = 10
"""No campaign is longer (definition/phrases), so nothing of one is due later."""


def too_far(day: date, *, today: date) -> str:
    """Return the sentence against a day that lies so far ahead that its year must be a slip, empty for any other."""
    latest = date(today.year + LONGEST_YEARS, 12, 31)
    return f"这个日期太远了，最晚可到{day_words(latest)}，请核对年份。" if day > latest else ""
