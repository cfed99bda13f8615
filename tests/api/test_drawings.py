"""Drawings say the truth of their figures."""

from datetime import date

from api.drawings.calendar import Span, calendar_bar
from api.drawings.plots import columns, trend

STAGES = [
    Span("动员部署", date(2023, 5, 1), date(2023, 5, 31), False, 4, 4, "按期完成"),
    Span("自查自改", date(2023, 5, 20), date(2023, 7, 31), True, 9, 18, "进行中"),
    Span("总结提高", date(2023, 12, 1), date(2023, 12, 31), True, 0, 4, "未开始"),
]


def test_overlapping_stages_overlap_in_the_drawing() -> None:
    first, second, last = calendar_bar(STAGES, date(2023, 6, 18)).stages
    assert first.left == 0
    assert second.left < first.left + first.width
    assert last.left + last.width == 100
    assert abs(second.filled * 2 - second.width) < 0.1


def test_today_stands_inside_the_calendar_or_nowhere() -> None:
    assert calendar_bar(STAGES, date(2023, 5, 1)).today == 0
    assert calendar_bar(STAGES, date(2024, 1, 1)).today is None
    assert "今天处在：自查自改" in calendar_bar(STAGES, date(2023, 6, 18)).sentence


def test_a_stage_over_its_end_with_open_work_is_late() -> None:
    tones = [bar.tone for bar in calendar_bar(STAGES, date(2023, 8, 1)).stages]
    assert tones == ["done", "late", "ahead"]


def test_three_years_have_few_enough_ticks_to_read() -> None:
    long = [Span("治本攻坚", date(2024, 1, 1), date(2026, 12, 31), False, 0, 0, "进行中")]
    ticks = calendar_bar(long, date(2025, 1, 1)).ticks
    assert 3 <= len(ticks) <= 9
    assert ticks[0].word == "24年1月"


def test_a_campaign_without_stages_is_an_empty_calendar() -> None:
    assert calendar_bar([], date(2023, 6, 18)).stages == ()


def test_a_month_that_was_not_reported_is_a_gap_and_not_a_zero() -> None:
    plot = trend([("5月", (3,)), ("6月", (None,)), ("7月", (5,))], ("发现",), unit="个", title="隐患")
    assert len(plot.dots) == 2
    assert plot.rows[1] == ("6月", (None,))
    assert plot.sentence == "隐患，共3期；最近一期7月：发现5个"


def test_nothing_is_drawn_outside_the_chart() -> None:
    plot = columns([("5月", 0), ("6月", 137)], name="提交", unit="件", title="每月提交")
    assert all(18 <= bar.y <= 172 and bar.height >= 0 for bar in plot.bars)
    assert trend([], ("发现",), unit="个", title="隐患").sentence == "隐患：还没有数据"


def test_words_under_a_drawing_leave_each_other_room_on_a_phone() -> None:
    months = [(f"{year}年{month}月", (1, 2)) for year in (2026, 2027) for month in range(1, 13)]
    ticks = trend(months, ("下发后", "现在"), unit="次", title="填报").ticks
    assert [tick.word for tick in ticks] == ["2026年1月", "2026年7月", "2027年1月", "2027年7月"]
    few = [(f"{month}月", (month,)) for month in range(1, 9)]
    assert len(trend(few, ("件",), unit="件", title="隐患").ticks) == 8
