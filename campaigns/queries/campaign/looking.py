"""Where a superior looks: his own place or one inside it, the parts right below it, and nothing out of his sight.

Every page of 各地进度 starts here, so that a figure, its chart and the tasks behind it are of the same rows.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, func, select
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor, Level
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.campaign.counted import counts, major
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.scope import in_subtree, visible
from campaigns.store.work.tasks import Task

_LEVELS = tuple(Level)
OWN_LEVEL = "本级"


@dataclass(frozen=True, slots=True)
class Place:
    """The region looked at (None: the actor has none), the column of Region that names its parts, who is in sight there."""

    region: Region | None
    below: Any
    seen: Select[tuple[int]]

    def inside(self, whose: SQLColumnExpression[int]) -> tuple[ColumnElement[bool], ...]:
        """Return the conditions that the organisation `whose` is in sight and lies here; Region must be joined.

        Where rows are counted, `whose` is their own column: SQLite then finds the rows of each in an index, while asked of
        Organisation it tries every organisation in every region.
        """
        here = () if self.region is None else (getattr(Region, f"{self.region.level}_id") == self.region.id,)
        return (whose.in_(self.seen), *here)

    @property
    def lowest(self) -> bool:
        """Whether its parts are single organisations: a county is looked at one by one."""
        return self.region is not None and self.region.level in (Level.COUNTY, Level.TOWN)


def looked_at(session: Session, actor: Actor, region_id: int | None) -> Place:
    """Return the actor's own place, or `region_id` inside it; any other is not found."""
    region = _region(session, actor, region_id)
    return Place(region, col(Region.town_id) if region is None else _parts(region), visible(actor))


def _region(session: Session, actor: Actor, region_id: int | None) -> Region | None:
    if region_id is None or actor.level is None or actor.region_id is None:
        return session.get(Region, actor.region_id)
    inside = select(Region).where(col(Region.id) == region_id, in_subtree(actor.level, actor.region_id))
    place = session.scalar(inside)
    if place is None:
        raise NotFound
    return place


def _parts(region: Region) -> Any:
    if region.level == Level.TOWN:
        return col(Region.town_id)
    return getattr(Region, f"{_LEVELS[_LEVELS.index(Level(region.level)) + 1]}_id")


def counted_tasks(statement: Select[Any], campaign_id: int, place: Place) -> Select[Any]:
    """Select from the tasks of a campaign that count and lie inside a place, with line, doer and region joined."""
    return (
        statement.select_from(Task)
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Organisation, col(Organisation.id) == col(Task.organisation_id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .where(col(Task.campaign_id) == campaign_id, *counts(), *place.inside(col(Task.organisation_id)))
    )


def counted_hazards(statement: Select[Any], place: Place) -> Select[Any]:
    """Select from the major hazards that lie inside a place, with enterprise and region joined."""
    return (
        statement.select_from(Hazard)
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .where(*major(), *place.inside(col(Hazard.enterprise_id)))
    )


def number_of(condition: ColumnElement[bool]) -> Any:
    """Return how many rows satisfy a condition, as a column."""
    return func.sum(case((condition, 1), else_=0))


def names_of(session: Session, region_ids: set[int | None]) -> dict[int | None, str]:
    """Return the names of regions by id; None is the place's own level."""
    named = select(col(Region.id), col(Region.name)).where(col(Region.id).in_(region_ids - {None}))
    return {None: OWN_LEVEL, **dict(session.execute(named).tuples().all())}
