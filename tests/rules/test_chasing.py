"""What stands today on the ladders of 催办 and 升级."""

from datetime import date, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.clock import instant
from campaigns.definition.ladders import EscalationRung, ReminderLadder
from campaigns.rules.dates.calendar import WorkCalendar
from campaigns.rules.ladders.chasing import Applies, applies, in_office_hours, latest_due, newest_reminder
from campaigns.rules.ladders.escalation import rungs

CALENDAR = WorkCalendar()
LADDER = ReminderLadder.model_validate(
    {"时点": ["到期前5个工作日", "到期前1个工作日", "到期当日", "逾期后每2个工作日"], "最多": 5}
)


class Known:
    """A campaign with two open major hazards and nothing else."""

    def name(self, word: str) -> int | Fraction | bool | None:
        return 2 if word == "未销号重大隐患" else None

    def call(self, _function: str, _argument: str) -> int | Fraction | bool | None:
        return None


def step(after: str = "3个工作日", condition: str | None = None) -> EscalationRung:
    return EscalationRung.model_validate(
        {"逾期": after, "动作": "通报", "方式": "拟办", "承办": "县局", "条件": condition}
    )


@pytest.mark.parametrize(
    ("wall", "inside"),
    [("08:29", False), ("08:30", True), ("17:30", True), ("17:31", False)],
)
def test_office_hours_include_both_ends(wall: str, inside: bool) -> None:
    at = instant(date(2023, 5, 31), time.fromisoformat(wall))
    assert in_office_hours(at, "08:30-17:30", CALENDAR) is inside


def test_a_working_sunday_has_office_hours_and_a_holiday_has_none() -> None:
    assert in_office_hours(instant(date(2023, 6, 25), time(9)), "08:30-17:30", CALENDAR)
    assert not in_office_hours(instant(date(2023, 6, 22), time(9)), "08:30-17:30", CALENDAR)  # 端午节


@pytest.mark.parametrize(
    ("today", "key"),
    [
        (date(2023, 5, 23), None),
        (date(2023, 5, 24), "到期前5个工作日"),
        (date(2023, 5, 29), "到期前5个工作日"),
        (date(2023, 5, 31), "到期当日"),
        (date(2023, 6, 20), "逾期后第4个工作日"),
    ],
)
def test_the_newest_reminder_stands_and_the_cap_ends_the_ladder(today: date, key: str | None) -> None:
    rung = newest_reminder(LADDER, date(2023, 5, 31), CALENDAR, today)
    assert (rung and rung.key) == key


@given(st.dates(date(2021, 1, 1), date(2026, 11, 30)), st.sampled_from(["1个工作日", "10个工作日", "3天", "0天"]))
def test_the_latest_due_date_that_reached_a_step_divides_those_that_did_from_those_that_did_not(
    today: date, after: str
) -> None:
    due_on = latest_due(step(after), today, CALENDAR)
    assert rungs([step(after)], due_on, CALENDAR)[0].on <= today
    assert rungs([step(after)], due_on + timedelta(days=1), CALENDAR)[0].on > today


@pytest.mark.parametrize(
    ("condition", "to"),
    [
        (None, Applies.TO_ALL),
        ("涉及重大隐患", Applies.WITH_MAJOR_HAZARD),
        ("非 涉及重大隐患", Applies.WITHOUT_MAJOR_HAZARD),
        ("未销号重大隐患 > 1", Applies.TO_ALL),
        ("未销号重大隐患 > 5", Applies.TO_NONE),
        ("涉及重大隐患 且 未销号重大隐患 > 5", Applies.TO_NONE),
        ("完成率(QY-01) < 50%", Applies.TO_NONE),
    ],
)
def test_a_condition_decides_which_tasks_a_step_applies_to(condition: str | None, to: Applies) -> None:
    assert applies(step(condition=condition), Known()) is to
