"""催办 and 升级 around a due date: on working days, capped, one a day, and the same whenever they are computed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.definition.model import EscalationRung, ReminderLadder
from campaigns.rules.dates.calendar import WorkCalendar
from campaigns.rules.ladders import escalation, reminders
from campaigns.rules.ladders.rungs import Rung

CALENDAR = WorkCalendar()


def ladder(*moments: str, most: int = 8) -> ReminderLadder:
    return ReminderLadder(moments=moments, most=most)


def days(rungs: tuple[Rung, ...]) -> list[tuple[str, str]]:
    return [(rung.name, f"{rung.on:%m-%d}") for rung in rungs]


def test_a_ladder_around_the_national_day_counts_working_days_only() -> None:
    steps = ladder("到期前5个工作日", "到期前1个工作日", "到期当日", "逾期后每2个工作日", most=5)
    assert days(reminders.rungs(steps, date(2023, 9, 28), CALENDAR)) == [
        ("到期前5个工作日", "09-21"),
        ("到期前1个工作日", "09-27"),
        ("到期当日", "09-28"),
        ("逾期后第2个工作日", "10-08"),
        ("逾期后第4个工作日", "10-10"),
    ]


def test_a_rung_on_a_day_off_is_pulled_forward_so_that_it_comes_in_time() -> None:
    """And is called by the day on which it then goes out; its key stays, so that nothing is sent twice."""
    rungs = reminders.rungs(ladder("到期当日"), date(2023, 11, 25), CALENDAR)
    assert days(rungs) == [("到期前1天", "11-24")]
    assert rungs[0].key == "到期当日"


def test_a_late_rung_on_a_day_off_waits_for_the_next_working_day() -> None:
    rungs = reminders.rungs(ladder("逾期后每3天", most=1), date(2023, 11, 22), CALENDAR)
    assert days(rungs) == [("逾期后第5天", "11-27")]


def test_two_rungs_on_one_day_make_one_reminder() -> None:
    rungs = reminders.rungs(ladder("到期前1个工作日", "到期当日"), date(2023, 11, 25), CALENDAR)
    assert days(rungs) == [("到期前1天", "11-24")]


def test_an_extension_moves_every_rung() -> None:
    steps = ladder("到期前3个工作日", "到期当日")
    first = reminders.rungs(steps, date(2023, 5, 31), CALENDAR)
    later = reminders.rungs(steps, date(2023, 6, 15), CALENDAR)
    assert [rung.key for rung in first] == [rung.key for rung in later]
    assert all(before.on < after.on for before, after in zip(first, later, strict=True))


@given(due_on=st.dates(date(2020, 1, 1), date(2035, 12, 1)), most=st.integers(1, 20))
def test_no_ladder_ever_reminds_on_a_day_off_twice_a_day_or_beyond_its_cap(due_on: date, most: int) -> None:
    steps = ladder("到期前5个工作日", "到期前3天", "到期当日", "逾期后每1个工作日", "逾期后每7天", most=most)
    rungs = reminders.rungs(steps, due_on, CALENDAR)
    assert len(rungs) <= most
    assert len({rung.on for rung in rungs}) == len(rungs)
    assert [rung.on for rung in rungs] == sorted(rung.on for rung in rungs)
    assert all(CALENDAR.is_working(rung.on) for rung in rungs)


@given(due_on=st.dates(date(2020, 1, 1), date(2035, 12, 1)))
def test_a_reminder_is_called_by_the_day_on_which_it_goes_out(due_on: date) -> None:
    for rung in reminders.rungs(ladder("到期前3天", "到期当日", "逾期后每3天"), due_on, CALENDAR):
        away = (rung.on - due_on).days
        told = f"到期前{-away}天" if away < 0 else f"逾期后第{away}天" if away else "到期当日"
        assert rung.name == told


def test_escalation_climbs_in_working_days() -> None:
    steps = (
        EscalationRung(after="1个工作日", action="预警", manner="自动"),
        EscalationRung(after="3个工作日", action="通报", manner="拟办", handler="县局"),
        EscalationRung(after="10天", action="约谈", manner="拟办", handler="县局"),
    )
    assert days(escalation.rungs(steps, date(2023, 9, 28), CALENDAR)) == [
        ("逾期1个工作日预警", "10-07"),
        ("逾期3个工作日通报", "10-09"),
        ("逾期10天约谈", "10-08"),
    ]


@pytest.mark.parametrize("moment", ["到期前1个工作日", "到期前1天", "到期当日"])
def test_a_reminder_before_the_due_day_is_never_after_it(moment: str) -> None:
    for day in range(1, 29):
        (rung,) = reminders.rungs(ladder(moment), date(2026, 2, day), CALENDAR)
        assert rung.on <= date(2026, 2, day)
