"""Quotation marks inside quotation marks."""

import pytest

from campaigns.rules.quotes import nested


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("关于“全市“百日攻坚”专项行动”办理情况的通报", "关于“全市‘百日攻坚’专项行动”办理情况的通报"),
        ("3.4“企业和企业主要负责人“一案双罚””", "3.4“企业和企业主要负责人‘一案双罚’”"),
        ("“甲”和“乙”", "“甲”和“乙”"),
        ("“一“二“三”二”一”", "“一‘二“三”二’一”"),
        ("没有引号", "没有引号"),
    ],
)
def test_every_second_level_has_single_marks(typed: str, printed: str) -> None:
    assert nested(typed) == printed


@pytest.mark.parametrize("typed", ["少一半“的", "”反了“", "“多了”一个”"])
def test_marks_that_do_not_pair_stay_as_they_were_typed(typed: str) -> None:
    assert nested(typed) == typed
