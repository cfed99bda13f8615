"""The door: what it keeps (marks, text), what it cautions about, how long it takes to come in."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.definition.library import template_text
from campaigns.definition.load import DefinitionErrors, load, review
from campaigns.definition.read import read
from campaigns.definition.tree import Entries, place

DRAFT = (Path(__file__).parent / "drafts" / "hazard-2023.yaml").read_text(encoding="utf-8")
MINIMAL = "语法: rectify/v1\n行动: {编号: a, 名称: 名, 发文单位: 局, 起止: 2023年5月 至 12月}\n"


def test_every_scalar_stays_text_and_keeps_its_place() -> None:
    tree = read("甲: no\n乙: 08:30\n丙: 2.10\n丁: [2023-02-30, no]\n")
    assert tree.plain() == {"甲": "no", "乙": "08:30", "丙": "2.10", "丁": ["2023-02-30", "no"]}
    assert isinstance(tree, Entries)
    mark = place(tree, ("丁", 1))
    assert (mark.line, mark.column) == (4, 17)


def test_a_byte_order_mark_and_windows_line_ends_are_welcome() -> None:
    assert load("\ufeff" + DRAFT.replace("\n", "\r\n")).meta == load(DRAFT).meta


def test_english_field_names_are_not_the_language() -> None:
    with pytest.raises(DefinitionErrors, match="不认识“language”"):
        load(MINIMAL.replace("语法", "language"))


def test_errors_come_in_file_order_with_the_files_name() -> None:
    text = DRAFT.replace("频次: 每月2次", "频率: 每月2次", 1).replace("  类型: 专项行动 ", "  类型: 专项运动 ", 1)
    with pytest.raises(DefinitionErrors) as refused:
        load(text, source="我的行动.yaml")
    assert str(refused.value).splitlines() == [
        "我的行动.yaml:8:7: “类型”不能写“专项运动”，是不是想写“专项行动”？",
        "我的行动.yaml:44:6: 不认识“频率”，是不是想写“频次”？",
    ]
    assert refused.value.sentence == "我的行动.yaml有2处要改。"


@pytest.mark.parametrize(
    ("old", "new", "caution"),
    [
        (
            "整治范围: 茌平区两座尾矿库",
            "整治范围: 茌平区应急局和在平区政府",
            "“在平”和“茌平”只差一个字，是不是同一个地方？请核对",
        ),
        ("矿安〔2022〕88号）\n", "矿安﹝2022﹞88号）\n", "文号里的年份应写成“〔2022〕”，现在是“﹝2022﹞”"),
        (
            "表单: 教育培训记录",
            "表单: 教育培训纪录",
            "没有叫“教育培训纪录”的表单，先用通用记录，是不是想写“教育培训记录”？",
        ),
    ],
)
def test_what_real_notices_get_wrong_is_a_caution_and_stops_nothing(old: str, new: str, caution: str) -> None:
    found = review(DRAFT.replace(old, new, 1))
    assert found.definition is not None
    assert caution in [error.sentence for error in found.cautions]


def test_one_cause_is_told_once() -> None:
    broken = DRAFT.replace("  县局:       {层级", "  县级局:     {层级", 1)
    told = [error.sentence for error in review(broken).errors]
    assert len(told) == 2
    assert told[0].startswith("没有叫“县局”的对象或角色，是不是想写“县级局”？（另有")


LINES = DRAFT.splitlines()


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(LINES) - 1),
    st.sampled_from(["", "：", ":", "  ", "{", "]", '"', "&a ", "- ", "\t", "　", "x: y"]),
    st.data(),
)
def test_no_slip_of_the_keyboard_gives_anything_but_sentences_with_places(
    number: int, slip: str, data: st.DataObject
) -> None:
    line = LINES[number]
    at = data.draw(st.integers(0, len(line)))
    text = "\n".join([*LINES[:number], line[:at] + slip + line[at + len(slip) :], *LINES[number + 1 :]])
    found = review(text)
    for error in found.errors:
        assert 1 <= error.line <= len(LINES) + 1
        assert error.column >= 1
        assert any("一" <= letter <= "鿿" for letter in error.sentence)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_no_text_at_all_breaks_the_door(text: str) -> None:
    review(text)


def test_the_shipped_template_of_2023_has_neither_errors_nor_cautions() -> None:
    found = review(template_text("hazard-2023"))
    assert (found.errors, found.cautions) == ((), ())
