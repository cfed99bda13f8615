"""继承 + 调整: merged by 编号, only stricter, and everybody can see who wrote what."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.definition.load import review
from campaigns.definition.model import Definition, Flattened
from campaigns.definition.phrases import FREQUENCIES
from campaigns.rules.dates.planning import expand

DRAFTS = Path(__file__).parent / "drafts"
CITY_TEXT = (DRAFTS / "hazard-2023.yaml").read_text(encoding="utf-8")
COUNTY_TEXT = (DRAFTS / "hazard-2023-chiping.yaml").read_text(encoding="utf-8")
HEAD = """语法: rectify/v1
继承: fm-hazard-2023@1.0.0
行动: {编号: county, 名称: 县里的行动, 发文单位: 县应急管理局}
"""


def city(**changes: str) -> Definition:
    text = CITY_TEXT
    for old, new in changes.items():
        text = text.replace(old, new, 1)
    found = review(text).definition
    assert found
    return found


CITY = city()


def sentences(body: str, parent: Definition = CITY) -> list[str]:
    return [str(error) for error in review(HEAD + body, parent=parent).errors]


def county(body: str, parent: Definition = CITY) -> Flattened:
    found = review(HEAD + body, parent=parent)
    assert isinstance(found.definition, Flattened), found.errors
    return found.definition


def test_the_county_of_the_design_inherits_adjusts_and_adds() -> None:
    found = review(COUNTY_TEXT, parent=CITY).definition
    assert isinstance(found, Flattened)
    duty = found.duty("QY-02")
    assert duty
    assert (duty.frequency, duty.split_dues, duty.due) == ("每月2次", ("15日", "月末"), None)
    assert found.parent == "fm-hazard-2023@1.0.0"
    assert found.provenance == {
        "参数.报送日": "fm-hazard-2023-chiping@1.0.0",
        "QY-02.频次": "fm-hazard-2023-chiping@1.0.0",
        "QY-02.分期截止": "fm-hazard-2023-chiping@1.0.0",
        "QY-23.必做": "fm-hazard-2023-chiping@1.0.0",
        "阶段.自查自改.截止": "fm-hazard-2023-chiping@1.0.0",
        "CP-01": "fm-hazard-2023-chiping@1.0.0",
    }
    assert found.meta.span == CITY.meta.span


def test_the_flattened_plan_is_dated_like_any_other() -> None:
    found = review(COUNTY_TEXT, parent=CITY).definition
    assert found
    plan = expand(found)
    assert sum(occurrence.duty == "CP-01" for occurrence in plan.occurrences) == 9
    assert {o.nominal_on.day for o in plan.occurrences if o.report} == {22}


def test_an_overlay_without_its_superior_is_only_read() -> None:
    found = review(COUNTY_TEXT)
    assert found.definition
    assert found.definition.inherits == "fm-hazard-2023@1.0.0"
    (caution,) = found.cautions
    assert str(caution) == "3:5: 没有找到上级模板“fm-hazard-2023@1.0.0”，只查了写法，没有查是不是加严"


def test_what_the_superiors_file_is_cautioned_about_is_not_the_countys_to_mend() -> None:
    assert review(COUNTY_TEXT, parent=CITY).cautions == ()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("调整:\n  - {任务: QY-05, 频次: 每半年1次}", "5:21: 上级要求“每半年2次”，下级只能加严，不能改为“每半年1次”"),
        ("调整:\n  - {任务: JG-22, 截止: 次月5日}", "5:21: 上级要求“月末”，下级只能加严，不能改为“次月5日”"),
        (
            "调整:\n  - {任务: QY-01, 分期截止: [20日, 月末]}",
            "5:23: 上级要求“15日、月末”，下级只能加严，不能改为“20日、月末”",
        ),
        ("调整:\n  - {任务: QY-02, 必做: 否}", "5:21: 上级要求“是”，下级只能加严，不能改为“否”"),
        (
            "调整:\n  - {任务: QY-05, 佐证: [演练照片]}",
            "5:21: 上级要求“演练照片、评估报告”，下级只能加严，不能改为“演练照片”",
        ),
        ("调整:\n  - {任务: QY-02, 对象: 有外包企业}", "5:21: 上级没有允许下级改“对象”"),
        ("调整:\n  - {任务: QY-02, 遇非工作日: 顺延}", "5:24: 上级要求“提前”，下级只能加严，不能改为“顺延”"),
        (
            "调整:\n  - {任务: QY-11, 截止: 2023年6月1日}",
            "5:21: 上级要求“阶段末”，下级只能加严，不能改为“2023年6月1日”",
        ),
        ("调整:\n  - {任务: QY-11, 截止: 2023年5月30日}", ""),
        ("调整:\n  - {任务: QY-11, 截止: 阶段末前3个工作日}", ""),
        ('调整:\n  - {任务: QY-02, 截止: "月末 24:00"}', "5:21: 上级要求“月末”，下级只能加严，不能改为“月末 24:00”"),
        ("调整:\n  - {任务: QY-02, 截止: 月末 12时}", ""),
        ("参数: {季报截止: 季后15日}", "4:12: 上级没有允许下级改“季报截止”"),
        ("调整:\n  - {任务: JG-01, 截止: 月末}", "5:21: 上级要求“每月25日”，下级只能加严，不能改为“月末”"),
        ("调整:\n  - {任务: JG-01, 截止: 每月20日}", ""),
        ("调整:\n  - {任务: QY-05, 频次: 经常}", f"5:21: 看不懂频次“经常”，可以写：{'、'.join(FREQUENCIES)}"),
        ("调整:\n  - {任务: QY-99, 必做: 是}", "5:10: 上级没有任务“QY-99”，请核对编号"),
        (
            "调整:\n  - {阶段: 自查自改, 截止: 2023年8月底}",
            "5:20: 上级要求“2023年7月底”，下级只能加严，不能改为“2023年8月底”",
        ),
        ("调整:\n  - {阶段: 收尾, 截止: 2023年8月底}", "5:10: 上级没有阶段“收尾”"),
        ("调整:\n  - {任务: QY-02, 频律: 每月2次}", "5:17: 不认识“频律”，是不是想写“频次”？"),
        ("调整:\n  - {必做: 是}", "5:6: 不认识“必做”，这里可以写：任务、阶段、改为"),
        ("参数: {报送日: 28}", "4:11: 上级定的“报送日”是25，下级只能提前，不能改为28"),
        ("参数: {挂牌期限: 2}", "4:12: 上级没有允许下级改“挂牌期限”"),
        ("参数: {报送曰: 22}", "4:6: “报送曰”不是上级的参数，是不是想写“报送日”？"),
        ("日历: {遇非工作日: 顺延}", "4:13: 上级要求“提前”，下级只能加严，不能改为“顺延”"),
        ("角色: {县局: {层级: 镇, 单位: 应急所}}", "4:6: “县局”是上级定的角色，下级不能改，可以另起一个名字"),
        ("阶段: [{编号: 新阶段, 截止: 2023年6月底}]", "4:1: 继承上级的文件不能写“阶段”，请用“调整”或“新增任务”"),
        (
            "新增任务:\n  - {归入: 收尾, 编号: CP-01, 名称: 巡查, 对象: 企业}",
            "5:10: 没有阶段“收尾”，可以写：全程、动员部署、自查自改、精准执法、总结提高",
        ),
        (
            "新增任务:\n  - {归入: 全程, 编号: QY-01, 名称: 巡查, 对象: 企业}",
            "5:18: 编号“QY-01”用了两次，“重大事故隐患排查治理”已经用了它",
        ),
        (
            "新增任务:\n  - {归入: 全程, 编号: CP-01, 名称: 巡查, 对象: 矿山}",
            "5:37: 没有叫“矿山”的对象或角色，已有：企业、有外包企业、市局、县局、县政府、市安委会、主要负责人、安全总监",
        ),
        (
            "表单: {演练记录: {字段: [{名称: 演练日期, 类型: 日期}]}}",
            "4:17: 不能删改上级的“演练日期、演练类型、参加人数、存在问题及改进措施”，只能增加",
        ),
    ],
)
def test_a_lower_level_may_only_ask_for_more(body: str, sentence: str) -> None:
    assert sentences(body) == ([sentence] if sentence else [])


def test_an_overlay_is_pinned_to_a_version() -> None:
    newer = city(**{"版本: 1.0.0": "版本: 1.1.0"})
    (told,) = sentences("调整: [{任务: QY-02, 频次: 每月2次}]", newer)
    assert told == "2:5: 继承的是“fm-hazard-2023@1.0.0”，上级模板现在是“fm-hazard-2023@1.1.0”，请核对后改写"


def test_what_the_superior_frees_may_be_loosened() -> None:
    freer = city(**{"频次: 每半年2次": "下级可改: [频次], 频次: 每半年2次"})
    duty = county("调整: [{任务: QY-05, 频次: 每半年1次}]", freer).duty("QY-05")
    assert duty
    assert duty.frequency == "每半年1次"


def test_stricter_is_welcome_everywhere() -> None:
    found = county(
        '日历: {截止时刻: "12:00"}\n调整:\n  - {任务: QY-05, 频次: 每季度1次, 截止: 季末}\n'
        "  - {任务: QY-11, 截止: 2023年5月20日}\n  - {任务: QY-02, 佐证: [照片], 审核: 县局}\n"
        "  - {阶段: 动员部署, 截止: 2023年5月20日}\n"
    )
    assert found.calendar.due_time == "12:00"
    assert found.calendar.off_day_policy == "提前"
    assert expand(found).stages[0].closes_on.day == 20


def test_a_broken_pin_is_a_sentence_too() -> None:
    found = review(COUNTY_TEXT.replace("fm-hazard-2023@1.0.0", "市级模板", 1), parent=CITY)
    assert [str(error) for error in found.errors] == [
        "3:5: 看不懂继承“市级模板”，请写成 编号@版本，如 hazard-2023@1.0.0"
    ]


LINES = COUNTY_TEXT.splitlines()


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(LINES) - 1),
    st.sampled_from(["", "：", "{", "9", "末", "QY-05", "x: y", ", 频次: 每周9次"]),
    st.data(),
)
def test_no_slip_in_an_overlay_gives_anything_but_sentences_with_places(
    number: int, slip: str, data: st.DataObject
) -> None:
    line = LINES[number]
    at = data.draw(st.integers(0, len(line)))
    text = "\n".join([*LINES[:number], line[:at] + slip + line[at + len(slip) :], *LINES[number + 1 :]])
    for error in review(text, parent=CITY).errors:
        assert 1 <= error.line <= len(LINES) + 1
        assert any("一" <= letter <= "鿿" for letter in error.sentence)
