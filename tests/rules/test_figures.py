"""Typed values: what a clerk may write in a cell of each unit, and how it comes back on paper."""

import pytest

from campaigns.definition.report_form import Atom
from campaigns.rules.reporting.figures import FigureError, printed, read, shown


def of_unit(unit: str) -> Atom:
    return Atom(code="1", cell="1", section="", title="", unit=unit, source="填报", computation=None, rollup="合计")


@pytest.mark.parametrize(
    ("unit", "typed", "kept", "on_paper", "in_cell"),
    [
        ("个", " 12 ", 12, "12", 12),
        ("个", "１２", 12, "12", 12),
        ("家次", "1,200", 1200, "1200", 1200),
        ("个", "0", 0, "0", 0),
        ("万元", "1,234,567.5", 12_345_675_000, "1234567.5", 1234567.5),
        ("人", "9999999999", 9_999_999_999, "9999999999", 9_999_999_999),
        ("个", "", None, "", None),
        ("万元", "1.5", 15_000, "1.5", 1.5),
        ("万元", "20", 200_000, "20", 20),
        ("万元", "0.0001", 1, "0.0001", 0.0001),
        ("元", "300", 300, "300", 300),
        ("是否", "是", 1, "是", "是"),
        ("是否", "否", 0, "否", "否"),
        ("%", "85.71%", 8571, "85.71%", 85.71),
    ],
)
def test_a_value_is_kept_as_a_whole_number_and_printed_in_its_unit(
    unit: str, typed: str, kept: int | None, on_paper: str, in_cell: object
) -> None:
    atom = of_unit(unit)
    assert read(atom, typed) == kept
    assert shown(atom, kept) == on_paper
    assert printed(atom, kept) == in_cell


@pytest.mark.parametrize(
    ("unit", "typed", "sentence"),
    [
        ("个", "1.5", "这一格按个填整数，不能有小数"),
        ("个", "-1", "“-1”不能填在这里，请填整数，没有的填0"),
        ("个", "无", "“无”不能填在这里，请填整数，没有的填0"),
        ("个", "=1+1", "“=1+1”不能填在这里，请填整数，没有的填0"),
        ("个", "1e3", "“1e3”不能填在这里，请填整数，没有的填0"),
        ("个", "9" * 400, "“99999999999999999999”不能填在这里，请填整数，没有的填0"),
        ("个", "1,5", "“1,5”不能填在这里，请填整数，没有的填0"),
        ("万元", "1，5", "“1,5”不能填在这里，请填金额（万元），如 1.5"),
        ("万元", "12,34.5", "“12,34.5”不能填在这里，请填金额（万元），如 1.5"),
        ("万元", "999999999999999", "999999999999999太大了，请核对单位"),
        ("万元", "0.00001", "金额精确到元，万元最多四位小数"),
        ("万元", "五万", "“五万”不能填在这里，请填金额（万元），如 1.5"),
        ("是否", "可能", "“可能”看不懂，请填“是”或“否”"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_what_to_type(unit: str, typed: str, sentence: str) -> None:
    with pytest.raises(FigureError) as refused:
        read(of_unit(unit), typed)
    assert str(refused.value) == sentence
