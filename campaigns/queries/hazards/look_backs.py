"""回头看 for the bureau that drew it: its draws, and one of them with what was found."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor
from campaigns.store.hazards import Hazard
from campaigns.store.look_backs import LookBack, LookBackItem
from campaigns.store.people import Person
from campaigns.store.regions import Organisation

Again = aliased(Hazard, name="reopened")


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw: who drew it, how many were looked at, how many had come back."""

    row: LookBack
    by: str
    looked: int
    relapsed: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawn hazard with what was found."""

    item: LookBackItem
    hazard: Hazard
    enterprise: str
    looked_by: str
    reopened: str


def draws(session: Session, *, actor: Actor, limit: int = 50) -> tuple[Draw, ...]:
    """List the draws of the actor's bureau, newest first."""
    rows = session.execute(
        select(
            LookBack,
            col(Person.name),
            func.count(col(LookBackItem.looked_at)),
            func.count(col(LookBackItem.reopened_id)),
        )
        .join(Person, col(Person.id) == col(LookBack.drawn_by_id))
        .join(LookBackItem, col(LookBackItem.look_back_id) == col(LookBack.id))
        .where(col(LookBack.bureau_id) == actor.organisation_id)
        .group_by(col(LookBack.id), col(Person.name))
        .order_by(col(LookBack.id).desc())
        .limit(limit)
    )
    return tuple(Draw(*row) for row in rows)


def one_draw(session: Session, *, look_back_id: int, actor: Actor) -> tuple[LookBack, tuple[Drawn, ...]]:
    """Return a draw of the actor's bureau with its hazards in the order drawn; any other is not found."""
    draw = session.get(LookBack, look_back_id)
    if draw is None or draw.bureau_id != actor.organisation_id:
        raise NotFound
    rows = session.execute(
        select(LookBackItem, Hazard, col(Organisation.name), col(Person.name), col(Again.number))
        .join(Hazard, col(Hazard.id) == col(LookBackItem.hazard_id))
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .outerjoin(Person, col(Person.id) == col(LookBackItem.looked_by_id))
        .outerjoin(Again, col(Again.id) == col(LookBackItem.reopened_id))
        .where(col(LookBackItem.look_back_id) == look_back_id)
        .order_by(col(LookBackItem.position))
    )
    return draw, tuple(Drawn(item, hazard, name, by or "", again or "") for item, hazard, name, by, again in rows)


def check_drawn(session: Session, *, look_back_id: int, item_id: int) -> None:
    """Raise NotFound unless the draw of an address is the one that its hazard was drawn in."""
    drawn_in = select(col(LookBackItem.look_back_id)).where(col(LookBackItem.id) == item_id)
    if session.scalar(drawn_in) != look_back_id:
        raise NotFound
