"""Counting a draft's figures, and giving places by its figures, marks and adjustments: what every step on a draft ends with."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, time
from fractions import Fraction
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from campaigns.clock import instant
from campaigns.definition.ranking import RankingRule
from campaigns.rules.rankings.ranking import POINT, Entrant, Figure, Line, rank
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.regions import Region
from campaigns.store.rankings.measures import LEVELS, Counting, figures_of, regions
from campaigns.store.rankings.rankings import Ranking, RankingLine
from campaigns.store.rankings.seal import adjustments_of, lines_of, marks_of

NOT_LISTED = "没有列入参评名单"
UNMARKED = "还没有评分"


def rule_of(ranking: Ranking) -> RankingRule:
    """Return the rule as it read when the ranking was drafted."""
    return RankingRule.model_validate(ranking.rule)


def count(session: Session, ranking: Ranking, *, now: datetime) -> None:
    """Count every figure anew as it is known now, up to the end of the ranking's day, and give places."""
    rule = rule_of(ranking)
    above = session.get_one(Region, ranking.region_id)
    day_ends = instant(ranking.until_on, time(23, 59, 59))
    counting = Counting(
        session,
        session.get_one(Campaign, ranking.campaign_id),
        above,
        LEVELS[rule.level],
        min(now, day_ends),
        ranking.until_on,
    )
    found = {item.code: figures_of(counting, item) for item in rule.items}
    session.execute(delete(RankingLine).where(col(RankingLine.ranking_id) == ranking.id))
    for region in regions(session, above, counting.level):
        figures = {item: _stored(by_region.get(region.id, Figure.rate(0, 0))) for item, by_region in found.items()}
        listed = not rule.regions or region.name in rule.regions or region.code in rule.regions
        session.add(
            RankingLine(
                ranking_id=ranking.id,
                region_id=region.id,
                name=region.name,
                left_out="" if listed else NOT_LISTED,
                figures=figures,
            )
        )
    ranking.counted_at = now
    session.flush()
    place(session, ranking)


def place(session: Session, ranking: Ranking) -> None:
    """Give points and places by the counted figures, the marks and the adjustments that hold."""
    rule, lines = rule_of(ranking), lines_of(session, ranking.id)
    marks = {(mark.region_id, mark.item): mark.points for mark in marks_of(session, ranking.id)}
    adjusted: dict[int, int] = defaultdict(int)
    for one in adjustments_of(session, ranking.id):
        adjusted[one.region_id] += one.points if one.revoked_at is None else 0
    entrants = [_entrant(rule, line, marks, adjusted[line.region_id]) for line in lines]
    ranked = {line.region_id: line for line in rank(rule, entrants)}
    for row in lines:
        _write(row, ranked[row.region_id])
    session.flush()


def unmarked(rule: RankingRule, lines: list[RankingLine], marked: set[tuple[int, str]]) -> int:
    """Return how many marks of regions that take part are still to be given."""
    codes = [item.code for item in rule.items if item.measure == "评分"]
    return sum((line.region_id, code) not in marked for line in lines if not line.left_out for code in codes)


def _entrant(rule: RankingRule, line: RankingLine, marks: Mapping[tuple[int, str], int], adjustment: int) -> Entrant:
    figures = {code: _read(stored) for code, stored in line.figures.items()}
    for item in rule.items:
        if item.measure == "评分":
            points = marks.get((line.region_id, item.code))
            figures[item.code] = Figure(missing=UNMARKED) if points is None else Figure(Fraction(points, POINT))
    return Entrant(line.region_id, line.name, figures, adjustment, line.left_out)


def _write(row: RankingLine, line: Line) -> None:
    row.items = [asdict(item) for item in line.items]
    row.computed, row.adjustment, row.total = line.computed, line.adjustment, line.total
    row.place, row.why_not = line.place, line.why_not[:1000]


def _stored(figure: Figure) -> dict[str, Any]:
    value = None if figure.value is None else str(figure.value)
    return {
        "value": value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "missing": figure.missing,
    }


def _read(stored: Mapping[str, Any]) -> Figure:
    value = None if stored["value"] is None else Fraction(stored["value"])
    return Figure(value, stored["numerator"], stored["denominator"], stored["missing"])
