"""The pulse carries messages, keeps office hours outward, and leaves a sign of life."""

import time
from datetime import UTC, datetime, timedelta

from campaigns.actions.time.calendar import set_workday
from campaigns.store.database import Database
from campaigns.store.ledger import Heartbeat
from notifications.dispatcher import Dispatched
from notifications.ticker import TICKER, pulse, start
from tests.notifications.outside import MORNING, SETTINGS, FakeChannel, tell
from tests.people import Cast

SATURDAY = datetime(2023, 5, 27, 2, 0, tzinfo=UTC)


def last_beat(base: Database) -> datetime | None:
    """Return when the ticker last worked."""
    with base.reading() as session:
        row = session.get(Heartbeat, TICKER)
        return row and row.at


def test_a_pulse_queues_sends_and_leaves_a_heartbeat(either_cast: Cast) -> None:
    channel = FakeChannel()
    tell(either_cast.database, either_cast.principal.person_id, "launch:1")
    assert pulse(either_cast.database, SETTINGS, now=MORNING, channels=channel.channels) == Dispatched(sent=1)
    assert last_beat(either_cast.database) == MORNING


def test_on_a_day_off_nothing_leaves_but_the_heart_beats(cast: Cast) -> None:
    channel = FakeChannel()
    tell(cast.database, cast.principal.person_id, "launch:1")
    assert pulse(cast.database, SETTINGS, now=SATURDAY, channels=channel.channels) == Dispatched()
    assert (channel.tried, last_beat(cast.database)) == ([], SATURDAY)


def test_a_saturday_the_administrator_made_a_working_day_is_one(cast: Cast) -> None:
    channel = FakeChannel()
    tell(cast.database, cast.principal.person_id, "launch:1")
    with cast.database.transaction() as session:
        set_workday(session, day=SATURDAY.date(), working=True, note="防汛值守", by=cast.administrator, now=MORNING)
    assert pulse(cast.database, SETTINGS, now=SATURDAY, channels=channel.channels) == Dispatched(sent=1)


def test_the_ticker_pulses_at_once_when_it_starts(cast: Cast) -> None:
    scheduler = start(cast.database, SETTINGS.model_copy(update={"smtp_host": ""}))
    try:
        until = time.monotonic() + 20
        while last_beat(cast.database) is None and time.monotonic() < until:
            time.sleep(0.05)
        assert {job.name for job in scheduler.get_jobs()} == {"_pulse_now", "_draw_now", "_sweep_now"}
        job = scheduler.get_jobs()[0]
        assert last_beat(cast.database) is not None
        assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
        assert job.next_run_time - timedelta(seconds=60) < datetime.now(UTC)
    finally:
        scheduler.shutdown(wait=True)
