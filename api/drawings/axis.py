"""What the drawings share."""

from dataclasses import dataclass

from campaigns.rules.dates.period_words import period_label


@dataclass(frozen=True, slots=True)
class Tick:
    """A word at a place on the horizontal axis (per cent)."""

    at: float
    word: str
    anchor: str = "start"


def period_short(period: str) -> str:
    """Return a month as narrow as an axis needs it: 5月, and 24年1月 where the year turns; other periods in full."""
    year, _, month = period.partition("-")
    if not month.isdigit():
        return period_label(period)
    return f"{year[2:]}年1月" if month == "01" else f"{int(month)}月"
