"""治本攻坚三年行动 (001) and 百日攻坚 (002): their dates, and what they leave to the bureau."""

from datetime import date, timedelta

import pytest

from campaigns.definition.library import template
from campaigns.definition.parameters import not_stated
from campaigns.rules.dates.calendar import WorkCalendar
from campaigns.rules.dates.planning import Plan, expand

ROOT_CAUSE = template("root-cause-2024-2026")
HUNDRED_DAYS = template("hundred-days")


@pytest.fixture(scope="module")
def three_years() -> Plan:
    return expand(ROOT_CAUSE, starts_on=None, parameters={}, calendar=WorkCalendar())


@pytest.fixture(scope="module")
def hundred_days() -> Plan:
    return expand(HUNDRED_DAYS, starts_on=date(2026, 9, 23), parameters={}, calendar=WorkCalendar())


def nominal(plan: Plan, duty: str) -> list[date]:
    return [line.nominal_on for line in plan.occurrences if line.duty == duty]


def test_the_three_years_have_their_targets_at_the_end_of_each(three_years: Plan) -> None:
    assert [stage.closes_on for stage in three_years.stages] == [date(year, 12, 31) for year in (2024, 2025, 2026)]
    assert [stage.opens_on for stage in three_years.stages] == [date(year, 1, 1) for year in (2024, 2025, 2026)]


def test_the_three_years_ask_for_a_hazard_check_a_month_and_an_evacuation_drill_a_half_year(three_years: Plan) -> None:
    checks, drills = nominal(three_years, "QY-01"), nominal(three_years, "QY-02")
    assert (len(checks), checks[0], checks[-1]) == (36, date(2024, 1, 31), date(2026, 12, 31))
    assert drills == [date(year, month, day) for year in (2024, 2025, 2026) for month, day in ((6, 30), (12, 31))]


@pytest.mark.parametrize(
    ("duty", "title", "day"),
    [
        ("JG-11", "“体检式”精查", date(2024, 6, 30)),
        ("QY-11", "精查发现的问题全部整改完成", date(2024, 12, 31)),
        ("QY-12", "主要作业地点安装视频监控", date(2024, 12, 31)),
        ("QY-13", "建立本单位施工队伍或者整体托管", date(2024, 12, 31)),
        ("JG-12", "建立非煤矿山安全生产专家库", date(2024, 12, 31)),
    ],
)
def test_a_date_the_notice_states_is_the_plans(three_years: Plan, duty: str, title: str, day: date) -> None:
    (line,) = [line for line in three_years.occurrences if line.duty == duty]
    assert (line.title, line.nominal_on) == (title, day)


def test_the_three_years_hold_99_dated_lines_and_the_fire_permits(three_years: Plan) -> None:
    """36 checks, 6 drills, 3 census updates, 6 trainings, 3 retrainings, 2 × 12 quarters, 21 one-off duties."""
    assert len(three_years.occurrences) == 36 + 6 + 3 + 6 + 3 + 24 + 21 == 99
    assert [line.duty for line in three_years.on_event] == ["QY-03"]


def test_day_one_is_the_launch_day_and_day_hundred_the_last(hundred_days: Plan) -> None:
    assert (hundred_days.starts_on, hundred_days.ends_on) == (date(2026, 9, 23), date(2026, 12, 31))
    assert hundred_days.ends_on - hundred_days.starts_on == timedelta(days=99)
    assert hundred_days.stages[0].closes_on == date(2026, 12, 31)


def test_the_hundred_days_are_counted_by_the_calendar_and_not_moved(hundred_days: Plan) -> None:
    assert all(line.due_on == line.nominal_on for line in hundred_days.occurrences)
    assert nominal(hundred_days, "JG-11") == [date(2026, 10, 2)]


def test_the_hundred_days_hold_forty_two_dated_lines(hundred_days: Plan) -> None:
    """2 checklists; clues of 10 ten-day periods, twice; 3 × 4 months of referrals and publication; 8 self-checks."""
    assert len(hundred_days.occurrences) == 2 + 2 * 10 + 3 * 4 + 8 == 42


def test_what_the_notices_leave_open_must_be_stated_at_launch() -> None:
    assert set(not_stated(ROOT_CAUSE, {})) == set(ROOT_CAUSE.parameters)
    assert set(not_stated(HUNDRED_DAYS, {"自查频次": "每周1次"})) == set(HUNDRED_DAYS.parameters) - {"自查频次"}


def test_the_two_rankings_of_2017_are_apart_and_only_enforcement_brings_points() -> None:
    """五（三）: 重点县 are ranked by 绩效; 加分 10, 5, 3 belongs to 执法工作 of the cities, another ranking."""
    definition = template("two-precisions")
    assert {name: rule.level for name, rule in definition.rankings.items()} == {"重点县绩效": "县", "执法工作": "市"}
    (bonus,) = definition.bonuses.values()
    assert (bonus.ranking, bonus.points) == ("执法工作", (10, 5, 3))
    assert list(not_stated(definition, {})) == ["省级重点县"]


def test_the_seven_mechanisms_are_an_empty_checklist() -> None:
    """“1234511” stands in a paper we do not have (晋市办发电〔2021〕44号): its content is the bureau's to fill in."""
    duty = HUNDRED_DAYS.duty("JG-11")
    assert duty is not None
    assert duty.form == "保障机制清单"
