"""异议 to what was accepted: nobody decides on what he typed in, and nobody is late with what was typed in wrongly."""

from datetime import date, timedelta

import pytest

from campaigns.rules.work.objecting import suggested_day, why_not_decide, wrong_day

TODAY = date(2023, 6, 20)
BEFORE, AHEAD = TODAY - timedelta(days=36), TODAY + timedelta(days=10)


def test_whoever_typed_it_in_does_not_decide_on_the_objection() -> None:
    assert why_not_decide(7, typed_by={7, 8}) == "自己代录的，不能自己决定企业的异议。"
    assert why_not_decide(9, typed_by={7, 8}) == ""


@pytest.mark.parametrize(
    ("until", "due_on", "sentence"),
    [
        (None, AHEAD, ""),
        (AHEAD, AHEAD, ""),
        (AHEAD + timedelta(days=3), AHEAD, ""),
        (AHEAD - timedelta(days=1), AHEAD, "请选2023年6月30日或以后的日期，让企业来得及重新填报。"),
        (None, BEFORE, "原期限2023年5月15日已到，请写明企业重新填报到哪一天。"),
        (None, TODAY, "原期限2023年6月20日已到，请写明企业重新填报到哪一天。"),
        (TODAY, BEFORE, "请选2023年6月21日或以后的日期，让企业来得及重新填报。"),
        (TODAY + timedelta(days=1), BEFORE, ""),
        (date(2206, 6, 30), BEFORE, "这个日期太远了，最晚可到2033年12月31日，请核对年份。"),
    ],
)
def test_there_is_time_to_fill_in_again(until: date | None, due_on: date, sentence: str) -> None:
    assert wrong_day(until, due_on=due_on, today=TODAY) == sentence


@pytest.mark.parametrize("due_on", [BEFORE, TODAY, TODAY + timedelta(days=1), AHEAD])
def test_the_day_that_is_proposed_passes(due_on: date) -> None:
    assert wrong_day(suggested_day(due_on=due_on, today=TODAY), due_on=due_on, today=TODAY) == ""
