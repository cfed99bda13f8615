"""Replay a campaign day by day: the real actions, the real sweeps, and a clock that is passed in."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from campaigns.store.database import Database
from flows.demo.doers import Desk, evening, work
from flows.demo.rectifying import follow_through
from flows.demo.tables import decide_tables, file_tables
from flows.due import run_everything
from flows.sweeps import EXECUTORS
from notifications.compose import compose

Progress = Callable[[str], None]


def replay(base: Database, campaign_id: int, desk: Desk, *, first: date, last: datetime, say: Progress) -> None:
    """Live through every day from `first` up to the instant `last`: people work, then time does what fell due that day.

    A day's work of time is what Prefect wakes, in one go: whatever stands in `due_work` up to the evening, then the telling.
    """
    day = first
    while evening(day) <= last:
        if day.day == 1:
            say(f"正在重演 {day.year} 年 {day.month} 月……")
        with base.transaction() as session:
            work(session, campaign_id, day, desk)
            follow_through(session, day, desk)
            decide_tables(session, campaign_id, day, desk)
            file_tables(session, campaign_id, day, desk)
        run_everything(base, EXECUTORS, now=evening(day))
        compose(base, now=evening(day))
        day += timedelta(days=1)
