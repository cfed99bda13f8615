"""A report that is filed reaches its superior's webhook, one that is returned its filer's, with the kind and the page named."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.settings import Settings
from campaigns.store.ledger import Event
from campaigns.store.messages import ChannelSetting
from notifications.channels import CHANNELS
from notifications.channels.letter import Channel
from notifications.compose import compose
from notifications.digests import queue_digests
from notifications.dispatcher import dispatch
from tests.campaigns import at
from tests.lived import lived
from tests.notifications.outside import FakeChannel
from tests.people import Cast

ALLOWED = Settings(webhook_allow="hooks.test:443")


@pytest.mark.parametrize(("kind", "whose"), [("report.filed", "city_bureau"), ("report.returned", "bureau")])
def test_what_happened_to_a_report_reaches_the_webhook(
    cast: Cast, tmp_path_factory: pytest.TempPathFactory, kind: str, whose: str
) -> None:
    base, fake = cast.database, FakeChannel()
    hook: dict[str, Channel] = {"webhook": replace(CHANNELS["webhook"], connect=fake.connect)}
    with base.transaction() as session:
        owner = getattr(cast, whose).id
        session.add(
            ChannelSetting(organisation_id=owner, channel="webhook", address="https://hooks.test/in", secret="x" * 20)
        )
    lived(cast, tmp_path_factory.mktemp("lived"))
    compose(base, now=at(5, 29))
    queue_digests(base, ALLOWED, now=at(5, 29), channels=hook)
    dispatch(base, ALLOWED, now=at(5, 29), channels=hook)
    with base.reading() as session:
        about = {f"/reports/{id_}" for id_ in session.scalars(select(col(Event.subject_id)).where(Event.kind == kind))}
    told = {event.link for letter in fake.taken for event in letter.events if event.kind == kind}
    assert told
    assert told <= about
    assert [letter.secret for letter in fake.taken] == ["x" * 20]
