"""People and organisations say where they are reached; a message that failed can be sent again."""

import pytest
from sqlalchemy import select

from campaigns.actions.messages.channels import set_group_channel, set_own_channel, try_again
from campaigns.errors import Conflict, Forbidden, NotFound
from campaigns.rules.states import DeliveryState
from campaigns.store.ledger import Event
from campaigns.store.messages import ChannelSetting
from notifications.channels.letter import Refused
from notifications.dispatcher import Dispatched, dispatch
from tests.notifications.outside import MORNING, SETTINGS, FakeChannel, deliveries, morning_round, tell
from tests.people import Cast


def test_setting_a_channel_again_changes_the_one_there_is_and_keeps_its_secret(either_cast: Cast) -> None:
    cast = either_cast
    with cast.database.transaction() as session:
        for address, secret in (("https://a.test/", "canary-secret"), ("https://b.test/", "")):
            set_group_channel(
                session,
                channel="webhook",
                address=address,
                secret=secret,
                enabled=True,
                by=cast.administrator,
                now=MORNING,
            )
        setting = session.scalars(select(ChannelSetting)).one()
        assert (setting.address, setting.secret) == ("https://b.test/", "canary-secret")
        trail = session.scalars(select(Event)).all()
    assert "canary" not in str([event.data for event in trail])
    assert "b.test" not in str([event.data for event in trail])


def test_only_an_administrator_sets_the_organisations_robots(cast: Cast) -> None:
    with pytest.raises(Forbidden), cast.database.transaction() as session:
        set_group_channel(
            session, channel="wecom", address="https://a.test/", secret="", enabled=True, by=cast.officer, now=MORNING
        )


def test_a_failed_message_goes_out_again_to_the_corrected_address(either_cast: Cast) -> None:
    base, person = either_cast.database, either_cast.principal
    channel = FakeChannel(failure=Refused("邮件服务器拒收（550），请核对邮箱地址。"))
    tell(base, person.person_id, "launch:1")
    morning_round(base, channel, MORNING)
    failed = deliveries(base)[0]
    with base.transaction() as session:
        with pytest.raises(NotFound):
            try_again(session, delivery_id=failed.id, by=either_cast.stranger_principal, now=MORNING)
        set_own_channel(session, channel="email", address="new@example.invalid", enabled=True, by=person, now=MORNING)
        try_again(session, delivery_id=failed.id, by=person, now=MORNING)
        with pytest.raises(Conflict, match="外发消息"):
            try_again(session, delivery_id=failed.id, by=person, now=MORNING)
    channel.failure = None
    assert dispatch(base, SETTINGS, now=MORNING, channels=channel.channels) == Dispatched(sent=1)
    assert [letter.address for letter in channel.taken] == ["new@example.invalid"]
    assert deliveries(base)[0].state == DeliveryState.SENT
