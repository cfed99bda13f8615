"""The one scope function: which organisations an actor can see, and how his own stands to another.

Every list, count, search, export and roll-up joins on `visible`; there is no second way to say it.
"""

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, not_, or_, select, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor, Level, OrganisationKind, Permission, Relation, check, may
from campaigns.rules.states import TaskState
from campaigns.store.campaign.campaigns import Campaign, RosterEntry
from campaigns.store.directory.regions import Organisation, Region, Supervision
from campaigns.store.reporting.reports import Report
from campaigns.store.work.tasks import Task

_SUBTREE = {
    Level.PROVINCE: col(Region.province_id),
    Level.CITY: col(Region.city_id),
    Level.COUNTY: col(Region.county_id),
    Level.TOWN: col(Region.town_id),
}


def in_subtree(level: Level, region_id: int) -> ColumnElement[bool]:
    """Return the condition on Region that it lies in the subtree of a region of that level, itself included."""
    return _SUBTREE[level] == region_id


def visible(actor: Actor) -> Select[tuple[int]]:
    """Select the ids of the organisations whose things the actor may see.

    A bureau sees its region's subtree and the enterprises it supervises; everybody else sees only his own organisation.
    """
    ids = select(col(Organisation.id))
    if actor.organisation_id is None:
        return ids.where(false())
    own = col(Organisation.id) == actor.organisation_id
    if not actor.is_regulator or actor.level is None or actor.region_id is None:
        return ids.where(own)
    below = col(Organisation.region_id).in_(select(col(Region.id)).where(in_subtree(actor.level, actor.region_id)))
    # a peer bureau of the same region is not below: 监管 looks down, never sideways
    peer = and_(col(Organisation.kind) == OrganisationKind.BUREAU, col(Organisation.region_id) == actor.region_id)
    return ids.where(or_(own, and_(below, not_(peer)), col(Organisation.id).in_(supervised(actor))))


def supervised(actor: Actor) -> Select[tuple[int]]:
    """Select the ids of the enterprises under the actor's own bureau's active supervision."""
    return select(col(Supervision.enterprise_id)).where(
        col(Supervision.bureau_id) == actor.organisation_id, col(Supervision.ended_on).is_(None)
    )


def relation(session: Session, actor: Actor, organisation_id: int) -> Relation:
    """Return how the actor's organisation stands to another one."""
    if actor.organisation_id == organisation_id:
        return Relation.SELF
    if not actor.is_regulator:
        return Relation.NONE
    supervises = exists().where(
        col(Supervision.enterprise_id) == organisation_id,
        col(Supervision.bureau_id) == actor.organisation_id,
        col(Supervision.ended_on).is_(None),
    )
    if session.scalar(select(supervises)):
        return Relation.SUPERVISED
    seen = session.scalar(select(exists(visible(actor).where(col(Organisation.id) == organisation_id))))
    return Relation.BELOW if seen else Relation.NONE


def place_relation(actor: Actor, region: Region) -> Relation:
    """Return how the actor's bureau stands to a place: BELOW inside its subtree, else NONE."""
    inside = actor.is_regulator and actor.level is not None and getattr(region, f"{actor.level}_id") == actor.region_id
    return Relation.BELOW if inside else Relation.NONE


def sees(session: Session, actor: Actor, organisation_id: int, *, reviewer_id: int | None = None) -> bool:
    """Whether the actor may look at a thing of an organisation, or of a task that his own organisation reviews."""
    if (
        reviewer_id is not None
        and reviewer_id == actor.organisation_id
        and may(actor, Permission.REVIEW, Relation.SELF)
    ):
        return True
    return may(actor, Permission.SEE, relation(session, actor, organisation_id))


def check_relation(session: Session, actor: Actor, permission: Permission, organisation_id: int | None) -> Relation:
    """Check a permission against the organisation responsible; out of sight raises NotFound, in sight Forbidden."""
    if organisation_id is None:
        raise NotFound
    found = relation(session, actor, organisation_id)
    check(actor, permission, found)
    return found


def supervising_bureau(session: Session, enterprise_id: int) -> int | None:
    """Return the id of the enterprise's one active supervising bureau, if it has one."""
    return session.scalar(
        select(col(Supervision.bureau_id)).where(
            col(Supervision.enterprise_id) == enterprise_id, col(Supervision.ended_on).is_(None)
        )
    )


def bureau_above(session: Session, bureau_id: int | None) -> int | None:
    """Return the bureau of the nearest region above a bureau's own; None at the top."""
    above, own = aliased(Region), aliased(Organisation)
    ancestors = or_(
        *(col(column) == col(above.id) for column in (Region.province_id, Region.city_id, Region.county_id))
    )
    ladder = case({level.value: height for height, level in enumerate(Level)}, value=col(above.level))
    return session.scalar(
        select(col(Organisation.id))
        .join(above, col(above.id) == col(Organisation.region_id))
        .join(Region, ancestors)
        .join(own, col(own.region_id) == col(Region.id))
        .where(col(own.id) == bureau_id, col(above.id) != col(Region.id))
        .where(col(Organisation.kind) == OrganisationKind.BUREAU, col(Organisation.closed_on).is_(None))
        .order_by(ladder.desc(), col(Organisation.id))
        .limit(1)
    )


def receiving(actor: Actor) -> Select[tuple[int]]:
    """Select the bureaus to which the actor may hand an enterprise over: in his sight, of his own region, or above it."""
    home = select(col(Region.province_id), col(Region.city_id), col(Region.county_id)).where(
        col(Region.id) == actor.region_id
    )
    above = union(*(home.with_only_columns(column) for column in home.selected_columns)).subquery()
    reached = or_(col(Organisation.id).in_(visible(actor)), col(Organisation.region_id).in_(select(*above.c)))
    return select(col(Organisation.id)).where(col(Organisation.kind) == OrganisationKind.BUREAU, reached)


def decider_of(session: Session, task: Task) -> int | None:
    """Return who decides on a task's requests: its reviewer, else the doer's supervising bureau, else the launching one."""
    return (
        task.reviewer_id
        or supervising_bureau(session, task.organisation_id)
        or session.scalar(select(col(Campaign.bureau_id)).where(col(Campaign.id) == task.campaign_id))
    )


def decider_id(session: Session, report: Report) -> int | None:
    """Return the organisation that accepts or returns a report: the one it is added up by, or its task's reviewer."""
    if report.parent_id is not None:
        return session.get_one(Report, report.parent_id).organisation_id
    task = session.get(Task, report.task_id) if report.task_id else None
    return None if task is None else task.reviewer_id


def excused() -> ColumnElement[bool]:
    """Return the condition on Report that its duty was waived or withdrawn (a county that was closed): nobody waits for it."""
    let_off = (TaskState.WAIVED, TaskState.WITHDRAWN)
    return exists().where(col(Task.id) == col(Report.task_id), col(Task.state).in_(let_off))


def campaigns_in_sight(actor: Actor) -> Select[tuple[int]]:
    """Select the ids of the campaigns an actor may see: launched by, or with a roster of, anybody in his sight."""
    seen = visible(actor)
    # one of a campaign's thousands is enough, so the question is put to each campaign and not to every roster
    takes_part = exists().where(
        col(RosterEntry.campaign_id) == col(Campaign.id), col(RosterEntry.organisation_id).in_(seen)
    )
    return select(col(Campaign.id)).where(or_(col(Campaign.bureau_id).in_(seen), takes_part))
