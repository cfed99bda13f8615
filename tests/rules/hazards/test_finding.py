"""A hazard as found, and the five of 五落实."""

from datetime import date

import pytest

from campaigns.errors import Invalid
from campaigns.rules.hazards.finding import Finding, RectificationPlan, read_finding, read_plan

TODAY = date(2023, 5, 15)
PLAN = {
    "responsible": "生产矿长 卫某",
    "measures": "更换排洪斜槽盖板",
    "funds": "35000",
    "deadline_on": "2023-06-10",
    "contingency": "降雨预警时停止排放并撤人",
}


def test_a_hazard_needs_a_name_and_a_major_one_its_criterion() -> None:
    with pytest.raises(Invalid) as refusal:
        read_finding({"title": " ", "major": "是"})
    assert set(refusal.value.fields) == {"title", "criterion"}
    found = read_finding({"title": "坝体裂缝", "major": "是", "criterion": "三、尾矿库（一）"})
    assert found == Finding("坝体裂缝", major=True, criterion="三、尾矿库（一）")


def test_an_inspection_of_no_enterprise_in_particular_names_one_per_hazard() -> None:
    with pytest.raises(Invalid, match="没有登记") as refusal:
        read_finding({"title": "坝体裂缝"}, choose_enterprise=True)
    assert refusal.value.fields == {"enterprise_id": "请选是哪家企业的隐患。"}
    assert read_finding({"title": "坝体裂缝", "enterprise_id": "7"}, choose_enterprise=True).enterprise_id == 7
    assert read_finding({"title": "坝体裂缝", "enterprise_id": "7"}).enterprise_id is None


def test_a_plan_says_all_five() -> None:
    assert read_plan(PLAN, today=TODAY) == RectificationPlan(
        "生产矿长 卫某", "更换排洪斜槽盖板", 35000, date(2023, 6, 10), "降雨预警时停止排放并撤人"
    )


@pytest.mark.parametrize("missing", PLAN)
def test_a_plan_with_one_of_the_five_missing_is_not_a_plan(missing: str) -> None:
    with pytest.raises(Invalid, match="五落实缺项") as refusal:
        read_plan(PLAN | {missing: " "}, today=TODAY)
    assert list(refusal.value.fields) == [missing]
    assert "没有落实" in refusal.value.fields[missing]


def test_no_money_is_an_answer_but_a_past_deadline_is_not() -> None:
    assert read_plan(PLAN | {"funds": "0"}, today=TODAY).funds == 0
    with pytest.raises(Invalid) as refusal:
        read_plan(PLAN | {"deadline_on": "2023-05-14"}, today=TODAY)
    assert refusal.value.fields == {"deadline_on": "整改期限不能早于今天。"}
    with pytest.raises(Invalid) as refusal:
        read_plan(PLAN | {"deadline_on": "2203-06-10"}, today=TODAY)
    assert refusal.value.fields == {"deadline_on": "这个日期太远了，最晚可到2033年12月31日，请核对年份。"}
