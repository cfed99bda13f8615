"""The closed grammars: every example reads, pasted variants read alike, and what does not read says what may be written."""

from datetime import date, time

import pytest

from campaigns.definition.deadlines import Where, deadline
from campaigns.definition.phrases import (
    GRAMMARS,
    Duration,
    Frequency,
    Moment,
    OffDayPolicy,
    duration,
    frequency,
    moment,
    off_day_policy,
    span,
)
from campaigns.definition.wording import PhraseError
from campaigns.rules.dates.calendar import WorkCalendar

CALENDAR = WorkCalendar()
MAY = Where(
    campaign_start=date(2023, 5, 1),
    window_start=date(2023, 5, 1),
    window_end=date(2023, 7, 31),
    period_start=date(2023, 5, 1),
    period_end=date(2023, 5, 31),
    count_working_days=CALENDAR.add_working_days,
)


@pytest.mark.parametrize("name", GRAMMARS)
def test_every_example_of_every_grammar_reads(name: str) -> None:
    for examples in GRAMMARS[name].examples:
        for example in examples.split("、"):
            GRAMMARS[name].read(example)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023年5月20日", date(2023, 5, 20)),
        ("2023 年 5 月底", date(2023, 5, 31)),
        ("2023年5月底前", date(2023, 5, 31)),
        ("2023年12月", date(2023, 12, 31)),
        ("2023年底", date(2023, 12, 31)),
        ("6月底", date(2023, 6, 30)),
        ("3月1日", date(2024, 3, 1)),
        ("每月25日", date(2023, 5, 25)),
        ("25日以前", date(2023, 5, 25)),
        ("31日", date(2023, 5, 31)),
        ("每周五", date(2023, 5, 26)),
        ("月末", date(2023, 5, 31)),
        ("期末", date(2023, 5, 31)),
        ("次月5日", date(2023, 6, 5)),
        ("次年1月31日", date(2024, 1, 31)),
        ("阶段末", date(2023, 7, 31)),
        ("阶段末前5个工作日", date(2023, 7, 24)),
        ("阶段末后3天", date(2023, 8, 3)),
        ("下发后5个工作日", date(2023, 5, 9)),
        ("下发后3天", date(2023, 5, 4)),
        ("启动后第1天", date(2023, 5, 1)),
        ("启动后第100天", date(2023, 8, 8)),
        ("定于2024年12月31日", date(2024, 12, 31)),
    ],
)
def test_a_deadline_falls_on_its_day(text: str, day: date) -> None:
    assert deadline(text).day.on(MAY) == day


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("每月25日 17:00", time(17)),
        ("每月25日17时", time(17)),
        ("25日前 9点", time(9)),
        ("月末 24:00", time(23, 59, 59)),
        ("月末", None),
    ],
)
def test_a_deadline_may_name_its_hour(text: str, at: time | None) -> None:
    assert deadline(text).at == at


def test_written_dates_move_with_the_campaign_and_fixed_ones_do_not() -> None:
    later = Where(**{name: getattr(MAY, name) for name in MAY.__slots__} | {"moved_by": 42})
    assert deadline("2023年5月底").day.on(later) == date(2026, 11, 30)
    assert deadline("2023年8月31日").day.on(later) == date(2027, 2, 28)
    assert deadline("定于2024年12月31日").day.on(later) == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("11月31日", "11月只有30天，没有“11月31日”，是不是想写“11月底”？"),
        ("2023年2月29日", "2023年2月只有28天，没有“2月29日”，是不是想写“2月底”？"),
        ("2023年13月1日", "一年只有12个月，没有“13月”"),
        ("1023年5月1日", "年份要在2000到2100之间，没有“1023年”"),
        ("32日", "一个月最多31天，没有“32日”"),
        ("月末 25:00", "没有“25:00”这个时刻，请写 00:00 到 24:00"),
    ],
)
def test_an_impossible_date_is_refused_with_a_suggestion(text: str, sentence: str) -> None:
    with pytest.raises(PhraseError) as refused:
        deadline(text)
    assert str(refused.value) == sentence


def test_a_leap_day_without_a_year_is_possible_and_becomes_the_28th_in_other_years() -> None:
    year_2023 = Where(**{name: getattr(MAY, name) for name in MAY.__slots__} | {"period_start": date(2023, 1, 1)})
    assert deadline("2月29日").day.on(year_2023) == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("每月 2 次", Frequency(2, "月")),
        ("每周1次", Frequency(1, "周")),
        ("每个月1次", Frequency(1, "月")),
        ("每3年1次", Frequency(1, "年", 3)),
        ("每次作业前", Frequency(1, "次")),
    ],
)
def test_a_frequency_is_a_quota_in_a_period(text: str, meaning: Frequency) -> None:
    assert frequency(text) == meaning


@pytest.mark.parametrize("text", ["每天1次", "每月0次", "每0年1次", "每3月1次", "经常", "", "每月两次"])
def test_an_unknown_frequency_lists_the_valid_ones(text: str) -> None:
    with pytest.raises(PhraseError, match="可以写：每周1次、每旬1次、每月2次"):
        frequency(text)


def test_moments_durations_and_policies_read() -> None:
    assert moment("到期前5个工作日") == Moment(-5, working=True)
    assert moment("逾期后每7天") == Moment(7, working=False, repeats=True)
    assert duration("3个工作日内") == Duration(3, working=True)
    assert off_day_policy("顺延第2个工作日") == OffDayPolicy(1, 2)


@pytest.mark.parametrize(
    ("text", "starts_on", "ends_on"),
    [
        ("2023年5月1日 至 2023年12月31日", date(2023, 5, 1), date(2023, 12, 31)),
        ("2023年5月份至12月份", date(2023, 5, 1), date(2023, 12, 31)),
        ("2024年至2026年底", date(2024, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_span_says_when_a_campaign_runs(text: str, starts_on: date, ends_on: date) -> None:
    written = span(text)
    assert (written.start, written.end) == (starts_on, ends_on)


@pytest.mark.parametrize("text", ["启动起9999天", "启动起121个月", "启动起11年", "2020年至2030年底"])
def test_no_campaign_is_longer_than_ten_years(text: str) -> None:
    with pytest.raises(PhraseError, match="最长10年"):
        span(text)


def test_a_hundred_days_count_the_first() -> None:
    assert span("启动起100天").from_start(date(2026, 9, 23)) == date(2026, 12, 31)
    assert span("启动起3年").from_start(date(2024, 1, 1)) == date(2026, 12, 31)


@pytest.mark.parametrize("name", [name for name in GRAMMARS if name not in ("条件", "校核", "算式", "属性")])
def test_any_nonsense_gives_a_chinese_sentence_and_nothing_else(name: str) -> None:
    for nonsense in ("？？", "x" * 50, "2023-05-31", "每", "::", "0", "年月日", "末"):
        with pytest.raises(PhraseError) as refused:
            GRAMMARS[name].read(nonsense)
        assert any("一" <= letter <= "鿿" for letter in str(refused.value))
