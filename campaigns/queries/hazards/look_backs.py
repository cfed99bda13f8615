"""回头看: the draws of a bureau, and one of them with what was found.

An enterprise may be handed over (移交) between the draw and the look. Its new bureau then sees the draw too, with the hazards
that are its to look at and no others.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation, Supervision
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.look_backs import LookBack, LookBackItem

Again = aliased(Hazard, name="reopened")
Drawer = aliased(Organisation, name="drawing_bureau")
Looker = aliased(Organisation, name="looking_bureau")


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw: who drew it and of which bureau, how many were looked at, how many had come back."""

    row: LookBack
    by: str
    bureau: str
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
    bureau_id: int | None
    bureau: str


def draws(session: Session, *, actor: Actor, limit: int = 50) -> tuple[Draw, ...]:
    """List the draws of the actor's bureau and those with hazards that were handed over to it, newest first."""
    rows = session.execute(
        select(
            LookBack,
            col(Person.name),
            col(Drawer.name),
            func.count(col(LookBackItem.looked_at)),
            func.count(col(LookBackItem.reopened_id)),
        )
        .join(Person, col(Person.id) == col(LookBack.drawn_by_id))
        .join(Drawer, col(Drawer.id) == col(LookBack.bureau_id))
        .join(LookBackItem, col(LookBackItem.look_back_id) == col(LookBack.id))
        .join(Hazard, col(Hazard.id) == col(LookBackItem.hazard_id))
        .outerjoin(Supervision, _supervised())
        .where(_mine(actor))
        .group_by(col(LookBack.id), col(Person.name), col(Drawer.name))
        .order_by(col(LookBack.id).desc())
        .limit(limit)
    )
    return tuple(Draw(*row) for row in rows)


def one_draw(session: Session, *, look_back_id: int, actor: Actor) -> tuple[LookBack, tuple[Drawn, ...]]:
    """Return a draw of the actor's bureau with its hazards in the order drawn, or of another's with those handed over to it.

    Any other is not found.
    """
    rows = session.execute(
        select(
            LookBackItem,
            Hazard,
            col(Organisation.name),
            col(Person.name),
            col(Again.number),
            col(Supervision.bureau_id),
            col(Looker.name),
        )
        .join(LookBack, col(LookBack.id) == col(LookBackItem.look_back_id))
        .join(Hazard, col(Hazard.id) == col(LookBackItem.hazard_id))
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .outerjoin(Person, col(Person.id) == col(LookBackItem.looked_by_id))
        .outerjoin(Again, col(Again.id) == col(LookBackItem.reopened_id))
        .outerjoin(Supervision, _supervised())
        .outerjoin(Looker, col(Looker.id) == col(Supervision.bureau_id))
        .where(col(LookBackItem.look_back_id) == look_back_id, _mine(actor))
        .order_by(col(LookBackItem.position))
    )
    drawn = tuple(
        Drawn(item, hazard, name, by or "", again or "", bureau_id, bureau or "")
        for item, hazard, name, by, again, bureau_id, bureau in rows
    )
    if not drawn:
        raise NotFound
    return session.get_one(LookBack, look_back_id), drawn


def _supervised() -> ColumnElement[bool]:
    """Join the enterprise of a drawn hazard to who supervises it now."""
    return and_(col(Supervision.enterprise_id) == col(Hazard.enterprise_id), col(Supervision.ended_on).is_(None))


def _mine(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor's bureau drew, or supervises the enterprise of the drawn hazard now."""
    own = (actor.organisation_id if actor.is_regulator else None) or 0  # nobody's
    return or_(col(LookBack.bureau_id) == own, col(Supervision.bureau_id) == own)


def check_drawn(session: Session, *, look_back_id: int, item_id: int) -> None:
    """Raise NotFound unless the draw of an address is the one that its hazard was drawn in."""
    drawn_in = select(col(LookBackItem.look_back_id)).where(col(LookBackItem.id) == item_id)
    if session.scalar(drawn_in) != look_back_id:
        raise NotFound
