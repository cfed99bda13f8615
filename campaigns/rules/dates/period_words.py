"""How a period is said to people: its label is for keys and for ever."""

from campaigns.definition.periods import is_calendar


def period_label(period: str, seq: int = 1, quota: int = 1) -> str:
    """Say a period as people do: 2023-05 → 2023年5月, 2023-Q2 → 2023年第2季度, with 第n次 when several are due in it."""
    which = f"第{seq}次" if quota > 1 else ""
    return f"{_period_words(period)}{which}"


def _period_words(period: str) -> str:
    if not is_calendar(period):
        return "" if period == "once" else period
    year, dash, part = period.partition("-")
    if not dash:
        return f"{year}年"
    if part[0] in "QHW" and part[1:].isdigit():
        unit = {"Q": "季度", "W": "周"}.get(part[0])
        return f"{year}年第{int(part[1:])}{unit}" if unit else f"{year}年{'上' if part == 'H1' else '下'}半年"
    month, rest = part[:2], part[2:]
    return f"{year}年{int(month)}月{rest}" if month.isdigit() else f"{year}—{part}年"
