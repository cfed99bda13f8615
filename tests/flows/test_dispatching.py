"""The day's messages leave when the office opens, on working days, and each day plans the next."""

from datetime import date, datetime, time

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.time.due_work import WorkKind
from campaigns.clock import instant
from campaigns.settings import Settings
from campaigns.store.database import Database
from campaigns.store.ledger import DueWork
from flows.dispatching import dispatch_the_day, plan_next
from flows.due import run_everything

GIVEN = Settings(office_opens=time(8, 30))


def _planned(base: Database) -> list[str]:
    with base.reading() as session:
        return list(session.scalars(select(col(DueWork.period)).order_by(col(DueWork.due_at))))


@pytest.mark.parametrize(
    ("now", "next_day"),
    [
        (instant(date(2023, 5, 24), time(7)), "2023-05-24"),
        (instant(date(2023, 5, 24), time(9)), "2023-05-25"),
        (instant(date(2023, 5, 26), time(9)), "2023-05-29"),  # Friday → Monday
        (instant(date(2023, 6, 24), time(7)), "2023-06-25"),  # a Sunday on which people work (调休)
        (instant(date(2023, 9, 28), time(9)), "2023-10-07"),  # over 中秋 and 国庆
    ],
)
def test_the_next_dispatch_is_at_the_next_opening_of_the_office(
    database: Database, now: datetime, next_day: str
) -> None:
    for _ in range(2):
        plan_next(database, GIVEN, now=now)
    assert _planned(database) == [next_day]


def test_each_day_plans_the_one_after_it_and_a_second_pass_nothing_more(database: Database) -> None:
    plan_next(database, GIVEN, now=instant(date(2023, 5, 24), time(9)))
    opened = instant(date(2023, 5, 25), time(8, 30))
    for _ in range(2):
        run_everything(database, {WorkKind.DISPATCH: dispatch_the_day}, now=opened)
    assert _planned(database) == ["2023-05-25", "2023-05-26"]


def test_a_day_missed_in_an_outage_is_made_up_at_night_without_waking_anybody(database: Database) -> None:
    plan_next(database, GIVEN, now=instant(date(2023, 5, 24), time(9)))
    night = instant(date(2023, 5, 25), time(23))
    assert run_everything(database, {WorkKind.DISPATCH: dispatch_the_day}, now=night).done == ("dispatch:2023-05-25",)
    with database.reading() as session:
        late = session.scalars(select(col(DueWork.late)).where(col(DueWork.period) == "2023-05-25")).one()
    assert late
    assert _planned(database)[-1] == "2023-05-26"
