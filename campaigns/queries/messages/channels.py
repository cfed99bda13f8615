"""How somebody is reached outside, and what became of the last messages. A secret never leaves the table."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from campaigns.rules.permissions import Actor, Permission, Relation, may
from campaigns.rules.states import DeliveryState
from campaigns.store.directory.people import Person
from campaigns.store.messages import ChannelSetting, Delivery


@dataclass(frozen=True, slots=True)
class Reached:
    """One channel as it is set; `has_secret` says only that there is one."""

    channel: str
    address: str
    enabled: bool
    has_secret: bool


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One message that went out, or why it did not; `at_once` tells a program one event."""

    id: int
    channel: str
    owner: str
    day: date
    at_once: bool
    title: str
    state: DeliveryState
    last_error: str
    sent_at: datetime | None


def own_email(session: Session, *, actor: Actor) -> Reached:
    """Return the person's mail address: his own setting, or what his account says."""
    found = _settings(session, col(ChannelSetting.person_id) == actor.person_id).get("email")
    address = session.scalar(select(col(Person.email)).where(col(Person.id) == actor.person_id)) or ""
    return found or Reached("email", address, True, False)


def group_channels(session: Session, *, actor: Actor) -> dict[str, Reached]:
    """Return the robots and webhooks of the actor's organisation by channel."""
    return _settings(session, col(ChannelSetting.organisation_id) == actor.organisation_id)


def last_deliveries(session: Session, *, actor: Actor, limit: int = 20) -> tuple[DeliveryLine, ...]:
    """Return the newest messages to the actor; an administrator also sees his organisation's that did not go out."""
    seen: ColumnElement[bool] = col(Delivery.person_id) == actor.person_id
    if may(actor, Permission.MANAGE_PEOPLE, Relation.SELF):
        ours = or_(
            col(Delivery.organisation_id) == actor.organisation_id,
            col(Person.organisation_id) == actor.organisation_id,
        )
        seen = or_(seen, ours & ((col(Delivery.state) == DeliveryState.FAILED) | (col(Delivery.last_error) != "")))
    columns = (
        Delivery.id,
        Delivery.channel,
        Person.name,
        Delivery.day,
        Delivery.event_id,
        Delivery.title,
        Delivery.state,
    )
    rows = session.execute(
        select(*(col(column) for column in columns), col(Delivery.last_error), col(Delivery.sent_at))
        .outerjoin(Person, col(Person.id) == col(Delivery.person_id))
        .where(seen)
        .order_by(col(Delivery.day).desc(), col(Delivery.id).desc())
        .limit(limit)
    )
    return tuple(
        DeliveryLine(id_, channel, name or "本单位", day, event_id > 0, title, DeliveryState(state), error, sent_at)
        for id_, channel, name, day, event_id, title, state, error, sent_at in rows
    )


def given_up(session: Session, *, actor: Actor) -> dict[str, int]:
    """Return by channel how many messages of the actor's organisation nobody tries any more."""
    rows = session.execute(
        select(col(Delivery.channel), func.count())
        .where(col(Delivery.organisation_id) == actor.organisation_id, col(Delivery.state) == DeliveryState.FAILED)
        .group_by(col(Delivery.channel))
    )
    return {row[0]: row[1] for row in rows}


def _settings(session: Session, owner: ColumnElement[bool]) -> dict[str, Reached]:
    rows = session.execute(
        select(
            col(ChannelSetting.channel),
            col(ChannelSetting.address),
            col(ChannelSetting.enabled),
            col(ChannelSetting.secret) != "",
        ).where(owner)
    )
    return {row[0]: Reached(*row) for row in rows}
