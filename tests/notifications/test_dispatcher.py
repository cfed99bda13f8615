"""A letter is claimed once, sent outside the transaction, marked afterwards, and never lost."""

import inspect
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.rules.states import DeliveryState
from campaigns.store.ledger import Event
from notifications.channels import CHANNELS
from notifications.channels.letter import ChannelDown, Refused, TryLater
from notifications.digests import queue_digests
from notifications.dispatcher import LEASE, MOST_TRIES, Dispatched, dispatch, wait_after
from tests.notifications.outside import DAY, MORNING, SETTINGS, FakeChannel, deliveries, morning_round, tell
from tests.people import Cast


def test_the_fake_channel_has_the_shape_of_every_real_one() -> None:
    expected = inspect.signature(FakeChannel().connect)
    for name, channel in CHANNELS.items():
        assert list(inspect.signature(channel.connect).parameters) == list(expected.parameters), name


def test_a_digest_goes_out_once_and_is_marked(either_cast: Cast) -> None:
    channel = FakeChannel()
    tell(either_cast.database, either_cast.principal.person_id, "launch:1")
    assert morning_round(either_cast.database, channel, MORNING) == Dispatched(sent=1)
    assert morning_round(either_cast.database, channel, MORNING + LEASE) == Dispatched()
    assert [letter.address for letter in channel.taken] == ["principal@example.invalid"]
    assert deliveries(either_cast.database)[0].sent_at == MORNING


def test_two_workers_draining_one_outbox_send_each_letter_once(either_cast: Cast) -> None:
    base, channel = either_cast.database, FakeChannel()
    for actor in (either_cast.principal, either_cast.leader, either_cast.officer, either_cast.other_principal):
        tell(base, actor.person_id, "launch:1")
    queue_digests(base, SETTINGS, now=MORNING, channels=channel.channels)
    with ThreadPoolExecutor(4) as workers:
        rounds = [workers.submit(dispatch, base, SETTINGS, now=MORNING, channels=channel.channels) for _ in range(4)]
        assert sum((round_.result() for round_ in rounds), Dispatched()) == Dispatched(sent=4)
    assert len({letter.delivery for letter in channel.tried}) == len(channel.tried) == 4


def test_a_temporary_failure_is_tried_again_with_the_same_id_after_a_growing_wait(either_cast: Cast) -> None:
    base, channel = either_cast.database, FakeChannel(failure=TryLater("邮件服务器暂时不收（451），稍后自动重试。"))
    tell(base, either_cast.principal.person_id, "launch:1")
    assert morning_round(base, channel, MORNING) == Dispatched(later=1)
    waiting = deliveries(base)[0]
    assert (waiting.state, waiting.attempts) == (DeliveryState.QUEUED, 1)
    assert "451" in waiting.last_error
    assert dispatch(base, SETTINGS, now=MORNING + timedelta(seconds=5), channels=channel.channels) == Dispatched()
    channel.failure = None
    assert dispatch(base, SETTINGS, now=waiting.next_try_at, channels=channel.channels) == Dispatched(sent=1)
    assert len({letter.delivery for letter in channel.tried}) == 1
    assert deliveries(base)[0].last_error == ""


def test_waits_double_up_to_an_hour_and_spread_by_row() -> None:
    waits = [wait_after(attempts, spread=7) for attempts in range(1, 9)]
    assert waits == sorted(waits)
    assert timedelta(minutes=45) <= wait_after(50, spread=7) <= timedelta(hours=1)
    assert len({wait_after(3, spread=row) for row in range(100)}) > 50


def test_a_permanent_failure_is_visible_at_once_and_told_to_its_owner(either_cast: Cast) -> None:
    base, channel = either_cast.database, FakeChannel(failure=Refused("邮件服务器拒收（550），请核对邮箱地址。"))
    tell(base, either_cast.principal.person_id, "launch:1")
    assert morning_round(base, channel, MORNING) == Dispatched(failed=1)
    failed = deliveries(base)[0]
    assert (failed.state, failed.last_error) == (DeliveryState.FAILED, "邮件服务器拒收（550），请核对邮箱地址。")
    with base.reading() as session:
        event = session.scalars(select(Event).where(col(Event.kind) == "delivery.failed")).one()
    assert (event.subject_id, event.organisation_id) == (failed.id, either_cast.pond.id)


def test_after_many_tries_the_failure_says_how_many_and_why(cast: Cast) -> None:
    base, channel = cast.database, FakeChannel(failure=TryLater("邮件服务器没有回应。"))
    tell(base, cast.principal.person_id, "launch:1")
    queue_digests(base, SETTINGS, now=MORNING, channels=channel.channels)
    now, total = MORNING, Dispatched()
    while not total.failed:
        total += dispatch(base, SETTINGS, now=now, channels=channel.channels)
        now += timedelta(hours=1)
    assert len(channel.tried) == MOST_TRIES
    assert now - MORNING > 2 * DAY, "an outage over a week-end must not exhaust the tries"
    assert deliveries(base)[0].last_error == f"试了{MOST_TRIES}次仍未发出。最后一次：邮件服务器没有回应。"


def test_when_the_channel_is_down_the_rest_of_the_batch_is_not_tried(cast: Cast) -> None:
    base, channel = cast.database, FakeChannel(failure=ChannelDown("没有连上邮件服务器。"))
    for actor in (cast.principal, cast.leader, cast.officer):
        tell(base, actor.person_id, "launch:1")
    assert morning_round(base, channel, MORNING) == Dispatched(later=3)
    assert len(channel.tried) == 1


def test_a_worker_that_died_after_the_claim_leaves_a_lease_that_runs_out(either_cast: Cast) -> None:
    class Killed(BaseException):
        """What kill -9 looks like to the letters: nothing is marked."""

    base, channel = either_cast.database, FakeChannel()
    tell(base, either_cast.principal.person_id, "launch:1")
    queue_digests(base, SETTINGS, now=MORNING, channels=channel.channels)
    channel.failure = Killed()  # type: ignore[assignment]
    with pytest.raises(Killed):
        dispatch(base, SETTINGS, now=MORNING, channels=channel.channels)
    channel.failure = None
    assert dispatch(base, SETTINGS, now=MORNING + LEASE / 2, channels=channel.channels) == Dispatched()
    assert dispatch(base, SETTINGS, now=MORNING + LEASE, channels=channel.channels) == Dispatched(sent=1)


def test_a_broken_adapter_holds_up_nobody_else_and_leaks_nothing(cast: Cast) -> None:
    base, channel = cast.database, FakeChannel(failure=KeyError("secret"))  # type: ignore[arg-type]
    tell(base, cast.principal.person_id, "launch:1")
    assert morning_round(base, channel, MORNING) == Dispatched(later=1)
    assert deliveries(base)[0].last_error == "外发程序出错（KeyError），稍后自动重试。"
