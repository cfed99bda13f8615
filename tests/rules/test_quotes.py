"""Quotation marks inside quotation marks."""

import pytest

from campaigns.rules.quotes import nested, quoted


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


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("一岗一清单", "“一岗一清单”"),
        ("“一库一策”方案", "“‘一库一策’方案”"),
        ("全市“百日攻坚”专项行动", "“全市‘百日攻坚’专项行动”"),
        ("编制“一库一策”", "“编制‘一库一策’”"),
        ("少一半“的", "“少一半“的”"),
    ],
)
def test_a_title_with_marks_of_its_own_is_quoted_around_them(title: str, printed: str) -> None:
    assert quoted(title) == printed
