"""Another system hears at once, once, signed, whatever the hour: what happened to a report goes to those it concerns."""

import hashlib
import hmac
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from pytest_httpx import HTTPXMock
from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.messages.channels import set_group_channel, try_everything_again
from campaigns.actions.reporting.reports import accept, file, open_period, send_back
from campaigns.queries.messages.channels import given_up
from campaigns.queries.verify.findings import Scene
from campaigns.queries.verify.work import stuck_deliveries, untold_events
from campaigns.rules.permissions import Actor
from campaigns.rules.states import DeliveryState
from campaigns.settings import Settings
from campaigns.store.ledger import Event
from campaigns.store.messages import Delivery, Notice
from campaigns.store.reporting.reports import Report
from notifications.at_once import queue_events
from notifications.catalogue import CATALOGUE
from notifications.channels import CHANNELS
from notifications.channels.letter import Channel, Refused, TryLater
from notifications.compose import compose
from notifications.digests import queue_digests
from notifications.dispatcher import Dispatched, dispatch
from notifications.programs import TOLD_AT_ONCE
from notifications.ticker import pulse
from notifications.untold import REACH
from tests.monthly import MAY, TABLE, instant_of, report_of, reporting, type_everything
from tests.notifications.outside import FakeChannel, deliveries
from tests.people import Cast

ALLOWED = Settings(webhook_allow="hooks.test:443")
SECRET = "a secret of the two systems"
ADDRESS = "https://hooks.test/in"
SATURDAY = datetime(2023, 5, 20, 12, 0, tzinfo=UTC)
"""20:00 in Beijing on a day off: no office is open."""


def hook(fake: FakeChannel) -> dict[str, Channel]:
    return {"webhook": replace(CHANNELS["webhook"], connect=fake.connect)}


def listen(cast: Cast, *actors: Actor, at: datetime = SATURDAY, address: str = ADDRESS) -> None:
    """Set the webhook of each one's organisation."""
    with cast.database.transaction() as session:
        for actor in actors:
            by = replace(cast.administrator, organisation_id=actor.organisation_id)
            set_group_channel(session, channel="webhook", address=address, secret=SECRET, enabled=True, by=by, now=at)


@contextmanager
def county_report(cast: Cast) -> Iterator[tuple[Session, Report]]:
    """Open the May table, and let the county fill it in; what is done in the block is committed after it."""
    with cast.database.transaction() as session:
        campaign = reporting(session, cast, months=(5,))
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=SATURDAY)
        report = report_of(session, campaign, cast.bureau)
        type_everything(session, report, cast.leader, SATURDAY)
        yield session, report


def filed(cast: Cast) -> int:
    """File the county's table and return its id."""
    with county_report(cast) as (session, report):
        return file(session, report_id=report.id, by=cast.leader, now=SATURDAY).id


def test_a_filed_report_reaches_its_superior_and_its_filer_on_a_saturday_evening_within_one_pulse(
    either_cast: Cast,
) -> None:
    cast, fake = either_cast, FakeChannel()
    listen(cast, cast.leader, cast.city_leader, cast.neighbour_leader)
    report_id = filed(cast)
    assert pulse(cast.database, ALLOWED, now=SATURDAY, channels=hook(fake)) == Dispatched(sent=2)
    told = [letter.events[0] for letter in fake.taken]
    assert {(one.kind, one.link) for one in told} == {("report.filed", f"/reports/{report_id}")}
    assert {one.record["data"]["period"] for one in told} == {MAY}
    assert {line.organisation_id for line in deliveries(cast.database)} == {cast.bureau.id, cast.city_bureau.id}
    assert pulse(cast.database, ALLOWED, now=SATURDAY, channels=hook(fake)) == Dispatched(), "twice is once"


def test_a_returned_and_an_accepted_report_are_told_in_the_order_they_happened(cast: Cast) -> None:
    fake = FakeChannel()
    listen(cast, cast.leader)
    report_id = filed(cast)
    with cast.database.transaction() as session:
        send_back(session, report_id=report_id, reason="3.1填错", by=cast.city_leader, now=SATURDAY)
        file(session, report_id=report_id, by=cast.leader, now=SATURDAY)
        accept(session, report_id=report_id, by=cast.city_leader, now=SATURDAY)
    pulse(cast.database, ALLOWED, now=SATURDAY, channels=hook(fake))
    events = [letter.events[0] for letter in fake.taken]
    assert [one.kind for one in events] == ["report.filed", "report.returned", "report.filed", "report.accepted"]
    assert events[1].record["data"]["reason"] == "3.1填错"
    assert [one.record["id"] for one in events] == sorted(one.record["id"] for one in events)


def test_nothing_is_told_before_the_commit_and_nothing_of_what_was_rolled_back(cast: Cast) -> None:
    fake = FakeChannel()
    listen(cast, cast.leader)
    with pytest.raises(RuntimeError), county_report(cast) as (session, report):
        file(session, report_id=report.id, by=cast.leader, now=SATURDAY)
        session.flush()
        with ThreadPoolExecutor(1) as another:
            assert another.submit(_recorded, cast).result() == []
        raise RuntimeError
    pulse(cast.database, ALLOWED, now=SATURDAY, channels=hook(fake))
    assert fake.tried == []
    assert deliveries(cast.database) == []


def _recorded(cast: Cast) -> list[Event]:
    with cast.database.reading() as session:
        return list(session.scalars(select(Event).where(col(Event.kind) == "report.filed")))


def test_two_tickers_queue_and_send_each_event_once(either_cast: Cast) -> None:
    cast, fake = either_cast, FakeChannel()
    listen(cast, cast.leader, cast.city_leader)
    filed(cast)
    with ThreadPoolExecutor(4) as tickers:
        rounds = [tickers.submit(pulse, cast.database, ALLOWED, now=SATURDAY, channels=hook(fake)) for _ in range(4)]
        assert sum((each.result() for each in rounds), Dispatched()) == Dispatched(sent=2)
    assert len({letter.delivery for letter in fake.tried}) == len(fake.tried) == 2


def test_a_receiver_that_is_down_gets_the_same_delivery_later_and_is_asked_once_a_batch(cast: Cast) -> None:
    fake = FakeChannel(failure=TryLater("没有连上对方系统（ConnectError），稍后自动重试。"))
    listen(cast, cast.leader)
    report_id = filed(cast)
    with cast.database.transaction() as session:
        accept(session, report_id=report_id, by=cast.city_leader, now=SATURDAY)
    assert pulse(cast.database, ALLOWED, now=SATURDAY, channels=hook(fake)) == Dispatched(later=2)
    assert len(fake.tried) == 1
    fake.failure = None
    listen(cast, cast.leader, address="https://hooks.test/moved")
    later = max(line.next_try_at for line in deliveries(cast.database))
    assert dispatch(cast.database, ALLOWED, now=later, channels=hook(fake), events_only=True) == Dispatched(sent=2)
    assert fake.taken[0].delivery == fake.tried[0].delivery
    assert {letter.address for letter in fake.taken} == {"https://hooks.test/moved"}


def test_a_refused_event_is_a_visible_dead_letter_with_an_owner_and_is_sent_again_in_one_step(cast: Cast) -> None:
    base, fake = cast.database, FakeChannel(failure=Refused("对方系统拒绝接收（HTTP 404），请核对网址。"))
    listen(cast, cast.leader)
    filed(cast)
    assert pulse(base, ALLOWED, now=SATURDAY, channels=hook(fake)) == Dispatched(failed=1)
    compose(base, now=SATURDAY)
    keeper = replace(cast.administrator, organisation_id=cast.bureau.id)
    with base.transaction() as session:
        owner = session.scalars(select(col(Notice.person_id)).where(col(Notice.kind) == "delivery.failed")).all()
        assert (
            owner == [cast.administrator.person_id] if cast.administrator.organisation_id == cast.bureau.id else owner
        )
        assert given_up(session, actor=keeper) == {"webhook": 1}
        assert "拒绝接收" in next(iter(stuck_deliveries(Scene(session, ALLOWED, SATURDAY)))).sentence
        assert try_everything_again(session, channel="webhook", by=keeper, now=SATURDAY) == 1
        assert given_up(session, actor=keeper) == {}
    fake.failure = None
    assert pulse(base, ALLOWED, now=SATURDAY, channels=hook(fake)) == Dispatched(sent=1)
    assert [letter.delivery for letter in fake.taken] == [fake.tried[0].delivery]


def test_an_event_that_waits_longer_than_ten_minutes_is_found_by_verify(cast: Cast) -> None:
    listen(cast, cast.leader)
    filed(cast)
    compose(cast.database, now=SATURDAY)
    with cast.database.reading() as session:
        late = Scene(session, ALLOWED, SATURDAY + timedelta(minutes=11))
        assert [finding.sentence.split("超过")[1] for finding in untold_events(late)] == [
            "10分钟没有向其他业务系统发出。"
        ]
    queue_events(cast.database, now=SATURDAY)
    with cast.database.reading() as session:
        late = Scene(session, ALLOWED, SATURDAY + timedelta(minutes=11))
        assert list(untold_events(late)) == []
        assert len(list(stuck_deliveries(late))) == 1, "a queued event is stuck even at night"


def test_the_digest_of_a_program_does_not_repeat_what_it_was_told_at_once_and_people_still_get_theirs(
    cast: Cast,
) -> None:
    base, webhook, mail = cast.database, FakeChannel(), FakeChannel()
    listen(cast, cast.city_leader)
    filed(cast)
    monday = instant_of(5, 22)
    channels = hook(webhook) | mail.channels
    pulse(base, ALLOWED, now=SATURDAY, channels=channels)
    assert [letter.events[0].kind for letter in webhook.taken] == ["report.filed"]
    assert mail.taken == []
    queue_digests(base, ALLOWED, now=monday, channels=channels)
    dispatch(base, ALLOWED, now=monday, channels=channels)
    assert len(webhook.taken) == 1
    assert [kind for letter in mail.taken for kind in letter.events] != []


def test_a_system_that_was_connected_today_is_not_told_last_year(cast: Cast) -> None:
    filed(cast)
    queue_events(cast.database, now=SATURDAY)
    listen(cast, cast.leader)
    assert queue_events(cast.database, now=SATURDAY) == 0, "what happened before nobody listened is past"
    with cast.database.transaction() as session:
        accept(session, report_id=_report(session), by=cast.city_leader, now=SATURDAY)
    assert queue_events(cast.database, now=SATURDAY + REACH) == 0, "a month later it is no news"


def _report(session: Session) -> int:
    return session.scalars(select(col(Report.id)).where(col(Report.sha256) != "")).one()


def test_every_kind_that_is_told_at_once_has_words_in_the_catalogue() -> None:
    assert CATALOGUE.keys() >= TOLD_AT_ONCE


def test_a_receiver_checks_the_signature_as_the_documentation_says(cast: Cast, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=204)
    listen(cast, cast.leader)
    report_id = filed(cast)
    pulse(cast.database, ALLOWED, now=SATURDAY)
    request = httpx_mock.get_requests()[0]
    told = orjson.loads(request.content)
    assert told["events"][0]["subject_id"] == report_id
    assert told["delivery"] == request.headers["x-rectify-delivery"]
    documented = Path(__file__).parents[2] / "docs" / "webhooks.md"
    snippet = re.search(r"```python\n(.*?)```", documented.read_text(encoding="utf-8"), re.S)
    assert snippet
    given: dict[str, Any] = {"hashlib": hashlib, "hmac": hmac}
    exec(snippet[1], given)
    genuine = given["genuine"]
    now = int(SATURDAY.timestamp())
    assert genuine(SECRET, request.headers, request.content, now)
    assert not genuine("another secret", request.headers, request.content, now)
    assert not genuine(SECRET, request.headers, request.content + b" ", now)
    assert not genuine(SECRET, request.headers, request.content, now + 301)
    with cast.database.reading() as session:
        assert session.scalars(select(col(Delivery.state))).all() == [DeliveryState.SENT]
