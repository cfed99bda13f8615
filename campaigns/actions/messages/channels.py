"""How people and organisations are reached outside, and another try for what did not go out."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import DeliveryState, check_move
from campaigns.store.directory.people import Person
from campaigns.store.messages import ChannelSetting, Delivery
from campaigns.store.scope import check_relation


def set_own_channel(
    session: Session, *, channel: str, address: str, enabled: bool, by: Actor, now: datetime
) -> ChannelSetting:
    """Set where the person himself is reached, or that he is not to be."""
    setting = _setting(session, channel, col(ChannelSetting.person_id) == by.person_id)
    setting = setting or ChannelSetting(person_id=by.person_id, channel=channel, address="")
    return _save(session, setting, address, "", enabled, by=by, now=now)


def set_group_channel(
    session: Session, *, channel: str, address: str, secret: str, enabled: bool, by: Actor, now: datetime
) -> ChannelSetting:
    """Set the robot or webhook of the actor's organisation; an empty secret keeps the one that is there."""
    check_relation(session, by, Permission.MANAGE_PEOPLE, by.organisation_id)
    setting = _setting(session, channel, col(ChannelSetting.organisation_id) == by.organisation_id)
    setting = setting or ChannelSetting(organisation_id=by.organisation_id, channel=channel, address="")
    return _save(session, setting, address, secret, enabled, by=by, now=now)


def try_again(session: Session, *, delivery_id: int, by: Actor, now: datetime) -> None:
    """Queue a failed delivery again, to the address that is set now; the owner or his administrator may."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound
    owner = session.get(Person, delivery.person_id) if delivery.person_id else None
    if owner is None or owner.id != by.person_id:
        organisation_id = owner.organisation_id if owner else delivery.organisation_id
        check_relation(session, by, Permission.MANAGE_PEOPLE, organisation_id)
    check_move("外发消息", DeliveryState(delivery.state), DeliveryState.QUEUED)
    mine = col(ChannelSetting.person_id) == delivery.person_id
    setting = _setting(session, delivery.channel, mine if owner else _group(delivery))
    delivery.address = setting.address if setting else owner.email if owner else delivery.address
    delivery.state, delivery.attempts, delivery.next_try_at = DeliveryState.QUEUED, 0, now
    delivery.leased_until = None


def try_everything_again(session: Session, *, channel: str, by: Actor, now: datetime) -> int:
    """Queue again whatever failed on a channel of the actor's organisation, and return how many that were."""
    check_relation(session, by, Permission.MANAGE_PEOPLE, by.organisation_id)
    failed = update(Delivery).where(
        col(Delivery.organisation_id) == by.organisation_id,
        col(Delivery.channel) == channel,
        col(Delivery.state) == DeliveryState.FAILED,
    )
    again = {"state": DeliveryState.QUEUED, "attempts": 0, "next_try_at": now, "leased_until": None}
    queued = session.execute(failed.values(again).execution_options(synchronize_session=False))
    return int(queued.rowcount)  # type: ignore[attr-defined]


def _group(delivery: Delivery) -> object:
    return col(ChannelSetting.organisation_id) == delivery.organisation_id


def _setting(session: Session, channel: str, owner: object) -> ChannelSetting | None:
    return session.scalar(select(ChannelSetting).where(col(ChannelSetting.channel) == channel, owner))  # type: ignore[arg-type]


def _save(
    session: Session, setting: ChannelSetting, address: str, secret: str, enabled: bool, *, by: Actor, now: datetime
) -> ChannelSetting:
    setting.address, setting.enabled = address, enabled
    setting.secret = secret or setting.secret
    session.add(setting)
    session.flush()
    # neither the address nor the secret is recorded: a robot's address is its key
    record(
        session,
        "channel.set",
        by=by,
        now=now,
        about=setting,
        organisation_id=by.organisation_id,
        channel=setting.channel,
        enabled=enabled,
    )
    return setting
