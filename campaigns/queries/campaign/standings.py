"""One county looked at one by one: every organisation in it with what it owes; and the tasks behind any figure."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.queries.campaign.heat import NO_STAGE
from campaigns.queries.campaign.looking import Place, counted_hazards, counted_tasks, looked_at, number_of
from campaigns.queries.work.task_lines import TaskLine, count_tabs, task_lines
from campaigns.rules.permissions import Actor, OrganisationKind
from campaigns.rules.shades import Share
from campaigns.rules.states import Stated
from campaigns.rules.work.fields import read_id
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.campaign.counted import counts, done_by, due_at, late_at, open_at
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.work.tasks import Task


class Which(Stated):
    """Which tasks behind a figure are listed."""

    LATE = "late", "逾期"
    DUE = "due", "已到期"
    ALL = "all", "全部"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a list of tasks is of: a place or one organisation, a stage or a duty; None and empty are “any”."""

    campaign_id: int
    region_id: int | None = None
    organisation_id: int | None = None
    stage: str = ""
    duty: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """One organisation: its tasks, since when it is late, its open major hazards."""

    organisation_id: int
    name: str
    kind: OrganisationKind
    region: str
    share: Share
    since: date | None
    major_open: int


@dataclass(frozen=True, slots=True)
class OneByOne:
    """A place, and the organisations in it, the latest first."""

    place: str
    lines: tuple[OrganisationLine, ...]
    total: int


def one_by_one(
    session: Session,
    *,
    campaign_id: int,
    actor: Actor,
    now: datetime,
    region_id: int | None,
    limit: int | None,
    offset: int = 0,
) -> OneByOne:
    """List the organisations of a place that have tasks in the campaign; without `limit` all of them, as a file has them."""
    place = looked_at(session, actor, region_id)
    whose = (col(Organisation.id), col(Organisation.name), col(Organisation.kind), col(Region.name))
    late = number_of(late_at(now))
    figures = (number_of(due_at(now)), number_of(and_(due_at(now), done_by(now))), late, func.count())
    since = func.min(case((late_at(now), col(Task.due_on))))
    grouped = counted_tasks(select(*whose, *figures, since), campaign_id, place).group_by(*whose)
    rows = session.execute(grouped.order_by(late.desc(), since, col(Organisation.id)).limit(limit).offset(offset)).all()
    whole = select(func.count()).select_from(grouped.subquery())
    total = len(rows) if limit is None else session.scalar(whole) or 0
    hazards = _open_hazards(session, place, now, None if limit is None else [row[0] for row in rows])
    lines = (
        OrganisationLine(id_, name, OrganisationKind(kind), region, Share(*share), first, hazards.get(id_, 0))
        for id_, name, kind, region, *share, first in rows
    )
    return OneByOne("" if place.region is None else place.region.name, tuple(lines), total)


def tasks_behind(
    session: Session, looked: Looked, *, which: Which, actor: Actor, now: datetime, limit: int, offset: int = 0
) -> tuple[TaskLine, ...]:
    """List the tasks behind a figure, the earliest due first."""
    where = [*_place_and_line(session, looked, actor), *_further(which, now)]
    return task_lines(session, actor=actor, now=now, where=where, limit=limit, offset=offset)


def count_behind(session: Session, looked: Looked, *, actor: Actor, now: datetime) -> dict[Which, int]:
    """Count the tasks of each tab."""
    where = _place_and_line(session, looked, actor)
    return count_tabs(session, actor=actor, where=where, tabs={which: _further(which, now) for which in Which})


def named(session: Session, looked: Looked, *, actor: Actor) -> str:
    """Say what a list of tasks is of: 茌平区 · 动员部署."""
    parts = [_place_name(session, looked, actor)]
    if looked.duty:
        title = select(func.min(col(PlannedOccurrence.title))).where(
            col(PlannedOccurrence.campaign_id) == looked.campaign_id, col(PlannedOccurrence.duty) == looked.duty
        )
        parts.append(session.scalar(title) or looked.duty)
    return " · ".join(part for part in parts if part)


def _place_name(session: Session, looked: Looked, actor: Actor) -> str:
    place = looked_at(session, actor, looked.region_id)
    if looked.organisation_id is None:
        return "" if place.region is None else place.region.name
    inside = select(col(Organisation.name)).join(Region, col(Region.id) == col(Organisation.region_id))
    name = session.scalar(
        inside.where(col(Organisation.id) == looked.organisation_id, *place.inside(col(Organisation.id)))
    )
    if name is None:
        raise NotFound
    return name


def _place_and_line(session: Session, looked: Looked, actor: Actor) -> list[ColumnElement[bool]]:
    return [
        col(Task.campaign_id) == looked.campaign_id,
        col(Task.organisation_id).in_(_whose(looked_at(session, actor, looked.region_id))),
        *_narrowed(looked),
        *counts(),
    ]


def _further(which: Which, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return {Which.LATE: (late_at(now),), Which.DUE: (due_at(now),), Which.ALL: ()}[which]


def _narrowed(looked: Looked) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if looked.organisation_id is not None:
        where.append(col(Task.organisation_id) == looked.organisation_id)
    if looked.stage:
        stage = col(PlannedOccurrence.stage_id)
        where.append(stage.is_(None) if looked.stage == NO_STAGE else stage == (read_id(looked.stage) or -1))
    if looked.duty:
        where.append(col(PlannedOccurrence.duty) == looked.duty)
    return where


def _whose(place: Place) -> Select[tuple[int]]:
    inside = place.inside(col(Organisation.id))
    return select(col(Organisation.id)).join(Region, col(Region.id) == col(Organisation.region_id)).where(*inside)


def _open_hazards(session: Session, place: Place, now: datetime, some: list[int] | None) -> dict[int, int]:
    enterprise = col(Hazard.enterprise_id)
    counted = counted_hazards(select(enterprise, func.count()), place).where(open_at(now)).group_by(enterprise)
    return dict(session.execute(counted if some is None else counted.where(enterprise.in_(some))).tuples().all())
