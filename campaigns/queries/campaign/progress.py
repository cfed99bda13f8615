"""The superior's one screen: which region is behind, on what, since when, compared with last month.

Everything is derived from rows as of an instant, so that last month's standing is the same question asked a month earlier.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import case, func, select
from sqlmodel import Session, col

from campaigns.queries.campaign.looking import Place, counted_hazards, counted_tasks, looked_at, names_of, number_of
from campaigns.rules.permissions import Actor
from campaigns.store.campaign.campaigns import PlannedOccurrence, Stage
from campaigns.store.campaign.counted import done_by, late_at, open_at
from campaigns.store.work.tasks import Task

MOST_NAMED = 2
THROUGHOUT = "全程任务"
"""What belongs to no stage."""


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

    place: str
    then: datetime
    stages: tuple[tuple[str, Standing], ...]
    regions: tuple[RegionLine, ...]
    whole: Standing


def progress(
    session: Session,
    *,
    campaign_id: int,
    actor: Actor,
    now: datetime,
    then: datetime | None = None,
    region_id: int | None = None,
) -> Progress:
    """Return how a campaign stands below the actor, by the regions right below him or right below `region_id`.

    `then` is what it is compared with: a month earlier, unless said otherwise.
    """
    then = then or now - relativedelta(months=1)
    place = looked_at(session, actor, region_id)
    tasks, hazards = _tasks(session, campaign_id, place, now, then), _hazards(session, place, now, then)
    titles = stage_titles(session, campaign_id)
    seen = {region for region, _ in tasks.standings}
    names = names_of(session, seen)
    regions = []
    for region in seen:
        by_stage = {
            titles.get(stage, THROUGHOUT): standing
            for (key, stage), standing in tasks.standings.items()
            if key == region
        }
        now_open, then_open = hazards.get(region, (0, 0))
        total = sum(by_stage.values(), Standing())
        regions.append(
            RegionLine(region, names[region], total, now_open, then_open, tasks.lags.get(region, ()), by_stage)
        )
    regions.sort(key=lambda line: (-line.standing.late, line.standing.percent, line.name))
    stages = [
        (title, sum((line.by_stage.get(title, Standing()) for line in regions), Standing()))
        for title in titles.values()
    ]
    standing_tasks = sum((line.by_stage.get(THROUGHOUT, Standing()) for line in regions), Standing())
    whole = sum((line.standing for line in regions), Standing())
    where = "" if place.region is None else place.region.name
    return Progress(where, then, (*stages, (THROUGHOUT, standing_tasks)), tuple(regions), whole)


@dataclass(frozen=True, slots=True)
class _Counted:
    """The tasks of a place, read once: how they stand by part and stage, and what each part is late with."""

    standings: dict[tuple[int | None, int | None], Standing]
    lags: dict[int | None, tuple[Lag, ...]]


def _tasks(session: Session, campaign_id: int, place: Place, now: datetime, then: datetime) -> _Counted:
    stage, title = col(PlannedOccurrence.stage_id), col(PlannedOccurrence.title)
    figures = (done_by(now), late_at(now), done_by(then), late_at(then))
    since = func.min(case((late_at(now), col(Task.due_on))))
    counted = select(place.below, stage, title, since, func.count(), *(number_of(figure) for figure in figures))
    standings: dict[tuple[int | None, int | None], Standing] = {}
    lags: dict[tuple[int | None, str], Lag] = {}
    for region, at, duty, first, *row in session.execute(
        counted_tasks(counted, campaign_id, place).group_by(place.below, stage, title)
    ):
        standing = Standing(*row)
        standings[region, at] = standings.get((region, at), Standing()) + standing
        if standing.late:  # a duty of every stage stands in several rows
            known = lags.get((region, duty))
            since_when = min(first, known.since) if known else first
            lags[region, duty] = Lag(duty, standing.late + (known.count if known else 0), since_when)
    return _Counted(standings, _worst(lags))


def _worst(lags: dict[tuple[int | None, str], Lag]) -> dict[int | None, tuple[Lag, ...]]:
    by_region: dict[int | None, list[Lag]] = {}
    for (region, _), lag in sorted(lags.items(), key=lambda item: (-item[1].count, item[1].since, item[1].duty)):
        by_region.setdefault(region, []).append(lag)
    return {region: tuple(found[:MOST_NAMED]) for region, found in by_region.items()}


def _hazards(session: Session, place: Place, now: datetime, then: datetime) -> dict[int | None, tuple[int, int]]:
    counted = select(place.below, number_of(open_at(now)), number_of(open_at(then)))
    rows = session.execute(counted_hazards(counted, place).group_by(place.below))
    return {region: (now_open, then_open) for region, now_open, then_open in rows}


def stage_titles(session: Session, campaign_id: int) -> dict[int | None, str]:
    """Return the titles of a campaign's stages by id, in order."""
    stages = select(col(Stage.id), col(Stage.title)).where(col(Stage.campaign_id) == campaign_id)
    return dict(session.execute(stages.order_by(col(Stage.position))).tuples().all())
