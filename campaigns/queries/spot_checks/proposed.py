"""抽查建议 for the bureau that supervises the enterprises: the flags, one with its evidence, and the list of whom to visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from campaigns.date_words import day_words
from campaigns.errors import NotFound
from campaigns.queries.spot_checks.signs import on_roster
from campaigns.queries.work.task_lines import is_open
from campaigns.rules.permissions import Actor, Permission, check_somewhere, may_somewhere
from campaigns.rules.spot_checks.flags import Evidence, FlagKind
from campaigns.rules.states import FlagState
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.look_backs import LookBackItem
from campaigns.store.scope import campaigns_in_sight, supervised
from campaigns.store.spot_checks import Flag, SpotCheck
from campaigns.store.work.tasks import Task


@dataclass(frozen=True, slots=True)
class FlagLine:
    """One flag in the list."""

    row: Flag
    kind: FlagKind
    state: FlagState
    enterprise: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence; out of sight when its enterprise is another bureau's by now, and then only said."""

    evidence: Evidence
    in_sight: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a spot check can be written down: an inspection that is due for the enterprise, or a look back drawn there."""

    words: str
    task_id: int | None = None
    look_back_id: int | None = None
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One enterprise on the list, with how many flags brought it there."""

    row: SpotCheck
    enterprise: str
    listed_by: str
    checked_by: str
    flags: int


def check_may_spot_check(session: Session, actor: Actor, campaign_id: int | None = None) -> Campaign | None:
    """Raise unless the actor arranges spot checks; return the campaign asked for, not found when it is out of sight."""
    check_somewhere(actor, Permission.SPOT_CHECK)
    if campaign_id is None:
        return None
    campaign = session.scalar(
        select(Campaign).where(col(Campaign.id) == campaign_id, col(Campaign.id).in_(campaigns_in_sight(actor)))
    )
    if campaign is None:
        raise NotFound
    return campaign


def count_flags(session: Session, *, actor: Actor, campaign_id: int | None = None) -> dict[FlagState, int]:
    """Count the flags in sight by state."""
    counted = select(col(Flag.state), func.count()).where(*_sight(actor, campaign_id)).group_by(col(Flag.state))
    return {FlagState(state): count for state, count in session.execute(counted).tuples()}


def flags(
    session: Session, *, actor: Actor, state: FlagState, campaign_id: int | None = None, limit: int, offset: int = 0
) -> Sequence[FlagLine]:
    """List the flags about the enterprises that the actor's bureau supervises, by the enterprises' names: nobody is ranked."""
    rows = _lines().where(*_sight(actor, campaign_id), col(Flag.state) == state)
    ordered = rows.order_by(col(Organisation.name), col(Organisation.id), col(Flag.id)).limit(limit).offset(offset)
    return [_line(row) for row in session.execute(ordered)]


def one_flag(session: Session, *, flag_id: int, actor: Actor) -> tuple[FlagLine, Sequence[Piece]]:
    """Return a flag with its evidence; another bureau's is not found."""
    _check_may(actor)
    row = session.execute(_lines().where(*_sight(actor, None), col(Flag.id) == flag_id)).one_or_none()
    if row is None:
        raise NotFound
    line = _line(row)
    pieces = [Evidence.of_json(kept) for kept in line.row.evidence]
    whose = {piece.enterprise_id for piece in pieces}
    seen = supervised(actor).where(supervised(actor).selected_columns[0].in_(whose))
    ours = set(session.scalars(seen))
    return line, [Piece(piece, piece.enterprise_id in ours) for piece in pieces]


def visits(session: Session, *, actor: Actor, done: bool = False, limit: int = 100) -> Sequence[Visit]:
    """List the enterprises to be visited by day, or the last visits made."""
    order = col(SpotCheck.checked_at).desc() if done else col(SpotCheck.planned_on)
    which = col(SpotCheck.checked_at).is_not(None) if done else col(SpotCheck.checked_at).is_(None)
    rows = session.execute(_visits(actor).where(which).order_by(order, col(SpotCheck.id)).limit(limit))
    return [Visit(*row) for row in rows]


def one_visit(
    session: Session, *, spot_check_id: int, actor: Actor
) -> tuple[Visit, Sequence[FlagLine], Sequence[Opening]]:
    """Return one enterprise on the list, why it is there, and what can be opened to write down what was found."""
    _check_may(actor)
    row = session.execute(_visits(actor).where(col(SpotCheck.id) == spot_check_id)).one_or_none()
    if row is None:
        raise NotFound
    visit = Visit(*row)
    reasons = _lines().where(*_sight(actor, None), col(Flag.spot_check_id) == spot_check_id).order_by(col(Flag.id))
    return visit, [_line(row) for row in session.execute(reasons)], _openings(session, visit.row.enterprise_id, actor)


def _check_may(actor: Actor) -> None:
    if not may_somewhere(actor, Permission.SPOT_CHECK):
        raise NotFound


def _openings(session: Session, enterprise_id: int, actor: Actor) -> list[Opening]:
    inspections = session.execute(
        select(col(Task.id), col(PlannedOccurrence.title), col(Task.due_on))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(col(Task.organisation_id) == actor.organisation_id, col(Task.subject_id) == enterprise_id, is_open())
        .order_by(col(Task.due_on), col(Task.id))
        .limit(10)
    )
    # whoever drew: the bureau that supervises the enterprise now looks
    drawn = session.execute(
        select(col(LookBackItem.look_back_id), col(LookBackItem.id), col(Hazard.title), col(Hazard.closed_on))
        .join(Hazard, col(Hazard.id) == col(LookBackItem.hazard_id))
        .where(col(Hazard.enterprise_id) == enterprise_id, col(LookBackItem.looked_at).is_(None))
        .order_by(col(LookBackItem.id))
        .limit(10)
    )
    tasks = [Opening(f"{title}（{day_words(due_on)}到期）", task_id=id_) for id_, title, due_on in inspections]
    return tasks + [
        Opening(f"{title}（{day_words(closed_on)}销号）", look_back_id=draw, item_id=item)
        for draw, item, title, closed_on in drawn
    ]


def _sight(actor: Actor, campaign_id: int | None) -> tuple[ColumnElement[bool], ...]:
    ours = col(Flag.enterprise_id).in_(supervised(actor))
    return (ours,) if campaign_id is None else (ours, col(Flag.enterprise_id).in_(on_roster(campaign_id)))


def _lines() -> Any:
    return (
        select(Flag, col(Organisation.name), col(Person.name))
        .join(Organisation, col(Organisation.id) == col(Flag.enterprise_id))
        .outerjoin(Person, col(Person.id) == col(Flag.decided_by_id))
    )


def _line(row: Any) -> FlagLine:
    flag, enterprise, decided_by = row
    return FlagLine(flag, FlagKind(flag.kind), FlagState(flag.state), enterprise, decided_by or "")


def _visits(actor: Actor) -> Any:
    brought = select(func.count()).where(col(Flag.spot_check_id) == col(SpotCheck.id)).correlate(SpotCheck)
    checker = select(col(Person.name)).where(col(Person.id) == col(SpotCheck.checked_by_id)).correlate(SpotCheck)
    return (
        select(
            SpotCheck,
            col(Organisation.name),
            col(Person.name),
            func.coalesce(checker.scalar_subquery(), ""),
            brought.scalar_subquery(),
        )
        .join(Organisation, col(Organisation.id) == col(SpotCheck.enterprise_id))
        .join(Person, col(Person.id) == col(SpotCheck.listed_by_id))
        .where(col(SpotCheck.enterprise_id).in_(supervised(actor)))
    )
