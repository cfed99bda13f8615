"""判定标准 in Excel: clauses as they stand, every mistake at its cell, and a set whole or not at all."""

from datetime import date

import pytest

from campaigns.errors import Invalid
from campaigns.rules.files.formula_cells import NO_RESULT
from campaigns.rules.hazards.criteria import shortened, why_not_in_force
from campaigns.rules.hazards.criteria_sheet import (
    Clause,
    ClauseSheet,
    fingerprint,
    placed,
    read_clauses,
    read_head,
    recognise,
)

PARTS = ("地下矿山", "尾矿库")
LETTERS = {"article": "A", "item": "B", "words": "C", "part": "D"}
HEAD = {
    "number": "样例〔2023〕1号",
    "title": "样例判定标准",
    "issued_on": "2023-01-01",
    "in_force_on": "2023-02-01",
    "sectors": "非煤矿山，金属冶炼",
    "parts": "地下矿山、尾矿库",
}


def sheet(*rows: tuple[str, str, str, str]) -> ClauseSheet:
    numbered = enumerate((dict(zip(LETTERS, row, strict=True)) for row in rows), start=2)
    return ClauseSheet("判定标准", LETTERS, tuple(numbered))


def problems(*rows: tuple[str, str, str, str], parts: tuple[str, ...] = PARTS) -> list[tuple[str, str]]:
    return [(problem.cell, problem.sentence) for problem in read_clauses(sheet(*rows), parts)[1]]


def test_empty_cells_go_on_from_the_row_above() -> None:
    clauses, wrong = read_clauses(
        sheet(
            ("（一）", "", "甲情形", "尾矿库"),
            ("（二）", "1", "乙情形之一", ""),
            ("", "2", "乙情形之二", ""),
            ("", "", "", ""),
            ("（一）", "", "丙情形", "地下矿山"),
        ),
        PARTS,
    )
    assert wrong == ()
    assert clauses == (
        Clause("尾矿库", "尾矿库（一）", "甲情形"),
        Clause("尾矿库", "尾矿库（二）1", "乙情形之一"),
        Clause("尾矿库", "尾矿库（二）2", "乙情形之二"),
        Clause("地下矿山", "地下矿山（一）", "丙情形"),
    )


def test_one_row_may_apply_to_several_parts_and_a_set_may_have_none() -> None:
    clauses, _ = read_clauses(sheet(("（一）", "", "甲情形", "地下矿山、尾矿库")), PARTS)
    assert [clause.place for clause in clauses] == ["地下矿山（一）", "尾矿库（一）"]
    clauses, wrong = read_clauses(sheet(("3", "2", "甲情形", "")), ())
    assert (clauses[0].place, clauses[0].part, wrong) == ("第3条第2款", "", ())


@pytest.mark.parametrize(
    ("row", "cell", "sentence"),
    [
        (("", "", "甲情形", "尾矿库"), "A2", "这一行没有写是哪一条。"),
        (("（一）", "", "", "尾矿库"), "C2", "这一条没有内容。"),
        (("（一）", "", "甲" * 2001, "尾矿库"), "C2", "内容太长（2001个字）。"),
        (("（一）", "", "甲情形", ""), "D2", "没有写适用哪一部分。"),
        (("（一）", "", "甲情形", "露天矿山"), "D2", "这一套没有“露天矿山”这个部分。"),
        (("坝体出现贯穿性横向裂缝且", "", "甲情形", "尾矿库"), "A2", "“坝体出现贯穿性横向裂缝且…”不像条款号。"),
    ],
)
def test_a_mistake_is_told_at_its_cell(row: tuple[str, str, str, str], cell: str, sentence: str) -> None:
    assert problems(row) == [(cell, sentence)]


def test_a_formula_is_no_clause() -> None:
    assert problems(("（一）", "1", "=B9", "通用")) == [("C2", NO_RESULT)]


def test_the_same_place_twice_and_an_empty_sheet_are_mistakes() -> None:
    assert problems(("（一）", "", "甲", "尾矿库"), ("（一）", "", "乙", "尾矿库")) == [
        ("A3", "“尾矿库（一）”和第2行重复。")
    ]
    assert problems(("", "", "", "")) == [("C1", "表里一条也没有。")]


def test_a_second_row_without_article_or_item_is_no_clause() -> None:
    assert problems(("（一）", "", "甲", "尾矿库"), ("", "", "乙", "")) == [("A3", "这一行没有写是哪一条。")]


def test_the_headings_are_recognised_in_any_order() -> None:
    assert recognise(["序号", "适用范围", "条 号", "内容", "款"]) == {"part": 1, "article": 2, "words": 3, "item": 4}
    assert recognise(["序号", "内容"]) == {}


@pytest.mark.parametrize(
    ("article", "item", "place"),
    [
        ("（一）", "", "（一）"),
        ("（一）", "1", "（一）1"),
        ("3", "", "第3条"),
        ("3", "2", "第3条第2款"),
        ("第三条", "（二）", "第三条（二）"),
    ],
)
def test_a_place_reads_as_it_is_cited(article: str, item: str, place: str) -> None:
    assert placed(article, item) == place


def test_the_head_is_read_and_its_mistakes_stand_beside_their_blanks() -> None:
    head = read_head(HEAD)
    assert (head.sectors, head.parts, head.ended_on) == (("非煤矿山", "金属冶炼"), ("地下矿山", "尾矿库"), None)
    wrong = {"number": "", "in_force_on": "2022-12-31", "ended_on": "2022-12-01", "sectors": "、"}
    with pytest.raises(Invalid) as refused:
        read_head(HEAD | wrong)
    assert refused.value.fields == {
        "number": "请写文号。",
        "in_force_on": "施行日期不能早于印发日期。",
        "ended_on": "停止施行的日期不能早于施行日期。",
        "sectors": "请写适用的行业。",
    }
    with pytest.raises(Invalid) as undated:
        read_head(HEAD | {"issued_on": "去年", "title": "长" * 121, "parts": "部" * 21})
    assert set(undated.value.fields) == {"issued_on", "title", "parts"}


def test_a_set_holds_from_its_first_to_its_last_day() -> None:
    starts, ends = date(2022, 9, 1), date(2024, 8, 31)
    assert why_not_in_force(date(2022, 8, 31), starts=starts, ends=ends) == "发现那天还没有施行"
    assert why_not_in_force(starts, starts=starts, ends=ends) == ""
    assert why_not_in_force(ends, starts=starts, ends=ends) == ""
    assert why_not_in_force(date(2024, 9, 1), starts=starts, ends=ends) == "发现那天已经停止施行"


def test_a_long_clause_is_shortened_on_the_hazards_line() -> None:
    assert shortened("样例〔2023〕1号", "尾矿库（一）", "甲情形") == "样例〔2023〕1号 尾矿库（一）：甲情形"
    assert len(shortened("样例〔2023〕1号", "尾矿库（一）", "长" * 500)) == 200


def test_a_changed_letter_changes_the_fingerprint() -> None:
    head, clauses = read_head(HEAD), [Clause("尾矿库", "尾矿库（一）", "甲")]
    assert fingerprint(head, clauses) != fingerprint(head, [Clause("尾矿库", "尾矿库（一）", "乙")])
    assert fingerprint(head, clauses) != fingerprint(read_head(HEAD | {"title": "样例"}), clauses)
