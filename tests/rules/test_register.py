"""A register's headings in every spelling, and what its cells may hold."""

import pytest

from campaigns.rules.directory.register import Column, RegisterSheet, read_lines, recognise, strange_words, tidy

LETTERS = "ABCDEFGH"


def sheet(*headings: str, rows: list[tuple[str, ...]]) -> RegisterSheet:
    """Return a sheet with its heading in row 1."""
    found, _ = recognise(headings)
    columns = tuple(Column(LETTERS[at], headings[at], *meaning) for at, meaning in found.items())
    numbered = tuple((n, dict(zip(LETTERS, row, strict=False))) for n, row in enumerate(rows, start=2))
    return RegisterSheet("名册", columns, numbered)


@pytest.mark.parametrize(
    ("heading", "fills"),
    [
        ("企业名称", "name"),
        ("单位名称", "name"),
        ("企业（单位）名称", "name"),
        ("企业 名称*", "name"),
        ("统一社会信用代码", "credit_code"),
        ("信用代码", "credit_code"),
        ("所在镇（街道）", "region"),
        ("乡镇", "region"),
        ("主要负责人", "principal"),
        ("法定代表人", "principal"),
        ("联系电话：", "phone"),
        ("是否有外包队伍", "有外包队伍"),
        ("单班入井人数", "单班入井人数"),
    ],
)
def test_a_heading_is_recognised_in_its_usual_spellings(heading: str, fills: str) -> None:
    found, ignored = recognise([heading])
    assert found[0][0] == fills
    assert ignored == []


@pytest.mark.parametrize("heading", ["序号", "备注", "有效期", "经度"])
def test_what_the_register_does_not_keep_is_named_and_left(heading: str) -> None:
    assert recognise([heading]) == ({}, [heading])


def test_blank_rows_are_passed_over_and_the_rest_keep_their_numbers() -> None:
    lines, problems = read_lines(sheet("企业名称", "行业", rows=[("甲", "非煤矿山"), ("", ""), ("乙", "")]))
    assert [(line.number, line.name) for line in lines] == [(2, "甲"), (4, "乙")]
    assert problems == ()


@pytest.mark.parametrize(
    "text", ["2023-5-1", "2023/05/01", "2023.5.1", "2023年5月1日", "20230501", "2023-05-01 00:00:00"]
)
def test_a_date_typed_as_text_is_read_in_every_usual_way(text: str) -> None:
    lines, problems = read_lines(sheet("企业名称", "纳入日期", rows=[("甲", text)]))
    assert (str(lines[0].since), problems) == ("2023-05-01", ())


@pytest.mark.parametrize(
    ("heading", "text", "sentence"),
    [
        ("纳入日期", "2023-02-30", "“2023-02-30”不是日期。"),
        ("纳入日期", "去年", "“去年”不是日期。"),
        ("是否有外包队伍", "两家", "看不懂“两家”。"),
        ("单班入井人数", "约30", "“单班入井人数”不是整数。"),
        ("行业", "很" * 31, "内容太长（31个字）。"),
        ("信用代码", "9.13715E+17", "信用代码被Excel存成了数字，后几位已经丢失。"),
    ],
)
def test_a_wrong_cell_is_named_by_its_address_with_what_to_write(heading: str, text: str, sentence: str) -> None:
    _, problems = read_lines(sheet("企业名称", heading, rows=[("甲", text)]))
    assert [(problem.cell, problem.sentence, problem.blocking) for problem in problems] == [("B2", sentence, True)]
    assert problems[0].advice


def test_an_empty_cell_of_an_attribute_says_nothing_and_no_takes_it_away() -> None:
    lines, problems = read_lines(sheet("企业名称", "是否有外包队伍", rows=[("甲", ""), ("乙", "否"), ("丙", "是")]))
    assert [dict(line.traits) for line in lines] == [{}, {"有外包队伍": False}, {"有外包队伍": True}]
    assert problems == ()


@pytest.mark.parametrize(("code", "kept"), [("91110000600037341", "91110000600037341"), ("9111000060003734199", None)])
def test_a_code_that_fails_its_check_warns_and_never_blocks(code: str, kept: str | None) -> None:
    lines, problems = read_lines(sheet("企业名称", "信用代码", rows=[("甲", code)]))
    assert lines[0].values["credit_code"] == kept
    assert [problem.blocking for problem in problems] == [False]


def test_a_right_code_is_kept_in_capitals_and_an_empty_one_is_allowed() -> None:
    lines, problems = read_lines(sheet("企业名称", "信用代码", rows=[("甲", "91110000600037341l"), ("乙", "")]))
    assert [line.values["credit_code"] for line in lines] == ["91110000600037341L", None]
    assert problems == ()


def test_the_same_enterprise_twice_points_back_to_the_first_row() -> None:
    _, problems = read_lines(sheet("企业名称", rows=[("甲",), ("乙",), ("甲",)]))
    assert [(problem.cell, problem.sentence) for problem in problems] == [("A4", "企业名称与第2行重复。")]


def test_a_word_that_nothing_selects_by_is_cautioned_about_once_and_kept() -> None:
    page = sheet("企业名称", "行业", rows=[("甲矿", "火星"), ("乙矿", "火星"), ("丙矿", "化工")])
    lines, _ = read_lines(page)
    (found,) = strange_words(page, lines, {"sector": {"化工", "非煤矿山"}})
    assert (found.cell, found.blocking, found.sentence) == (
        "B2",
        False,
        "名册和行动模板里都没有“火星”这种行业（共2行）。",
    )
    assert "化工、非煤矿山" in found.advice
    assert lines[0].values["sector"] == "火星"
    assert not list(strange_words(page, lines, {}))


def test_a_row_without_a_name_is_wrong() -> None:
    _, problems = read_lines(sheet("企业名称", "行业", rows=[("", "非煤矿山")]))
    assert problems[0].cell == "A2"


def test_invisible_letters_and_full_width_digits_are_tidied() -> None:
    assert tidy("\u3000鲁西\u200b矿业\r\n有限公司 \u202e") == "鲁西矿业 有限公司"
    assert tidy("１３８００００００００Ａ") == "13800000000A"
