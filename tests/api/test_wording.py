"""Dates, money and distances as a clerk writes them; looks and icons for every state."""

from datetime import UTC, date, datetime, timedelta

import pytest

from api.icons import icon
from api.looks import LATE, SHAPES, look
from api.view import pulse
from api.wording import ago, day_short, days_left, due_tone, wan
from campaigns.date_words import day_words, moment_words
from campaigns.rules.states import TRANSITIONS

TODAY = date(2023, 6, 18)


def test_dates_are_written_without_padding() -> None:
    assert day_words(date(2023, 5, 1)) == "2023年5月1日"
    assert day_short(date(2023, 6, 25)) == "6月25日 周日"
    assert day_short(date(2023, 6, 25), date(2023, 1, 1)) == "6月25日 周日"
    assert day_short(date(2023, 6, 25), date(2026, 11, 22)) == "2023年6月25日 周日"
    assert moment_words(datetime(2023, 5, 31, 16, 30, tzinfo=UTC)) == "2023年6月1日 00:30"


@pytest.mark.parametrize(
    ("distance", "words", "tone"),
    [
        (-3, "逾期 3 天", "late"),
        (0, "今天到期", "soon"),
        (1, "明天到期", "soon"),
        (3, "还有 3 天", "soon"),
        (9, "还有 9 天", ""),
    ],
)
def test_a_deadline_says_how_far_it_is(distance: int, words: str, tone: str) -> None:
    due = TODAY + timedelta(days=distance)
    assert days_left(due, TODAY) == words
    assert due_tone(due, TODAY) == tone


@pytest.mark.parametrize(("yuan", "shown"), [(0, "0"), (125_000, "12.5"), (1, "0.0001"), (12_345_678, "1,234.5678")])
def test_ten_thousands_lose_no_yuan(yuan: int, shown: str) -> None:
    assert wan(yuan) == shown


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0 秒前"), (12, "12 秒前"), (61, "1 分钟前"), (7300, "2 小时前")])
def test_time_passed_has_one_unit(seconds: float, words: str) -> None:
    assert ago(seconds) == words


def test_every_state_has_a_word_a_shape_and_a_tone() -> None:
    for states in TRANSITIONS:
        assert set(SHAPES[states]) == set(states)
        for state in states:
            shown = look(state)
            assert shown.word == state.label
            assert "<svg" in icon(shown.icon)
    assert LATE.word


def test_no_two_tones_of_one_kind_share_a_shape() -> None:
    for shapes in SHAPES.values():
        tones: dict[str, str] = {}
        for shape, tone in shapes.values():
            assert tones.setdefault(shape, tone) == tone


def test_the_heartbeat_turns_red_after_two_minutes_and_says_what_that_means() -> None:
    now = datetime(2023, 6, 18, 1, 0, tzinfo=UTC)
    assert pulse(now - timedelta(seconds=12), now).words == "12 秒前"
    assert pulse(now - timedelta(minutes=2), now).tone == "done"
    late = pulse(now - timedelta(minutes=5), now)
    assert late.tone == "late"
    assert "提交和审核不受影响" in late.sentence
    assert pulse(None, now).tone == "late"
