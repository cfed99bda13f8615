"""Charts over periods: trend, burndown, columns. Percentages across, pixels down; each carries its rows for the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from api.drawings.axis import Tick

Amount = int | Decimal
"""What is drawn: a count, or money in 万元."""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight piece of a series."""

    series: int
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the first series, with its figure where there is room."""

    x: float
    y: float
    word: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A horizontal line of the grid."""

    y: float
    word: str


@dataclass(frozen=True, slots=True)
class Column:
    """An upright bar."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawn chart and the same figures as rows."""

    title: str
    names: tuple[str, ...]
    unit: str
    sentence: str
    height: int
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]
    bars: tuple[Column, ...]
    rows: tuple[tuple[str, tuple[Amount | None, ...]], ...]

    @property
    def number_headings(self) -> list[str]:
        """Table headings of the series; `>` marks a column of numbers."""
        return [f">{name}" for name in self.names]


PLOT_HEIGHT = 200
PLOT_TOP = 18
PLOT_BOTTOM = 172
PLOT_LEFT = 9.0
PLOT_RIGHT = 97.0


def trend(
    rows: Sequence[tuple[str, Sequence[Amount | None]]], names: Sequence[str], *, unit: str, title: str, top: int = 0
) -> Plot:
    """Lines over periods; None is a gap (not reported), never a zero. A burndown is a trend of what is left and its plan.

    `top` is the highest line of the grid where that is known: 100 of a percentage.
    """
    top = top or _round_up(max((value or 0 for _, values in rows for value in values), default=0))
    points = [
        [
            _point(n, len(rows), value, top)
            for n, (_, values) in enumerate(rows)
            if (value := values[series]) is not None
        ]
        for series in range(len(names))
    ]
    lines = tuple(Line(series + 1, *start, *end) for series, dots in enumerate(points) for start, end in pairwise(dots))
    return Plot(
        title=title,
        names=tuple(names),
        unit=unit,
        sentence=_sentence(rows, names, title, unit),
        height=PLOT_HEIGHT,
        marks=_marks(top),
        ticks=_period_ticks([period for period, _ in rows]),
        lines=lines,
        dots=_dots(rows, top),
        bars=(),
        rows=tuple((period, tuple(values)) for period, values in rows),
    )


def columns(rows: Sequence[tuple[str, int]], *, name: str, unit: str, title: str) -> Plot:
    """Upright bars, one per period."""
    top = _round_up(max((value for _, value in rows), default=0))
    step = (PLOT_RIGHT - PLOT_LEFT) / max(len(rows), 1)
    bars = tuple(
        Column(
            round(PLOT_LEFT + step * (n + 0.2), 2),
            _height(value, top),
            round(step * 0.6, 2),
            PLOT_BOTTOM - _height(value, top),
        )
        for n, (_, value) in enumerate(rows)
    )
    stride = _stride([period for period, _ in rows])
    ticks = tuple(
        Tick(round(PLOT_LEFT + step * (n + 0.5), 2), period, "middle")
        for n, (period, _) in enumerate(rows)
        if n % stride == 0
    )
    listed = tuple((period, (value,)) for period, value in rows)
    return Plot(
        title,
        (name,),
        unit,
        _sentence(listed, (name,), title, unit),
        PLOT_HEIGHT,
        _marks(top),
        ticks,
        (),
        (),
        bars,
        listed,
    )


def _sentence(rows: Sequence[tuple[str, Sequence[Amount | None]]], names: Sequence[str], title: str, unit: str) -> str:
    if not rows:
        return f"{title}：还没有数据"
    period, values = rows[-1]
    latest = "，".join(
        f"{name}{'未报' if value is None else f'{value}{unit}'}" for name, value in zip(names, values, strict=True)
    )
    return f"{title}，共{len(rows)}期；最近一期{period}：{latest}"


def _round_up(most: Amount) -> int:
    size = 1
    while True:
        for step in (4, 8, 20):
            if step * size >= most:
                return step * size
        size *= 10


def _height(value: Amount, top: int) -> float:
    return round(PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * float(value) / top, 1)


def _across(n: int, count: int) -> float:
    return round(PLOT_LEFT + (PLOT_RIGHT - PLOT_LEFT) * (n / (count - 1) if count > 1 else 0.5), 2)


def _point(n: int, count: int, value: Amount, top: int) -> tuple[float, float]:
    return _across(n, count), _height(value, top)


def _marks(top: int) -> tuple[Mark, ...]:
    return tuple(Mark(_height(value, top), f"{value:,}") for value in range(0, top + 1, top // 4))


PHONE_LETTERS = 46
"""How many Latin letters stand beside each other under a drawing on a phone; a Chinese one takes the room of two."""


def _stride(words: Sequence[str]) -> int:
    room = sum(2 + sum(2 if letter > "ÿ" else 1 for letter in word) for word in words)
    return max(1, -(-room // PHONE_LETTERS))


def _period_ticks(periods: Sequence[str]) -> tuple[Tick, ...]:
    count, stride = len(periods), _stride(periods)
    return tuple(
        Tick(_across(n, count), period, "middle" if n < count - 1 or count == 1 else "end")
        for n, period in enumerate(periods)
        if n % stride == 0
    )


def _dots(rows: Sequence[tuple[str, Sequence[Amount | None]]], top: int) -> tuple[Dot, ...]:
    told = {0, len(rows) - 1}
    found = []
    for n, (_, values) in enumerate(rows):
        if values and (value := values[0]) is not None:
            x, y = _point(n, len(rows), value, top)
            found.append(Dot(x, y, f"{value:,}" if n in told else "", "end" if n == len(rows) - 1 and n else "middle"))
    return tuple(found)
