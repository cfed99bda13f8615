"""How dates, times, money and distances in days are written for a clerk in China."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from campaigns.clock import local
from campaigns.date_words import day_words, moment_words, month_words
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.quotes import quoted

WEEKDAYS = "一二三四五六日"
SOON_DAYS = 3


def day_short(value: date, today: date | None = None) -> str:
    """5月31日 周三; with the year before it when that is not today's."""
    return f"{day_alone(value, today)} 周{WEEKDAYS[value.weekday()]}"


def day_alone(value: date, today: date | None = None) -> str:
    """5月31日, within a sentence; with the year before it when that is not today's."""
    return f"{_year(value, today)}{value.month}月{value.day}日"


def days_left(due: date, today: date) -> str:
    """How far a deadline is, in words."""
    distance = (due - today).days
    if distance < 0:
        return f"逾期 {-distance} 天"
    return {0: "今天到期", 1: "明天到期", 2: "后天到期"}.get(distance, f"还有 {distance} 天")


def days_on(day: date, days: int) -> date:
    """Return the day so many days after a day."""
    return day + timedelta(days=days)


def due_tone(due: date, today: date) -> str:
    """late, soon or an empty word: the tone in which a deadline is shown."""
    distance = (due - today).days
    return "late" if distance < 0 else "soon" if distance <= SOON_DAYS else ""


def wan(yuan: int) -> str:
    """Whole 元 shown in 万元 without a rounded-off 元: 125000 → 12.5."""
    return f"{yuan / 10_000:,.4f}".rstrip("0").rstrip(".")


def number(value: int | Decimal) -> str:
    """Digits in groups of three, a plain zero for nothing."""
    return f"{value:,}"


def ago(seconds: float) -> str:
    """Time passed, in the largest fitting unit: 12 秒前, 3 分钟前, 2 小时前, 5 天前."""
    for size, unit in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}前"
    return f"{max(0, int(seconds))} 秒前"


def masked(phone: str) -> str:
    """A telephone number of which only so much is shown that its owner knows it: 138****1234."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else phone


def moment_short(value: datetime, today: date | None = None) -> str:
    """5月31日 17:04, Beijing time; with the year before it when that is not today's."""
    there = local(value)
    return f"{day_alone(there.date(), today)} {there:%H:%M}"


def _year(value: date, today: date | None) -> str:
    return "" if today is None or value.year == today.year else f"{value.year}年"


def pairs(words: Iterable[str]) -> list[tuple[str, str]]:
    """Options of a select whose keys are their words."""
    return [(word, word) for word in words]


def pair_note(word: str) -> tuple[str, str, str]:
    """One option of `ui.choices` whose key is its word."""
    return word, word, ""


FILTERS = {
    "day": day_words,
    "day_short": day_short,
    "day_alone": day_alone,
    "month_words": month_words,
    "moment": moment_words,
    "days_left": days_left,
    "days_on": days_on,
    "due_tone": due_tone,
    "wan": wan,
    "number": number,
    "masked": masked,
    "moment_short": moment_short,
    "pairs": pairs,
    "period_words": period_label,
    "pair_note": pair_note,
    "quoted": quoted,
}
