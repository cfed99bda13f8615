"""The superior's one screen: which region is behind, on what, since when, compared with last month.

Everything is derived from rows as of an instant, so that last month's standing is the same question asked a month earlier.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.queries.work.task_lines import counts
from campaigns.rules.permissions import Actor, Level
from campaigns.rules.states import TaskState
from campaigns.store.campaigns import PlannedOccurrence, Stage
from campaigns.store.hazards import Hazard
from campaigns.store.regions import Organisation, Region
from campaigns.store.scope import in_subtree, visible
from campaigns.store.tasks import Task

_LEVELS = tuple(Level)
MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of what is due was done, and how much is late, now and a month earlier."""

    total: int = 0
    done: int = 0
    late: int = 0
    done_then: int = 0
    late_then: int = 0

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(
            self.total + other.total,
            self.done + other.done,
            self.late + other.late,
            self.done_then + other.done_then,
            self.late_then + other.late_then,
        )

    @property
    def percent(self) -> int:
        """Done of everything that is due in the whole campaign, in whole percent."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def percent_then(self) -> int:
        """The same a month earlier."""
        return 100 * self.done_then // self.total if self.total else 0

    @property
    def late_change(self) -> int:
        """More (or fewer) late tasks than a month earlier."""
        return self.late - self.late_then


@dataclass(frozen=True, slots=True)
class Lag:
    """A duty that a region is late with: how many tasks, since which day."""

    duty: str
    count: int
    since: date


@dataclass(frozen=True, slots=True)
class RegionLine:
    """One region below the actor (`region_id` None: his own level)."""

    region_id: int | None
    name: str
    standing: Standing
    major_open: int
    major_open_then: int
    lags: tuple[Lag, ...]
    by_stage: dict[str, Standing] = field(default_factory=dict)

    @property
    def since(self) -> date | None:
        """The earliest day it is late from."""
        return min((lag.since for lag in self.lags), default=None)


@dataclass(frozen=True, slots=True)
class Progress:
    """A campaign by stage and region. `then` is the instant that last month's figures are of."""

    then: datetime
    stages: tuple[tuple[str, Standing], ...]
    regions: tuple[RegionLine, ...]
    whole: Standing


def progress(
    session: Session, *, campaign_id: int, actor: Actor, now: datetime, region_id: int | None = None
) -> Progress:
    """Return how a campaign stands below the actor, by the regions right below him or right below `region_id`."""
    then = now - relativedelta(months=1)
    place = _place(session, actor, region_id)
    below = _column_below(place)
    inside = _inside(actor, place)
    standings = _standings(session, campaign_id, below, inside, now, then)
    titles = _stage_titles(session, campaign_id)
    hazards, lags = _hazards(session, below, inside, now, then), _lags(session, campaign_id, below, inside, now)
    seen = {region for region, _ in standings}
    named = select(col(Region.id), col(Region.name)).where(col(Region.id).in_(seen - {None}))
    names = dict(session.execute(named).tuples().all())
    regions = []
    for region in seen:
        by_stage = {
            titles.get(stage, "全程任务"): standing for (key, stage), standing in standings.items() if key == region
        }
        now_open, then_open = hazards.get(region, (0, 0))
        total = sum(by_stage.values(), Standing())
        own = "本级" if region is None else names[region]
        regions.append(RegionLine(region, own, total, now_open, then_open, lags.get(region, ()), by_stage))
    regions.sort(key=lambda line: (-line.standing.late, line.standing.percent, line.name))
    stages = [
        (title, sum((line.by_stage.get(title, Standing()) for line in regions), Standing()))
        for title in titles.values()
    ]
    standing_tasks = sum((line.by_stage.get("全程任务", Standing()) for line in regions), Standing())
    whole = sum((line.standing for line in regions), Standing())
    return Progress(then, (*stages, ("全程任务", standing_tasks)), tuple(regions), whole)


def _place(session: Session, actor: Actor, region_id: int | None) -> Region | None:
    """Return the region looked at: the actor's own, or one inside it; any other is not found."""
    if region_id is None or actor.level is None or actor.region_id is None:
        return session.get(Region, actor.region_id)
    inside = select(Region).where(col(Region.id) == region_id, in_subtree(actor.level, actor.region_id))
    place = session.scalar(inside)
    if place is None:
        raise NotFound
    return place


def _column_below(place: Region | None) -> Any:
    """The column of Region that names the part of a place that a region lies in."""
    if place is None or place.level == Level.TOWN:
        return col(Region.town_id)
    return getattr(Region, f"{_LEVELS[_LEVELS.index(Level(place.level)) + 1]}_id")


def _inside(actor: Actor, place: Region | None) -> tuple[ColumnElement[bool], ...]:
    sight: ColumnElement[bool] = col(Organisation.id).in_(visible(actor))
    if place is None:
        return (sight,)
    return sight, getattr(Region, f"{place.level}_id") == place.id


def _standings(
    session: Session,
    campaign_id: int,
    below: Any,
    inside: tuple[ColumnElement[bool], ...],
    now: datetime,
    then: datetime,
) -> dict[tuple[int | None, int | None], Standing]:
    def count(condition: ColumnElement[bool]) -> Any:
        return func.sum(case((condition, 1), else_=0))

    rows = session.execute(
        _tasks(
            select(
                below,
                col(PlannedOccurrence.stage_id),
                func.count(),
                count(_done_by(now)),
                count(_late_at(now)),
                count(_done_by(then)),
                count(_late_at(then)),
            ),
            campaign_id,
            inside,
        ).group_by(below, col(PlannedOccurrence.stage_id))
    )
    return {(region, stage): Standing(*figures) for region, stage, *figures in rows}


def _tasks(statement: Select[Any], campaign_id: int, inside: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    return (
        statement.select_from(Task)
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Organisation, col(Organisation.id) == col(Task.organisation_id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .where(
            col(Task.campaign_id) == campaign_id,
            *counts(),
            *inside,
        )
    )


def _done_by(instant: datetime) -> ColumnElement[bool]:
    return and_(col(Task.state) == TaskState.ACCEPTED, col(Task.decided_at) <= instant)


def _late_at(instant: datetime) -> ColumnElement[bool]:
    """Due before an instant and not handed in by then. What was returned counts as not handed in."""
    handed_in = col(Task.submitted_at)
    return and_(col(Task.due_at) < instant, or_(handed_in.is_(None), handed_in > instant))


def _hazards(
    session: Session, below: Any, inside: tuple[ColumnElement[bool], ...], now: datetime, then: datetime
) -> dict[int | None, tuple[int, int]]:
    def open_at(instant: datetime) -> Any:
        still_open = or_(col(Hazard.closed_at).is_(None), col(Hazard.closed_at) > instant)
        return func.sum(case((and_(col(Hazard.registered_at) <= instant, still_open), 1), else_=0))

    rows = session.execute(
        select(below, open_at(now), open_at(then))
        .select_from(Hazard)
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .where(col(Hazard.major).is_(True), *inside)
        .group_by(below)
    )
    return {region: (now_open, then_open) for region, now_open, then_open in rows}


def _lags(
    session: Session, campaign_id: int, below: Any, inside: tuple[ColumnElement[bool], ...], now: datetime
) -> dict[int | None, tuple[Lag, ...]]:
    rows = session.execute(
        _tasks(
            select(below, col(PlannedOccurrence.title), func.count(), func.min(col(Task.due_on))), campaign_id, inside
        )
        .where(_late_at(now))
        .group_by(below, col(PlannedOccurrence.title))
        .order_by(func.count().desc(), func.min(col(Task.due_on)))
    )
    lags: dict[int | None, list[Lag]] = {}
    for region, duty, count, since in rows:
        lags.setdefault(region, []).append(Lag(duty, count, since))
    return {region: tuple(found[:MOST_NAMED]) for region, found in lags.items()}


def _stage_titles(session: Session, campaign_id: int) -> dict[int | None, str]:
    stages = select(col(Stage.id), col(Stage.title)).where(col(Stage.campaign_id) == campaign_id)
    return dict(session.execute(stages.order_by(col(Stage.position))).tuples().all())
