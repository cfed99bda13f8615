"""The 2023 action: complete as the notice has it (004), and dated as the notice dates it."""

from collections import Counter
from datetime import date

import pytest

from campaigns.definition.library import template
from campaigns.rules.dates.calendar import WorkCalendar
from campaigns.rules.dates.planning import Occurrence, Plan, expand

DEFINITION = template("hazard-2023")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return expand(DEFINITION, starts_on=None, parameters={}, calendar=WorkCalendar())


def due(plan: Plan, duty: str, period: str, seq: int = 1) -> Occurrence:
    (found,) = [line for line in plan.occurrences if line.key == (duty, period, seq)]
    return found


def clauses() -> set[str]:
    return {duty.clause for duty, _ in DEFINITION.duties}


@pytest.mark.parametrize(
    ("who", "clause", "points"),
    [("enterprises", "五（一）", 8), ("the bureau", "五（二）", 5), ("the government", "五（三）", 2)],
)
def test_every_point_of_the_main_tasks_has_duties(who: str, clause: str, points: int) -> None:
    assert {f"{clause}{point}" for point in range(1, points + 1)} <= clauses(), who
    assert f"{clause}{points + 1}" not in clauses()


def test_the_requirements_of_part_seven_have_duties_and_supervision_has_its_rule() -> None:
    assert {"七（一）", "七（三）", "七（四）"} <= clauses()
    assert DEFINITION.hazard is not None
    assert [rule.by for rule in DEFINITION.hazard.supervision] == ["发现单位", "市安委会"]


def test_there_are_four_stages_and_each_cites_its_clause() -> None:
    assert [stage.clause for stage in DEFINITION.stages] == ["六（一）", "六（二）", "六（三）", "六（四）"]


def test_the_stages_end_when_the_notice_says_and_inferred_starts_are_marked(plan: Plan) -> None:
    assert [(stage.code, stage.closes_on) for stage in plan.stages] == [
        ("动员部署", date(2023, 5, 31)),
        ("自查自改", date(2023, 7, 31)),
        ("精准执法", date(2023, 11, 30)),
        ("总结提高", date(2023, 12, 31)),
    ]
    assert all(stage.opens_inferred for stage in plan.stages)
    assert (plan.starts_on, plan.ends_on) == (date(2023, 5, 1), date(2023, 12, 31))


def test_the_plan_has_every_period_of_every_duty(plan: Plan) -> None:
    """Over 8 months, 3 (partly cut) quarters and 2 half-years; permits at each job have no dates."""
    counts = Counter(line.duty for line in plan.occurrences)
    assert counts["QY-01"] == 16
    assert [counts[code] for code in ("QY-02", "QY-03", "QY-04", "JG-01")] == [8] * 4
    assert [counts[code] for code in ("JG-02", "JG-03", "JG-04", "JG-05", "DW-01", "DW-02")] == [3] * 6
    assert [counts[code] for code in ("QY-05", "QY-06", "QY-07")] == [4, 2, 1]
    assert [counts[code] for code in ("QY-09", "QY-24")] == [1, 1]
    assert [line.duty for line in plan.on_event] == ["QY-08"]
    once = [duty.code for stage in DEFINITION.stages for duty in stage.duties]
    assert [counts[code] for code in once] == [1] * 50
    assert len(plan.occurrences) == 16 + 4 * 8 + 6 * 3 + (4 + 2 + 1) + 2 + 50 == 125


@pytest.mark.parametrize(
    ("duty", "period", "seq", "nominal", "falls_on"),
    [
        ("JG-01", "2023-05", 1, date(2023, 5, 25), date(2023, 5, 25)),
        ("JG-01", "2023-06", 1, date(2023, 6, 25), date(2023, 6, 25)),  # a Sunday worked for 端午
        ("JG-01", "2023-11", 1, date(2023, 11, 25), date(2023, 11, 24)),
        ("QY-01", "2023-07", 1, date(2023, 7, 15), date(2023, 7, 14)),
        ("QY-01", "2023-09", 2, date(2023, 9, 30), date(2023, 9, 28)),
        ("QY-01", "2023-12", 2, date(2023, 12, 31), date(2023, 12, 29)),
        ("QY-05", "2023-H1", 2, date(2023, 6, 30), date(2023, 6, 30)),
        ("JG-02", "2023-Q3", 1, date(2023, 9, 30), date(2023, 9, 28)),
    ],
)
def test_a_due_date_is_the_notices_moved_before_days_off(
    plan: Plan, duty: str, period: str, seq: int, nominal: date, falls_on: date
) -> None:
    line = due(plan, duty, period, seq)
    assert (line.nominal_on, line.due_on) == (nominal, falls_on)
    assert bool(line.moved_reason) == (nominal != falls_on)


def test_the_table_is_due_at_five_in_the_afternoon_and_goes_to_the_city(plan: Plan) -> None:
    line = due(plan, "JG-01", "2023-05")
    assert (line.due_time.hour, line.reviewer, line.report) == (17, "市局", "调度表")


def test_another_reporting_day_is_a_parameter(plan: Plan) -> None:
    earlier = expand(DEFINITION, starts_on=None, parameters={"报送日": "22"}, calendar=WorkCalendar())
    assert due(earlier, "JG-01", "2023-05").nominal_on == date(2023, 5, 22)


def test_what_the_notice_leaves_to_circumstances_is_not_required(plan: Plan) -> None:
    assert [duty.code for duty, _ in DEFINITION.duties if not duty.required] == ["QY-23"]


def test_a_bureau_can_launch_it_in_another_year() -> None:
    again = expand(DEFINITION, starts_on=date(2025, 5, 1), parameters={}, calendar=WorkCalendar())
    assert [stage.closes_on for stage in again.stages] == [
        date(2025, 5, 31),
        date(2025, 7, 31),
        date(2025, 11, 30),
        date(2025, 12, 31),
    ]
    assert len(again.occurrences) == 125
    assert due(again, "JG-01", "2025-05").due_on == date(2025, 5, 23), "the 25th is a Sunday"
    assert due(again, "JG-23", "自查自改").nominal_on == date(2025, 6, 30), "安全生产月 is June in any year"
