"""An administrator's days stand over the shipped table, and every change of them is on record."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.time.calendar import forget_workday, set_workday
from campaigns.errors import Forbidden, Invalid, NotFound
from campaigns.store.directory.working_days import work_calendar
from campaigns.store.ledger import Event
from tests.people import Cast

NOW = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
SUNDAY = date(2027, 2, 14)


def test_a_day_set_and_forgotten_again_follows_the_shipped_table_in_the_end(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        assert not work_calendar(session).is_working(SUNDAY)
        set_workday(session, day=SUNDAY, working=True, note="春节调休", by=either_cast.administrator, now=NOW)
        set_workday(session, day=SUNDAY, working=True, note="春节调休上班", by=either_cast.administrator, now=NOW)
        assert work_calendar(session).is_working(SUNDAY)
        forget_workday(session, day=SUNDAY, by=either_cast.administrator, now=NOW)
        assert not work_calendar(session).is_working(SUNDAY)
        kinds = session.scalars(
            select(Event.kind).where(col(Event.kind).startswith("calendar.")).order_by(col(Event.id))
        ).all()
    assert kinds == ["calendar.day_set", "calendar.day_set", "calendar.day_forgotten"]


def test_nobody_but_an_administrator_moves_the_calendar(cast: Cast) -> None:
    with pytest.raises(Forbidden, match="维护工作日历"), cast.database.transaction() as session:
        set_workday(session, day=SUNDAY, working=True, by=cast.leader, now=NOW)


def test_a_day_that_was_never_set_cannot_be_forgotten(cast: Cast) -> None:
    with pytest.raises(NotFound), cast.database.transaction() as session:
        forget_workday(session, day=SUNDAY, by=cast.administrator, now=NOW)


def test_a_year_out_of_reach_is_a_slip_of_the_pen(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal, cast.database.transaction() as session:
        set_workday(session, day=date(227, 2, 14), working=True, by=cast.administrator, now=NOW)
    assert "day" in refusal.value.fields
