"""The ticker: the in-process pulse that carries messages and sweeps up; nothing of the business calendar (that is the flows').

A pulse composes notices, queues events for programs and in office hours digests, sends what is due and leaves a heartbeat.
Beside it photos get their thumbnails and prints, which nobody waits for.
Everything it does is re-derived from rows, so a pulse that was late, doubled or lost changes nothing; rows are claimed, so
several tickers may run.
`python -m notifications.ticker` is the process that `rectify run` starts.
"""

import signal
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Event
from types import FrameType

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from campaigns import clock
from campaigns.actions.time.heartbeats import beat
from campaigns.actions.work.drawing import draw_photos
from campaigns.actions.work.files import sweep_files
from campaigns.settings import Settings, settings
from campaigns.store.database import Database, database
from campaigns.store.directory.working_days import work_calendar
from campaigns.store.files import file_store
from notifications.at_once import queue_events
from notifications.channels import CHANNELS
from notifications.channels.letter import Channel
from notifications.compose import compose
from notifications.digests import in_office, queue_digests
from notifications.dispatcher import Dispatched, dispatch

TICKER = "ticker"
SECONDS = 10
FIRST_SWEEP = timedelta(minutes=10)

log = structlog.get_logger()


def pulse(
    base: Database, settings: Settings, *, now: datetime, channels: Mapping[str, Channel] = CHANNELS
) -> Dispatched:
    """Carry everything that is due at `now`: into the inbox and to programs always, to people outside only in office hours."""
    composed, queued = compose(base, now=now), queue_events(base, now=now)
    with base.reading() as session:
        calendar = work_calendar(session)
    office = in_office(settings, calendar, now)
    if office:
        queued += queue_digests(base, settings, now=now, channels=channels)
    sent = dispatch(base, settings, now=now, channels=channels, events_only=not office)
    words = (
        f"新消息 {composed} 条，外发 {queued} 封，发出 {sent.sent} 封，待重试 {sent.later} 封，失败 {sent.failed} 封"
    )
    with base.transaction() as session:
        beat(session, TICKER, now=now, detail=words)
    return sent


def start(base: Database, given: Settings) -> BackgroundScheduler:
    """Start the pulse in this process; the caller shuts the returned scheduler down."""
    scheduler = BackgroundScheduler(
        timezone=clock.SHANGHAI, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    scheduler.add_job(_pulse_now, "interval", seconds=SECONDS, args=(base, given), next_run_time=clock.now())
    scheduler.add_job(_draw_now, "interval", seconds=SECONDS, args=(base, given), next_run_time=clock.now())
    soon = clock.now() + FIRST_SWEEP
    scheduler.add_job(_sweep_now, "interval", hours=24, args=(base, given), next_run_time=soon)
    scheduler.start()
    return scheduler


def _pulse_now(base: Database, given: Settings) -> None:
    try:
        pulse(base, given, now=clock.now())
    except Exception:  # the next pulse tries again; a full disk or a lost database must not end the ticker
        log.exception("a pulse failed")


def _draw_now(base: Database, given: Settings) -> None:
    try:
        if drawn := draw_photos(base, file_store(given)):
            log.info("thumbnails and prints of photos were made", photos=drawn)
    except Exception:  # the store or the database is away: the rows still say which photos wait
        log.exception("drawing photos failed")


def _sweep_now(base: Database, given: Settings) -> None:
    try:
        with base.reading() as session:
            swept = sweep_files(session, store=file_store(given), now=clock.now())
        log.info("files that no record names were taken away", files=swept)
    except Exception:  # housekeeping: tomorrow is early enough
        log.exception("the sweep of files failed")


def main() -> None:
    """Run the pulse until the process is asked to stop."""
    stopped = Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    scheduler = start(database(), settings())
    stopped.wait()
    scheduler.shutdown(wait=True)


if __name__ == "__main__":
    main()
