"""Definition → dated plan, against dates worked out by hand and against every date a campaign can start on."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.definition.load import load
from campaigns.definition.model import Definition
from campaigns.definition.periods import is_calendar, periods
from campaigns.definition.phrases import frequency
from campaigns.errors import Invalid
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.dates.planning import Occurrence, Plan, expand

DRAFTS = Path(__file__).parents[1] / "definition" / "drafts"
DRAFT = load((DRAFTS / "hazard-2023.yaml").read_text(encoding="utf-8"))

ONE_DUTY = """
语法: rectify/v1
行动: {{编号: sample, 名称: 样例, 发文单位: 市应急管理局, 起止: {span}}}
日历: {{遇非工作日: {policy}}}
角色: {{县局: {{层级: 县, 单位: 应急管理局}}}}
{section}
"""


def campaign(
    duty: str,
    *,
    span: str = "2023年5月1日 至 2023年12月31日",
    policy: str = "不变",
    stage: str = "",
    code: str = "阶段一",
) -> Definition:
    line = f"{{编号: JG-01, 名称: 样例任务, 对象: 县局, {duty}}}"
    section = f"全程任务: [{line}]" if not stage else f"阶段: [{{编号: {code}, {stage}, 任务: [{line}]}}]"
    return load(ONE_DUTY.format(span=span, policy=policy, section=section))


def dues(plan: Plan) -> list[str]:
    return [f"{occurrence.due_on:%m-%d}" for occurrence in plan.occurrences]


def labels(plan: Plan) -> list[str]:
    return [occurrence.period for occurrence in plan.occurrences]


def test_the_draft_of_2023_gives_75_dated_lines_52_per_enterprise_and_20_moved() -> None:
    plan = expand(DRAFT)
    assert len(list(DRAFT.duties)) == 25
    assert len(plan.occurrences) == 75
    assert sum(occurrence.audience in DRAFT.audiences for occurrence in plan.occurrences) == 52
    assert sum(occurrence.due_on != occurrence.nominal_on for occurrence in plan.occurrences) == 20
    assert [occurrence.duty for occurrence in plan.on_event] == ["QY-08"]


def test_the_table_of_the_25th_is_due_on_working_days_at_five() -> None:
    tables = [occurrence for occurrence in expand(DRAFT).occurrences if occurrence.report == "调度表"]
    assert [f"{table.due_on:%m-%d}" for table in tables] == [
        "05-25", "06-25", "07-25", "08-25", "09-25", "10-25", "11-24", "12-25",
    ]  # fmt: skip
    assert {table.due_time for table in tables} == {time(17)}
    assert tables[6].nominal_on == date(2023, 11, 25)
    assert tables[6].moved_reason == "11月25日是周六，提前到11月24日（周五）"


def test_stages_overlap_nothing_by_default_and_say_that_their_start_is_inferred() -> None:
    stages = expand(DRAFT).stages
    assert [(stage.opens_on, stage.closes_on) for stage in stages] == [
        (date(2023, 5, 1), date(2023, 5, 31)),
        (date(2023, 6, 1), date(2023, 7, 31)),
        (date(2023, 8, 1), date(2023, 11, 30)),
        (date(2023, 12, 1), date(2023, 12, 31)),
    ]
    assert all(stage.opens_inferred for stage in stages)
    assert "推定" in expand(DRAFT).warnings[0]


def test_a_parameter_changes_the_day_and_its_bounds_hold() -> None:
    plan = expand(DRAFT, parameters={"报送日": 22})
    assert {occurrence.nominal_on.day for occurrence in plan.occurrences if occurrence.report} == {22}
    with pytest.raises(Invalid, match="“报送日”不能大于28，现在是31"):
        expand(DRAFT, parameters={"报送日": 31})
    with pytest.raises(Invalid, match="没有“报送曰”这个参数，是不是想写“报送日”"):
        expand(DRAFT, parameters={"报送曰": 22})


def test_a_file_written_for_2023_launches_today_by_moving_whole_months() -> None:
    plan = expand(DRAFT, starts_on=date(2026, 11, 22))
    assert (plan.starts_on, plan.ends_on) == (date(2026, 11, 22), date(2027, 6, 30))
    assert [stage.closes_on for stage in plan.stages] == [
        date(2026, 11, 30), date(2027, 1, 31), date(2027, 5, 31), date(2027, 6, 30),
    ]  # fmt: skip
    assert plan.warnings[0] == "方案里写明的日期整体后移42个月；每月、每季等按日历走的不变。"


def test_the_year_alone_moves_it_by_whole_years() -> None:
    assert expand(DRAFT, parameters={"年度": 2027}).ends_on == date(2027, 12, 31)
    assert expand(DRAFT, parameters={"启动日期": "2027-05-10"}).starts_on == date(2027, 5, 10)


def test_a_date_that_the_bureau_states_is_meant_as_stated() -> None:
    text = """
语法: rectify/v1
行动: {编号: sample, 名称: 样例, 发文单位: 市应急管理局, 起止: 2023年5月1日 至 2023年12月31日}
参数: {方案期限: {类型: 日期写法, 默认: 2023年6月20日}}
角色: {县局: {层级: 县, 单位: 应急管理局}}
全程任务: [{编号: JG-01, 名称: 方案, 对象: 县局, 截止: "{{ 方案期限 }}"}]
"""
    definition, start = load(text), date(2027, 5, 1)
    assert dues(expand(definition, starts_on=start)) == ["06-20"]
    stated = expand(definition, starts_on=start, parameters={"方案期限": "2027年7月9日"})
    assert [occurrence.due_on for occurrence in stated.occurrences] == [date(2027, 7, 9)]


def test_a_campaign_counted_from_its_launch_wants_a_start() -> None:
    definition = campaign("截止: 启动后第100天", span="启动起100天")
    with pytest.raises(Invalid, match="请给出启动日期"):
        expand(definition)
    plan = expand(definition, starts_on=date(2026, 9, 23))
    assert plan.ends_on == plan.occurrences[0].due_on == date(2026, 12, 31)


def test_what_is_past_at_launch_is_skipped_and_said_to_be() -> None:
    plan = expand(campaign("频次: 每月1次, 截止: 每月25日"), launched_on=date(2023, 7, 26))
    assert labels(plan) == ["2023-08", "2023-09", "2023-10", "2023-11", "2023-12"]
    assert plan.skipped[0] == "“样例任务”2023年5月的截止5月25日在启动时已过，不要求。"
    assert set(plan.skipped) <= set(plan.warnings)


def test_a_report_due_on_the_launch_day_is_still_asked_for() -> None:
    plan = expand(campaign("频次: 每月1次, 截止: 每月25日"), launched_on=date(2023, 7, 25))
    assert labels(plan)[0] == "2023-07"


def test_a_campaign_that_is_over_before_its_launch_wants_another_start() -> None:
    with pytest.raises(Invalid, match="已经结束") as refused:
        expand(DRAFT, launched_on=date(2026, 11, 22))
    assert refused.value.fields == {"启动日期": "请填写启动日期，按新的日期排期"}


def test_a_single_duty_that_is_past_at_launch_stays_and_is_told() -> None:
    plan = expand(campaign("截止: 2023年5月底"), launched_on=date(2023, 7, 1))
    assert labels(plan) == ["once"]
    assert "启动即算逾期" in plan.warnings[-1]


@pytest.mark.parametrize(
    ("rule", "kept"),
    [("计入", [("2023-06", 1, 2), ("2023-06", 2, 2)]), ("按比例", [("2023-06", 1, 1)]), ("跳过", [])],
)
def test_a_partial_first_period_counts_in_full_in_part_or_not(rule: str, kept: list[tuple[str, int, int]]) -> None:
    duty = f"频次: 每月2次, 截止: 月末, 首尾不足期: {rule}"
    plan = expand(campaign(duty, span="2023年6月20日 至 2023年7月31日"))
    june = [(o.period, o.seq, o.quota) for o in plan.occurrences if o.period == "2023-06"]
    assert june == kept
    assert bool(plan.skipped) == (rule == "跳过")


def test_a_period_cut_by_its_stage_is_due_at_the_stages_end() -> None:
    plan = expand(campaign("频次: 每季度1次, 截止: 季末", stage="开始: 2023年8月1日, 截止: 2023年11月底"))
    assert dues(plan) == ["09-30", "11-30"]
    assert "截止由12月31日提前到11月30日" in plan.warnings[-1]


def test_the_30th_and_31st_are_the_last_day_of_a_short_month() -> None:
    plan = expand(campaign("频次: 每月1次, 截止: 每月31日", span="2024年1月1日 至 2024年4月30日"))
    assert dues(plan) == ["01-31", "02-29", "03-31", "04-30"]


@pytest.mark.parametrize(
    ("often", "first", "count"),
    [
        ("每周1次", "2023-W18", 35),
        ("每旬1次", "2023-05上旬", 24),
        ("每月1次", "2023-05", 8),
        ("每季度1次", "2023-Q2", 3),
        ("每半年1次", "2023-H1", 2),
        ("每年1次", "2023", 1),
        ("每3年1次", "2023-2025", 1),
    ],
)
def test_each_frequency_has_its_periods_and_labels(often: str, first: str, count: int) -> None:
    plan = expand(campaign(f"频次: {often}"))
    assert (labels(plan)[0], len(labels(plan))) == (first, count)


def test_a_statement_about_a_quarter_may_be_due_after_it_and_after_the_campaign() -> None:
    plan = expand(campaign("频次: 每季度1次, 截止: 季后15日"))
    assert [occurrence.due_on for occurrence in plan.occurrences] == [
        date(2023, 7, 15), date(2023, 10, 15), date(2024, 1, 15),
    ]  # fmt: skip


def test_an_event_driven_duty_has_one_line_and_no_date_to_miss() -> None:
    plan = expand(campaign("频次: 每次作业前"))
    assert plan.occurrences == ()
    (line,) = plan.on_event
    assert (line.event_driven, line.opens_on, line.due_on) == (True, date(2023, 5, 1), date(2023, 12, 31))
    assert plan.lines == (line,)


def test_moving_forward_never_makes_a_task_due_before_its_campaign() -> None:
    plan = expand(campaign("截止: 启动后第1天", policy="提前"), starts_on=date(2023, 5, 1))
    assert plan.occurrences[0].due_on == date(2023, 5, 1)


def test_an_overlay_alone_has_no_dates() -> None:
    overlay = load((DRAFTS / "hazard-2023-chiping.yaml").read_text(encoding="utf-8"))
    with pytest.raises(Invalid, match="要和上级模板合并"):
        expand(overlay)


def test_a_year_without_a_calendar_warns_and_still_plans() -> None:
    plan = expand(DRAFT, parameters={"年度": 2030})
    assert len(plan.occurrences) == 75
    assert plan.warnings[-1].startswith("2030年放假调休安排尚未公布")


def test_a_start_outside_all_calendars_is_refused() -> None:
    for year in (1, 1999, 2101, 9999):
        with pytest.raises(Invalid, match="年份要在2000到2100之间"):
            expand(DRAFT, starts_on=date(year, 5, 1))


def test_a_stated_date_after_the_campaign_stands_and_is_told() -> None:
    plan = expand(campaign("截止: 定于2024年3月1日"))
    assert dues(plan) == ["03-01"]
    assert "“样例任务”的截止2024年3月1日晚于行动结束，请核对。" in plan.warnings


def test_a_calendar_date_that_outlives_its_stage_is_told_and_the_stages_own_afterwards_is_not() -> None:
    stage = "开始: 2023年5月1日, 截止: 2023年7月底"
    told = "“样例任务”的截止2023年10月31日晚于“阶段一”结束（2023年7月31日），请核对。"
    assert told in expand(campaign("截止: 10月底", stage=stage)).warnings
    for meant in ("截止: 阶段末后10天", "截止: 7月底"):
        assert not any("晚于" in sentence for sentence in expand(campaign(meant, stage=stage)).warnings)


def test_an_absurd_plan_is_refused() -> None:
    with pytest.raises(Invalid, match="请减少频次"):
        expand(campaign("频次: 每周99次", span="启动起3600天"), starts_on=date(2026, 1, 1))


@pytest.mark.parametrize("code", ["2024年", "2024"])
def test_work_of_a_stage_that_is_called_like_a_year_has_no_calendar_period(code: str) -> None:
    plan = expand(campaign("截止: 阶段末", stage="截止: 2023年5月底", code=code))
    assert [is_calendar(label) for label in labels(plan)] == [False]


FREQUENCIES = ("每周1次", "每旬1次", "每月2次", "每季度1次", "每半年2次", "每年1次", "每2年1次")
POLICIES = ("提前", "顺延", "不变")


@settings(max_examples=150, deadline=None)
@given(
    start=st.dates(date(2020, 1, 1), date(2034, 6, 30)),
    days=st.integers(1, 1100),
    often=st.sampled_from(FREQUENCIES),
    policy=st.sampled_from(POLICIES),
)
def test_no_period_is_ever_left_out(start: date, days: int, often: str, policy: str) -> None:
    plan = expand(campaign(f"频次: {often}", span=f"启动起{days}天", policy=policy), starts_on=start)
    expected = [period.label for period in periods(frequency(often), start, start + timedelta(days=days - 1))]
    assert list(dict.fromkeys(labels(plan))) == expected
    assert all(is_calendar(label) for label in expected)
    for occurrence in plan.occurrences:
        assert_sensible(occurrence, plan)


@settings(max_examples=150, deadline=None)
@given(start=st.dates(date(2020, 1, 1), date(2034, 6, 30)), day=st.integers(1, 31), policy=st.sampled_from(POLICIES))
def test_every_month_has_its_day_or_a_sentence(start: date, day: int, policy: str) -> None:
    plan = expand(campaign(f"频次: 每月1次, 截止: 每月{day}日", span="启动起400天", policy=policy), starts_on=start)
    months = [period.label for period in periods(frequency("每月1次"), start, plan.ends_on)]
    told = [label for label in months if any(period_label(label) in sentence for sentence in plan.skipped)]
    assert sorted([*labels(plan), *told]) == months
    for occurrence in plan.occurrences:
        assert_sensible(occurrence, plan)


def assert_sensible(occurrence: Occurrence, plan: Plan) -> None:
    assert plan.starts_on <= occurrence.nominal_on <= plan.ends_on
    assert plan.starts_on <= occurrence.due_on
    assert occurrence.opens_on <= occurrence.due_on
    assert 1 <= occurrence.seq <= occurrence.quota
    assert bool(occurrence.moved_reason) == (occurrence.due_on != occurrence.nominal_on)


@settings(max_examples=60, deadline=None)
@given(start=st.dates(date(2020, 1, 1), date(2034, 12, 31)))
def test_the_2023_action_can_be_launched_on_any_day(start: date) -> None:
    plan = expand(DRAFT, starts_on=start, launched_on=start)
    assert [stage.code for stage in plan.stages] == ["动员部署", "自查自改", "精准执法", "总结提高"]
    assert all(stage.opens_on <= stage.closes_on for stage in plan.stages)
    assert len({occurrence.key for occurrence in plan.lines}) == len(plan.lines)
