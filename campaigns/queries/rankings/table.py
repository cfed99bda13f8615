"""One ranking as its page and its paper show it: the formula in words, the sum of every line in numbers, who changed what."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.definition.ranking import BonusRule, RankingRule, ScoreItem
from campaigns.queries.rankings.sight import Sight, own_regions, seen
from campaigns.rules.permissions import Actor
from campaigns.rules.rankings.powers import why_not_change, why_not_correct, why_not_publish
from campaigns.rules.rankings.ranking import bonuses, in_words, shown_points
from campaigns.rules.states import RankingState
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.rankings.rankings import Ranking, RankingAdjustment, RankingLine
from campaigns.store.rankings.seal import adjustments_of, lines_of, marks_of


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One item of a line: the sum in numbers and the points, empty when it could not be scored."""

    code: str
    title: str
    sum: str
    points: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One region. `detailed` is false for a sibling's: then only place, name and total are there."""

    region_id: int
    name: str
    place: int | None
    total: str
    computed: str
    adjustment: str
    items: tuple[ShownItem, ...]
    marks: Mapping[str, str]
    why_not: str
    takes_part: bool
    detailed: bool


@dataclass(frozen=True, slots=True)
class ShownAdjustment:
    """One adjustment: what, why, on which paper, by whom, and who took it back."""

    id: int
    region: str
    points: str
    reason: str
    basis: str
    by: str
    at: datetime
    revoked_by: str
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownBonus:
    """A bonus rule with what it brings to whom, in the order of places."""

    rule: BonusRule
    awards: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class RankingTable:
    """Everything the page shows. `replaced_by` is the later version's id; the `why_not_*` word the disabled buttons."""

    id: int
    campaign_id: int
    rule: RankingRule
    formula: str
    bureau: str
    state: RankingState
    version: int
    until_on: date
    counted_at: datetime
    correction: str
    corrects_id: int | None
    replaced_by: int | None
    published_by: str
    published_at: datetime | None
    sha256: str
    edit_version: int
    maker: bool
    lines: tuple[ShownLine, ...]
    adjustments: tuple[ShownAdjustment, ...]
    bonuses: tuple[ShownBonus, ...]
    unmarked: int
    why_not_change: str
    why_not_publish: str
    why_not_correct: str

    @property
    def placed(self) -> tuple[ShownLine, ...]:
        """The lines with a place."""
        return tuple(line for line in self.lines if line.place is not None)

    @property
    def unplaced(self) -> tuple[ShownLine, ...]:
        """The lines without one, whether they take part or not."""
        return tuple(line for line in self.lines if line.place is None)

    @property
    def participants(self) -> list[tuple[int, str]]:
        """The regions that take part, by id and name."""
        return [(line.region_id, line.name) for line in self.lines if line.takes_part]

    @property
    def marked_items(self) -> tuple[ScoreItem, ...]:
        """The items that the ranking bureau marks itself."""
        return tuple(item for item in self.rule.items if item.measure == "评分")


def ranking_table(session: Session, *, ranking_id: int, actor: Actor) -> RankingTable:
    """Return a ranking in the actor's view; any other is not found."""
    ranking, sight = seen(session, ranking_id, actor)
    rule, lines = RankingRule.model_validate(ranking.rule), lines_of(session, ranking.id)
    ids = {line.region_id for line in lines}
    detailed = ids if sight is not Sight.BELOW else own_regions(session, actor, ids)
    marks = _marks(session, ranking)
    state = RankingState(ranking.state)
    missing = _unmarked(rule, lines, marks)
    placed = sum(line.place is not None for line in lines)
    return RankingTable(
        id=ranking.id,
        campaign_id=ranking.campaign_id,
        rule=rule,
        formula=in_words(rule),
        bureau=session.get_one(Organisation, ranking.bureau_id).name,
        state=state,
        version=ranking.version,
        until_on=ranking.until_on,
        counted_at=ranking.counted_at,
        correction=ranking.correction,
        corrects_id=ranking.corrects_id,
        replaced_by=_replaced_by(session, ranking, state),
        published_by=_name(session, ranking.published_by_id),
        published_at=ranking.published_at,
        sha256=ranking.sha256,
        edit_version=ranking.edit_version,
        maker=sight is Sight.MAKER,
        lines=tuple(_line(line, marks[line.region_id], line.region_id in detailed) for line in lines),
        adjustments=_adjustments(session, ranking, lines, detailed),
        bonuses=_bonuses(ranking, lines),
        unmarked=missing,
        why_not_change=why_not_change(actor, state, ranking.bureau_id),
        why_not_publish=why_not_publish(actor, state, ranking.bureau_id, unmarked=missing, placed=placed),
        why_not_correct=why_not_correct(actor, state, ranking.bureau_id),
    )


def _line(line: RankingLine, marks: Mapping[str, str], detailed: bool) -> ShownLine:
    items = tuple(ShownItem(item["code"], item["title"], item["sum"], _points(item["points"])) for item in line.items)
    return ShownLine(
        region_id=line.region_id,
        name=line.name,
        place=line.place,
        total=_points(line.total),
        computed=_points(line.computed) if detailed else "",
        adjustment=_signed(line.adjustment) if detailed and line.adjustment else "",
        items=items if detailed else (),
        marks=marks if detailed else {},
        why_not=(line.left_out or line.why_not) if detailed else "",
        takes_part=not line.left_out,
        detailed=detailed,
    )


def _adjustments(
    session: Session, ranking: Ranking, lines: list[RankingLine], detailed: set[int]
) -> tuple[ShownAdjustment, ...]:
    names = {line.region_id: line.name for line in lines}
    made: list[RankingAdjustment] = [one for one in adjustments_of(session, ranking.id) if one.region_id in detailed]
    return tuple(
        ShownAdjustment(
            id=one.id,
            region=names.get(one.region_id, ""),
            points=_signed(one.points),
            reason=one.reason,
            basis=one.basis,
            by=_name(session, one.adjusted_by_id),
            at=one.adjusted_at,
            revoked_by=_name(session, one.revoked_by_id),
            revoked_at=one.revoked_at,
        )
        for one in made
    )


def _bonuses(ranking: Ranking, lines: list[RankingLine]) -> tuple[ShownBonus, ...]:
    places = {line.region_id: line.place for line in lines}
    shown = []
    for stored in ranking.bonuses:
        rule = BonusRule.model_validate(stored)
        given = bonuses(rule, places)
        awards = [(line.name, line.place or 0, given[line.region_id]) for line in lines if line.region_id in given]
        shown.append(ShownBonus(rule, tuple(awards)))
    return tuple(shown)


def _marks(session: Session, ranking: Ranking) -> dict[int, dict[str, str]]:
    marks: dict[int, dict[str, str]] = defaultdict(dict)
    for mark in marks_of(session, ranking.id):
        marks[mark.region_id][mark.item] = shown_points(mark.points)
    return marks


def _unmarked(rule: RankingRule, lines: list[RankingLine], marks: Mapping[int, Mapping[str, str]]) -> int:
    codes = [item.code for item in rule.items if item.measure == "评分"]
    return sum(code not in marks[line.region_id] for line in lines if not line.left_out for code in codes)


def _replaced_by(session: Session, ranking: Ranking, state: RankingState) -> int | None:
    if state is not RankingState.REPLACED:
        return None
    later = (RankingState.PUBLISHED, RankingState.REPLACED)
    wanted = col(Ranking.corrects_id) == ranking.id, col(Ranking.state).in_(later)
    return session.scalar(select(col(Ranking.id)).where(*wanted))


def _name(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return "" if person is None else person.name


def _points(points: int | None) -> str:
    return "" if points is None else shown_points(points)


def _signed(points: int) -> str:
    return f"+{shown_points(points)}" if points > 0 else shown_points(points)
