"""What a clerk chooses from when he keeps one entry of the register, and what a step would move."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.rules.permissions import Actor, OrganisationKind
from campaigns.rules.states import OPEN_HAZARD_STATES, OPEN_TASK_STATES, TaskState
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.scope import in_subtree, receiving, visible
from campaigns.store.work.tasks import Task


@dataclass(frozen=True, slots=True)
class Stake:
    """What is open about an enterprise: its tasks, those that wait for review, its hazards and how many are major."""

    tasks: int
    reviews: int
    hazards: int
    major: int


def stake_of(session: Session, enterprise_id: int) -> Stake:
    """Count what a hand-over or a closing would touch. The caller has made sure that the enterprise is in sight."""
    mine = col(Task.organisation_id) == enterprise_id
    tasks, reviews = (
        session.scalar(select(func.count()).select_from(Task).where(mine, col(Task.state).in_(states))) or 0
        for states in (OPEN_TASK_STATES, (TaskState.SUBMITTED,))
    )
    hazards = select(func.count()).where(
        col(Hazard.enterprise_id) == enterprise_id, col(Hazard.state).in_(OPEN_HAZARD_STATES)
    )
    major = session.scalar(hazards.where(col(Hazard.major).is_(True))) or 0
    return Stake(tasks, reviews, session.scalar(hazards) or 0, major)


def receivers(session: Session, actor: Actor, *, but: int | None) -> list[tuple[int, str]]:
    """Return the bureaus an enterprise may be handed over to, by id and name, without its present one."""
    rows = (
        select(col(Organisation.id), col(Organisation.name))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .where(col(Organisation.id).in_(receiving(actor)), col(Organisation.id) != (but or 0))
        .order_by(col(Region.code), col(Organisation.name))
    )
    return [(row[0], row[1]) for row in session.execute(rows)]


def places(session: Session, actor: Actor, *, present: int) -> list[tuple[int, str]]:
    """Return the places an enterprise may stand in: the actor's subtree, and where it stands now."""
    if actor.level is None or actor.region_id is None:
        return []
    inside = in_subtree(actor.level, actor.region_id)
    rows = select(Region).where(inside | (col(Region.id) == present)).order_by(col(Region.code))
    found = list(session.scalars(rows))
    names = {region.id: region.name for region in found}
    return [(one.id, f"{names.get(one.parent_id or 0, '')}{one.name}") for one in found]


def words_in_use(session: Session, actor: Actor) -> dict[str, list[str]]:
    """Return which sectors, categories, statuses and grades occur in sight, so that a clerk writes the same words."""
    seen = col(Organisation.id).in_(visible(actor)), col(Organisation.kind) == OrganisationKind.ENTERPRISE
    columns = {name: col(getattr(Organisation, name)) for name in ("sector", "category", "status", "risk_grade")}
    return {
        name: list(session.scalars(select(column).where(*seen, column != "").distinct().order_by(column)))
        for name, column in columns.items()
    }
