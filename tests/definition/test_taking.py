"""取自: a line takes a ready duty, writes what is its own, and is held to what the notice asks."""

import json

import pytest

from campaigns.definition.borrowed import borrowed, borrowed_duties
from campaigns.definition.diff import compare
from campaigns.definition.load import load, review
from campaigns.definition.model import Definition, Duty

HEAD = """语法: rectify/v1
行动: {编号: own, 名称: 本县行动, 发文单位: 县局, 起止: 2023年1月1日 至 2023年12月31日}
角色: {主要负责人: {层级: 企业, 岗位: [法定代表人]}, 安全总监: {层级: 企业, 岗位: [安全总监]}}
对象: {企业: {行业: 非煤矿山}}
全程任务:
"""
MONTHLY = "月度全员警示教育"


def line(more: str = "", name: str = MONTHLY) -> str:
    return f"{HEAD}  - {{编号: QY-01, 取自: {name}, 对象: 企业{more}}}\n"


def taken(more: str = "", name: str = MONTHLY) -> Duty:
    (duty,) = load(line(more, name)).standing_duties
    return duty


def cautions(more: str) -> list[str]:
    return [caution.sentence for caution in review(line(more)).cautions]


def test_what_the_line_writes_holds() -> None:
    duty = taken(", 名称: 本县警示教育, 频次: 每月2次, 分期截止: [15日, 月末], 佐证: [现场照片, 签到表]")
    assert (duty.title, duty.frequency, duty.split_dues) == ("本县警示教育", "每月2次", ("15日", "月末"))
    assert (duty.clause, duty.form, duty.evidence) == ("五（一）4", "教育培训记录", ("现场照片", "签到表"))


def test_a_written_frequency_takes_the_place_of_the_shelfs_deadline() -> None:
    assert taken(", 频次: 每年1次", "安全总监专项述职").due is None
    assert taken(name="安全总监专项述职").due == "阶段末"


@pytest.mark.parametrize(
    ("more", "sentences"),
    [
        ("", []),
        (", 频次: 每周1次", []),
        (", 频次: 每季度1次", ["“月度全员警示教育”的通知写“每月1次”，这里是“每季度1次”，请核对依据"]),
        (", 频次: 每次开会时", ["“月度全员警示教育”的通知写“每月1次”，这里是“每次开会时”，请核对依据"]),
        (", 佐证: [签到表]", ["“月度全员警示教育”要附“现场照片”，这里没有写，请核对"]),
    ],
)
def test_asking_less_than_the_notice_is_a_caution(more: str, sentences: list[str]) -> None:
    assert cautions(more) == sentences


def test_a_comparison_tells_what_was_taken_and_what_it_changed() -> None:
    own = load(line().replace(f"取自: {MONTHLY}", "名称: 全员安全警示教育"))
    told = [change.sentence for change in compare(own, load(line()))]
    assert "任务QY-01“全员安全警示教育”：增加“取自”“月度全员警示教育”" in told
    assert "任务QY-01“全员安全警示教育”：增加“频次”“每月1次”" in told


class TestALowerLevel:
    """继承 + 调整 over a superior's line that was taken."""

    PARENT = load(line())
    HEAD = "语法: rectify/v1\n继承: own@1.0.0\n行动: {编号: town, 名称: 镇里的行动, 发文单位: 镇应急管理中心}\n"

    def flat(self, body: str) -> Definition:
        return load(self.HEAD + body, parent=self.PARENT)

    def test_is_held_to_what_was_taken(self) -> None:
        duty = self.flat("调整: [{任务: QY-01, 频次: 每月2次}]\n").duty("QY-01")
        assert duty is not None
        assert (duty.frequency, duty.taken_from) == ("每月2次", MONTHLY)
        found = review(self.HEAD + "调整: [{任务: QY-01, 频次: 每季度1次}]\n", parent=self.PARENT)
        assert [error.sentence for error in found.errors] == ["上级要求“每月1次”，下级只能加严，不能改为“每季度1次”"]

    def test_takes_duties_of_its_own(self) -> None:
        duty = self.flat("新增任务: [{归入: 全程, 编号: CP-01, 取自: 月度会, 对象: 企业}]\n").duty("CP-01")
        assert duty is not None
        assert (duty.title, duty.frequency, duty.form) == ("月度会", "每月1次", "班组会议记录")

    def test_cannot_swap_what_was_taken(self) -> None:
        found = review(self.HEAD + "调整: [{任务: QY-01, 取自: 月度会}]\n", parent=self.PARENT)
        assert [error.sentence for error in found.errors] == ["“取自”不能在调整里改，请直接写要改的项目，如 频次"]


def test_a_launch_freezes_what_was_taken() -> None:
    """An edit of the shelf, or a duty that leaves it, reaches no frozen campaign."""
    frozen = json.loads(borrowed(load(line())))
    assert list(frozen["任务"]) == [MONTHLY]
    frozen["任务"][MONTHLY]["频次"] = "每月3次"
    (duty,) = load(line(), duties=borrowed_duties(json.dumps(frozen))).standing_duties
    assert duty.frequency == "每月3次"


def test_a_text_with_nothing_frozen_beside_it_reads_the_shelf() -> None:
    assert borrowed_duties("") is None
