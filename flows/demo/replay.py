"""Replay campaigns day by day: the real actions, the real sweeps, and a clock that is passed in."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from campaigns.actions.launch.launching import plan_next_daily
from campaigns.actions.time.due_work import Item, WorkKind
from campaigns.clock import instant
from campaigns.store.database import Database
from flows.demo.doers import Desk, evening, work
from flows.demo.rectifying import follow_through
from flows.demo.tables import decide_tables, file_tables
from flows.due import Executors, run_everything
from flows.sweeps import EXECUTORS, RECOUNT, SWEEPS, sweep
from notifications.compose import compose


def _day(base: Database, item: Item, now: datetime) -> None:
    for name, step in SWEEPS.items():
        if name != RECOUNT:
            sweep(base, step, now=now, campaign_id=item.campaign_id)
    sweep(base, plan_next_daily, now=now, campaign_id=item.campaign_id)


TIME: Executors = {**EXECUTORS, WorkKind.DAILY: _day}
"""What Prefect would run; a table is counted when it is filed, not on every day of a whole year besides."""
Progress = Callable[[str], None]


MIDNIGHT, OPENING, CLOSING = time(0, 1), time(8, 31), time(17, 1)


def replay(base: Database, desks: Mapping[int, Desk], *, first: date, last: datetime, say: Progress) -> None:
    """Live through every day from `first` up to the instant `last`: due work at its hour, people in between, the telling.

    `desks` says who sits where in each campaign, by its id; they are the same people. Of the last day only what was due by
    then: nobody has done anything yet.
    """
    day = first
    while evening(day) <= last:
        if day.day == 1:
            say(f"正在重演 {day.year} 年 {day.month} 月……")
        _wake(base, day, MIDNIGHT, OPENING)
        with base.transaction() as session:
            for campaign_id, desk in desks.items():
                work(session, campaign_id, day, desk)
            follow_through(session, day, next(iter(desks.values())))
            for campaign_id, desk in desks.items():
                decide_tables(session, campaign_id, day, desk)
                file_tables(session, campaign_id, day, desk)
        _wake(base, day, CLOSING)
        compose(base, now=evening(day), at_once=True)
        day += timedelta(days=1)
    _wake(base, day, *(hour for hour in (MIDNIGHT, OPENING, CLOSING) if instant(day, hour) <= last))
    compose(base, now=last, at_once=True)


def _wake(base: Database, day: date, *hours: time) -> None:
    for hour in hours:
        run_everything(base, TIME, now=instant(day, hour))
