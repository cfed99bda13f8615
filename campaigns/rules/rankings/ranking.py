"""排名 as a rule: from each region's figures to points, places and bonuses. Pure: the same figures give the same places.

Points are hundredths (36.00 is 3600), rounded item by item, so that the printed items add up to the printed total and equal
totals share a place (1, 1, 3). A figure too small to rank by ranks nobody, and the line says why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from campaigns.definition.ranking import BonusRule, RankingRule, ScoreItem

POINT = 100
"""Hundredths in a point."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What an item is scored on: `value` (None: there is none), and the counts of a rate. `missing` says why there is none."""

    value: Fraction | None = None
    numerator: int | None = None
    denominator: int | None = None
    missing: str = ""

    @classmethod
    def rate(cls, numerator: int, denominator: int) -> "Figure":
        """Return a share of counted things; without any there is no rate."""
        value = Fraction(numerator, denominator) if denominator else None
        return cls(value, numerator, denominator)


@dataclass(frozen=True, slots=True)
class Scored:
    """One item of a line: its figure, the points for it (None: not scored), and the sum in numbers."""

    code: str
    title: str
    full: int
    points: int | None
    sum: str


@dataclass(frozen=True, slots=True)
class Entrant:
    """A region that may be ranked: its figures by item, the adjustment in hundredths, and why it takes no part, if so."""

    region_id: int
    name: str
    figures: Mapping[str, Figure]
    adjustment: int = 0
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One region in the table: `computed` and `total` differ by the adjustment; no `place` has a reason in `why_not`."""

    region_id: int
    name: str
    items: tuple[Scored, ...]
    computed: int | None
    adjustment: int
    total: int | None
    place: int | None
    why_not: str


def rank(rule: RankingRule, entrants: Iterable[Entrant]) -> tuple[Line, ...]:
    """Return the lines in order: by place, then those without one by name."""
    all_of_them = tuple(entrants)
    best = _best(rule, all_of_them)
    lines = [_line(rule, entrant, best) for entrant in all_of_them]
    totals = [line.total for line in lines if line.total is not None]
    placed = [
        line if line.total is None else replace(line, place=1 + sum(other > line.total for other in totals))
        for line in lines
    ]
    return tuple(sorted(placed, key=lambda line: (line.place is None, line.place or 0, line.name)))


def bonuses(rule: BonusRule, places: Mapping[int, int | None]) -> dict[int, int]:
    """Return the points that each region gets: those of its place, so equal places get equal points and the next is left out."""
    return {
        region: rule.points[place - 1]
        for region, place in places.items()
        if place is not None and place <= len(rule.points)
    }


def in_words(rule: RankingRule) -> str:
    """Return the formula as a sentence: 总分（满分100）= 任务（到期完成率×40）+ …."""
    parts = " + ".join(f"{item.title}（{_way(item)}）" for item in rule.items)
    adjusted = f" + 人工调整（最多±{rule.most_adjusted}分）" if rule.most_adjusted else ""
    return f"总分（满分{rule.full}）= {parts}{adjusted}"


def shown_points(points: int) -> str:
    """Return hundredths as people write them: 3600 → 36.00."""
    sign, whole = ("-" if points < 0 else ""), abs(points)
    return f"{sign}{whole // POINT}.{whole % POINT:02}"


def _way(item: ScoreItem) -> str:
    figure = f"{item.report}：{item.formula}" if item.measure == "报表" else item.measure
    ways = {
        "按比率": f"{figure}×{item.full}",
        "按得分": f"{figure}，最多{item.full}分",
        "与最高比": f"{figure}÷最高的×{item.full}",
    }
    return ways[item.scoring]


def _line(rule: RankingRule, entrant: Entrant, best: Mapping[str, Fraction]) -> Line:
    scored = tuple(_scored(rule, item, entrant.figures.get(item.code, Figure()), best) for item in rule.items)
    reasons = [entrant.left_out] if entrant.left_out else [why for _, why in scored if why]
    items = tuple(item for item, _ in scored)
    if reasons:
        why = "；".join(dict.fromkeys(reasons))
        return Line(entrant.region_id, entrant.name, items, None, entrant.adjustment, None, None, why)
    computed = sum(item.points or 0 for item in items)
    total = computed + entrant.adjustment
    return Line(entrant.region_id, entrant.name, items, computed, entrant.adjustment, total, None, "")


def _scored(rule: RankingRule, item: ScoreItem, figure: Figure, best: Mapping[str, Fraction]) -> tuple[Scored, str]:
    """Return an item's points with the sum in numbers, and why nobody can be ranked by it, if so."""
    why = _too_small(rule, item, figure)
    if why:
        return Scored(item.code, item.title, item.full, None, _counts(figure)), why
    if figure.value is None:  # no case at all, and the rule says what that means
        points = item.full * POINT if item.without == "得满分" else 0
        return Scored(item.code, item.title, item.full, points, f"没有基数，{item.without}"), ""
    share = _share(item, figure.value, best.get(item.code, Fraction(0)))
    points = _hundredths(share * item.full)
    return Scored(item.code, item.title, item.full, points, _sum(item, figure, best, points)), ""


def _too_small(rule: RankingRule, item: ScoreItem, figure: Figure) -> str:
    if figure.missing:
        return f"{item.title}：{figure.missing}"
    if figure.value is None:
        if figure.denominator is None:
            return f"{item.title}：没有数"
        return f"{item.title}：没有可以算的（分母是0）" if item.without == "不排名" else ""
    least = item.minimum or rule.minimum
    if figure.denominator is not None and figure.denominator < least:
        return f"{item.title}：分母只有{figure.denominator}，不到{least}，不算比率"
    return ""


def _share(item: ScoreItem, value: Fraction, best: Fraction) -> Fraction:
    """Return the part of 满分 that is earned, between none and all of it."""
    measured = {"按比率": value, "按得分": value / item.full, "与最高比": value / best if best else Fraction(0)}
    return min(Fraction(1), max(Fraction(0), measured[item.scoring]))


def _best(rule: RankingRule, entrants: Sequence[Entrant]) -> dict[str, Fraction]:
    """Return the highest figure of each item that is scored against it, among those who take part and can be counted."""
    best: dict[str, Fraction] = {}
    for item in rule.items:
        figures = [one.figures.get(item.code, Figure()) for one in entrants if not one.left_out]
        values = [figure.value for figure in figures if figure.value is not None and not _too_small(rule, item, figure)]
        if item.scoring == "与最高比" and values:
            best[item.code] = max(values)
    return best


def _hundredths(points: Fraction) -> int:
    """Round half up, as people do with a pencil."""
    return int((points * POINT * 2 + 1) // 2)


def _sum(item: ScoreItem, figure: Figure, best: Mapping[str, Fraction], points: int) -> str:
    value = _counts(figure)
    earned = shown_points(points)
    if item.scoring == "按得分":
        return f"{value}，得{earned}"
    if item.scoring == "与最高比":
        return f"{value}÷最高{_plain(best.get(item.code, Fraction(0)))}×{item.full} = {earned}"
    return f"{value}×{item.full} = {earned}"


def _counts(figure: Figure) -> str:
    if figure.denominator is not None:
        return f"{figure.numerator}÷{figure.denominator}"
    return "" if figure.value is None else _plain(figure.value)


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.4f}".rstrip("0").rstrip(".")
