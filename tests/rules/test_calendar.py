"""Working days: the oracle is chinesecalendar where it has data (to 2026); later years warn and fall back."""

from datetime import date, timedelta
from functools import cache

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.definition import shelf
from campaigns.definition.calendar_year import CalendarYear
from campaigns.definition.mistakes import DefinitionErrors, typed
from campaigns.definition.read import read
from campaigns.rules.dates.calendar import WorkCalendar

CALENDAR = WorkCalendar()
FIRST, LAST_KNOWN, LAST = date(2020, 1, 1), date(2026, 12, 31), date(2035, 12, 31)
DAYS = st.dates(FIRST, LAST)
POLICIES = ("提前", "顺延", "顺延第2个工作日", "不变")


@cache
def oracle(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


@pytest.mark.parametrize("year", range(2006, 2027))
def test_every_day_agrees_with_an_independent_table(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert [day for day in days if CALENDAR.is_working(day) != oracle(day)] == []


@pytest.mark.parametrize(
    ("day", "policy", "to"),
    [
        (date(2023, 11, 25), "提前", date(2023, 11, 24)),
        (date(2023, 9, 30), "提前", date(2023, 9, 28)),
        (date(2023, 12, 31), "提前", date(2023, 12, 29)),
        (date(2023, 6, 25), "提前", date(2023, 6, 25)),
        (date(2021, 4, 25), "顺延", date(2021, 4, 25)),
        (date(2026, 9, 25), "提前", date(2026, 9, 24)),
        (date(2026, 9, 25), "顺延", date(2026, 9, 28)),
        (date(2026, 9, 25), "顺延第2个工作日", date(2026, 9, 29)),
        (date(2025, 1, 25), "顺延", date(2025, 1, 26)),
        (date(2023, 1, 25), "提前", date(2023, 1, 20)),
        (date(2023, 1, 25), "顺延", date(2023, 1, 28)),
        (date(2023, 11, 25), "不变", date(2023, 11, 25)),
    ],
)
def test_a_due_date_on_a_day_off_goes_where_the_policy_says(day: date, policy: str, to: date) -> None:
    assert CALENDAR.adjust(day, policy).day == to


def test_a_move_says_why() -> None:
    assert CALENDAR.adjust(date(2026, 9, 25), "提前").reason == "9月25日是中秋节，提前到9月24日（周四）"
    assert CALENDAR.adjust(date(2023, 11, 25), "顺延").reason == "11月25日是周六，顺延到11月27日（周一）"
    assert CALENDAR.adjust(date(2023, 11, 24), "顺延").reason == ""


TWENTY_FIFTHS = [date(year, month, 25) for year in range(2020, 2027) for month in range(1, 13)]


@pytest.mark.parametrize("policy", ["提前", "顺延", "不变"])
@pytest.mark.parametrize("day", TWENTY_FIFTHS, ids=str)
def test_every_25th_lands_on_the_nearest_working_day_of_the_oracle(day: date, policy: str) -> None:
    step = {"提前": -1, "顺延": 1, "不变": 0}[policy]
    expected = day
    while step and not oracle(expected):
        expected += timedelta(days=step)
    assert CALENDAR.adjust(day, policy).day == expected


@given(DAYS, st.sampled_from(POLICIES))
def test_a_moved_date_is_a_working_day_in_the_right_direction(day: date, policy: str) -> None:
    adjusted = CALENDAR.adjust(day, policy)
    assert adjusted.moved == (adjusted.day != day) == bool(adjusted.reason)
    if policy != "不变":
        assert CALENDAR.is_working(adjusted.day)
    assert {"提前": adjusted.day <= day, "不变": adjusted.day == day}.get(policy, adjusted.day >= day)


@given(DAYS, st.integers(0, 60))
def test_counting_working_days_there_and_back_agrees(day: date, count: int) -> None:
    there = CALENDAR.add_working_days(day, count)
    assert CALENDAR.working_days_between(day, there) == count
    if CALENDAR.is_working(day):
        assert CALENDAR.add_working_days(there, -count) == day


@given(DAYS)
def test_no_year_ever_raises(day: date) -> None:
    CALENDAR.is_working(day)
    CALENDAR.why_off(day)


def test_a_year_without_a_published_table_warns_and_keeps_statutory_days() -> None:
    (warning,) = CALENDAR.warnings([2026, 2027])
    assert warning.startswith("2027年放假调休安排尚未公布")
    assert not CALENDAR.is_working(date(2027, 10, 1))
    assert CALENDAR.is_working(date(2027, 10, 9)) is False
    assert CALENDAR.is_working(date(2027, 10, 8))


def test_an_administrators_day_goes_over_the_table_and_his_word_ends_the_warning() -> None:
    local = WorkCalendar({date(2027, 10, 8): False, date(2027, 10, 9): True}, published=[2027])
    assert not local.is_working(date(2027, 10, 8))
    assert local.is_working(date(2027, 10, 9))
    assert local.adjust(date(2027, 10, 8), "顺延").day == date(2027, 10, 9)
    assert local.warnings([2027]) == ()


def test_a_shipped_year_that_is_not_published_names_the_statutory_days_and_still_warns() -> None:
    assert not shelf.calendar_years()[2027].published
    assert [day for day, works in shelf.calendar_years()[2027].days().items() if works] == []
    assert all(not CALENDAR.is_working(day) for day in shelf.calendar_years()[2027].days())


def test_a_years_file_names_days_off_and_working_weekends_in_the_notices_words() -> None:
    text = "年份: 2027\n来源: 国办发明电〔2026〕9号\n放假: [1月1日, 10月1日至7日, 12月30日 至 31日]\n上班: [2月14日]\n"
    days = typed(CalendarYear, read(text)).days()
    assert sum(not works for works in days.values()) == 10
    assert days[date(2027, 10, 7)] is False
    assert days[date(2027, 2, 14)] is True


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("放假: [2月30日]", "2:5: 2027年2月只有28天，没有“2月30日”，是不是想写“2月底”？"),
        ("放假: [春节]", "2:5: 看不懂日子“春节”，请写成 10月1日 或 10月1日至7日"),
        ("放假日: [1月1日]", "2:1: 不认识“放假日”，是不是想写“放假”？"),
    ],
)
def test_a_wrong_years_file_is_told_like_any_other(line: str, sentence: str) -> None:
    with pytest.raises(DefinitionErrors) as refused:
        typed(CalendarYear, read(f"年份: 2027\n{line}\n"))
    assert str(refused.value) == sentence


def test_a_table_in_which_nobody_ever_works_is_told_and_not_looped_over() -> None:
    idle = WorkCalendar({date(2026, 1, 1) + timedelta(days=n): False for n in range(400)})
    with pytest.raises(ValueError, match="没有一个工作日"):
        idle.add_working_days(date(2026, 3, 1), 1)
