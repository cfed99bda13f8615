"""The day's messages as work of the calendar: when the office opens, what gathered overnight is put together and sent.

The ticker goes on carrying what comes in during the day. Without a ticker the day's digests still leave, once, from here.
"""

from datetime import datetime

from campaigns.actions.time import due_work
from campaigns.actions.time.due_work import Item, WorkKind
from campaigns.clock import instant, local_date
from campaigns.settings import Settings, settings
from campaigns.store.database import Database
from campaigns.store.directory.working_days import work_calendar
from notifications.compose import compose
from notifications.digests import in_office, queue_digests
from notifications.dispatcher import dispatch


def dispatch_the_day(base: Database, item: Item, now: datetime) -> None:
    """Carry a working day's messages and plan the next day's; outside office hours (补发 at night) they wait in the inbox."""
    given = settings()
    compose(base, now=now)
    with base.reading() as session:
        calendar = work_calendar(session)
    if in_office(given, calendar, now):
        queue_digests(base, given, now=now)
        dispatch(base, given, now=now)
    plan_next(base, given, now=now)


def plan_next(base: Database, given: Settings, *, now: datetime) -> None:
    """Plan the next opening of the office after `now`; the same again changes nothing."""
    with base.transaction() as session:
        calendar = work_calendar(session)
        today = local_date(now)
        passed = instant(today, given.office_opens) <= now or not calendar.is_working(today)
        day = calendar.add_working_days(today, 1) if passed else today
        due_work.plan(
            session,
            [
                Item(
                    key=f"dispatch:{day.isoformat()}",
                    kind=WorkKind.DISPATCH,
                    due_at=instant(day, given.office_opens),
                    period=day.isoformat(),
                    title=f"{day.month}月{day.day}日通知派送",
                )
            ],
        )
