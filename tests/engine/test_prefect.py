"""Against a real Prefect server and the real runner: it wakes our work, and it is disposable."""

from datetime import timedelta

import pytest
from prefect.client.schemas.objects import StateType

from campaigns.clock import now
from campaigns.store.ledger import SCHEDULER, Heartbeat
from flows.engine import TICK_NAME, TICKS_AHEAD
from tests.engine.conftest import Engine

pytestmark = [pytest.mark.engine, pytest.mark.timeout(400)]


def test_the_ticks_schedule_really_produces_runs_and_each_leaves_a_heartbeat(prefect: Engine) -> None:
    prefect.start("runner")
    prefect.until(lambda: any(run.auto_scheduled for run in prefect.runs(StateType.COMPLETED)))
    tick = next(run for run in prefect.runs(StateType.COMPLETED) if run.auto_scheduled)
    assert tick.name.startswith(TICK_NAME)
    assert tick.start_time is not None
    with prefect.base.reading() as session:
        heartbeat = session.get(Heartbeat, SCHEDULER)
    assert heartbeat is not None
    assert heartbeat.at >= tick.start_time - timedelta(seconds=1)
    prefect.write_ahead(tick.deployment_id, minutes=5)  # the schedule finds its next runs written, each under our name
    coming = [run for run in prefect.runs(StateType.SCHEDULED) if run.deployment_id == tick.deployment_id]
    assert [run.name for run in coming if not run.name.startswith(TICK_NAME)] == []
    assert len(coming) >= TICKS_AHEAD - 1
    assert len({run.next_scheduled_start_time for run in coming}) == len(coming)


def test_work_missed_in_an_outage_is_done_once_after_the_start_and_marked_late(prefect: Engine) -> None:
    due_at = now() - timedelta(hours=20)
    prefect.plan("missed", due_at)
    prefect.reconcile(due_at - timedelta(days=1))  # Prefect had it on its calendar before the outage
    assert set(prefect.calendar("missed")) == {"missed"}
    prefect.start("runner")
    prefect.until(lambda: prefect.row("missed").done_at is not None)
    prefect.until(lambda: not prefect.calendar("missed"))
    assert prefect.row("missed").late
    assert prefect.times_done("missed") == 1


def test_prefects_database_may_be_deleted_and_its_calendar_is_rebuilt_with_nothing_done_twice(prefect: Engine) -> None:
    prefect.plan("before", now())
    prefect.start("runner")
    prefect.until(lambda: prefect.row("before").done_at is not None)
    prefect.stop("runner")
    prefect.stop("prefect")
    prefect.forget_prefect()
    prefect.plan("ahead", now() + timedelta(days=20))
    soon = now() + timedelta(seconds=50)
    prefect.plan("soon", soon)

    prefect.start("prefect")
    prefect.start("runner")

    coming = prefect.calendar("before", "ahead", "soon")
    assert {"ahead"} <= set(coming) <= {"ahead", "soon"}
    assert coming["ahead"].next_scheduled_start_time == prefect.row("ahead").due_at
    prefect.until(lambda: prefect.row("soon").done_at is not None)
    done = prefect.row("soon")
    assert done.done_at is not None
    assert done.done_at >= soon
    assert not done.late
    assert {key: prefect.times_done(key) for key in ("before", "soon", "ahead")} == {"before": 1, "soon": 1, "ahead": 0}
