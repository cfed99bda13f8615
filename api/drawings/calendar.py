"""The stages of a campaign on one calendar. Percentages across, pixels down; the macro only writes them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.drawings.axis import Tick

MOST_TICKS = 9


@dataclass(frozen=True, slots=True)
class Span:
    """What the calendar is given for one stage: its dates, its count of duties and its state in words."""

    title: str
    opens_on: date
    closes_on: date
    inferred: bool
    done: int
    total: int
    state: str


@dataclass(frozen=True, slots=True)
class StageBar:
    """One stage drawn: where its bar lies and how much of it is filled (per cent of the calendar)."""

    span: Span
    tone: str
    note: str
    left: float
    width: float
    filled: float


@dataclass(frozen=True, slots=True)
class CalendarBar:
    """The stages of a campaign on one calendar, with today."""

    stages: tuple[StageBar, ...]
    ticks: tuple[Tick, ...]
    today: float | None
    today_word: str
    today_anchor: str
    sentence: str


def calendar_bar(stages: Sequence[Span], today: date) -> CalendarBar:
    """Lay stages under each other on a common calendar. Stages may overlap; an empty list gives an empty bar."""
    if not stages:
        return CalendarBar((), (), None, "", "middle", "没有阶段")
    first = min(stage.opens_on for stage in stages).replace(day=1)
    last = max(stage.closes_on for stage in stages)
    bars = tuple(_bar(stage, first, last, today) for stage in stages)
    inside = first <= today <= last
    place = _place(today, first, last)
    open_now = "、".join(stage.title for stage in stages if stage.opens_on <= today <= stage.closes_on) or "没有阶段"
    return CalendarBar(
        stages=bars,
        ticks=_month_ticks(first, last),
        today=place if inside else None,
        today_word=f"今天 {today.month}月{today.day}日",
        today_anchor=_anchor(place),
        sentence=f"{len(bars)}个阶段的日历，今天处在：{open_now}",
    )


def _bar(stage: Span, first: date, last: date, today: date) -> StageBar:
    left = _place(stage.opens_on, first, last)
    right = _place(stage.closes_on, first, last, ends=True)
    share = stage.done / stage.total if stage.total else 0.0
    return StageBar(
        span=stage,
        tone=_tone(stage, today),
        note=f"{_share(stage)}{_ends(stage, today)}",
        left=left,
        width=round(max(right - left, 0.6), 2),
        filled=round((right - left) * share, 2),
    )


def _tone(stage: Span, today: date) -> str:
    if stage.total and stage.done >= stage.total:
        return "done"
    if today > stage.closes_on:
        return "late"
    return "open" if today >= stage.opens_on else "ahead"


def _share(stage: Span) -> str:
    return f"{stage.done}/{stage.total} · " if stage.total else ""


def _ends(stage: Span, today: date) -> str:
    return f"{stage.closes_on.month}月{stage.closes_on.day}日{'已' if today > stage.closes_on else ''}截止"


def _place(day: date, first: date, last: date, *, ends: bool = False) -> float:
    length = (last - first).days + 1
    return round(min(max(((day - first).days + ends) / length, 0.0), 1.0) * 100, 2)


def _anchor(place: float) -> str:
    return "start" if place < 12 else "end" if place > 88 else "middle"


def _month_ticks(first: date, last: date) -> tuple[Tick, ...]:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next(size for size in (1, 2, 3, 6, 12, 24, 60) if months / size <= MOST_TICKS or size == 60)
    starts = [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(0, months, step)
    ]
    return tuple(
        Tick(_place(day, first, last), f"{day.month}月" if step < 6 else f"{day:%y}年{day.month}月") for day in starts
    )
