"""A county's own hazard ledger: a title, headings in two rows with merged cells, blank rows, totals, dates of every kind."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from campaigns.documents.hazard_workbook import as_sheet, likely_year, read_layout
from campaigns.documents.sheet_marker import HEADING, marked
from campaigns.errors import Invalid
from campaigns.rules.files.formula_cells import NO_RESULT
from campaigns.rules.hazards.import_columns import guess
from campaigns.rules.hazards.import_rows import OldRows, read_rows
from campaigns.rules.states import HazardSource, HazardState
from tests.documents.test_register_workbook import workbook

TODAY = date(2023, 8, 1)
UPPER = ("序号", "单位名称", "检查日期", "检查类型", "存在的问题", "隐患级别")
LOWER = ("整改责任人", "整改措施", "整改资金（万元）", "整改期限", "应急预案", "整改完成情况")
ROWS: tuple[tuple[object, ...], ...] = (
    (1, "青山矿业尾矿库", "2023.6.5", "企业自查", "盖板破损", "一般",
     "张三", "更换", 3.5, "6月20日前", "停排", "已完成", "2023.6.18", "无"),
    (2, None, "6月5日", "执法检查", "干滩长度不足", "重大", None, None, None, "6月底", None, "整改中", None, None),
    (None,) * 14,
    (3, "茌平区白石铝业尾矿库有限公司", 45082, "部门检查", "坝体裂缝", "重大隐患",
     "李四", "灌浆", "0.5万", "2023/9/1", "撤人", "√", date(2023, 6, 30), "专家跟踪"),
    ("小计", 3),
    (4, "青山矿业尾矿库", "2023年6月7日", "督查", "护栏缺失", "一般", "王五", "补装", 0, 45200, "设警戒", "未完成", None, None),
    (5, "白石铝叶尾矿", "2023-13-05", "督查", "警示牌缺失", "？", None, None, None, None, None, "嗯嗯", None, None),
)  # fmt: skip


def ledger(rows: tuple[tuple[object, ...], ...] = ROWS) -> bytes:
    """Return 总台账 “最终版3.xlsx”."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "总台账"
    page["A1"] = "茌平区2023年非煤矿山隐患排查治理总台账"
    page.merge_cells("A1:N1")
    page["A2"] = "填报单位：茌平区应急管理局"
    for at, heading in enumerate((*UPPER, "整改情况", *[None] * 5, "完成时间", "备注"), start=1):
        page.cell(3, at, heading)
        if at < 7 or at > 12:
            page.merge_cells(start_row=3, end_row=4, start_column=at, end_column=at)
    page.merge_cells("G3:L3")
    for at, heading in enumerate(LOWER, start=7):
        page.cell(4, at, heading)
    for row in rows:
        page.append(row)
    page.merge_cells("B5:B6")
    page["E5"].fill = PatternFill("solid", fgColor="FFFF00")
    book.create_sheet("说明")
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def read(content: bytes) -> OldRows:
    layout = read_layout(content)
    letters = {name: get_column_letter(at + 1) for name, at in guess(layout.headings).items()}
    return read_rows(as_sheet(layout, letters), year=likely_year(layout, otherwise=2020), today=TODAY)


def test_the_table_is_found_below_its_title_with_both_rows_of_its_headings() -> None:
    layout = read_layout(ledger())
    assert (layout.sheet.name, layout.top, layout.depth, layout.first) == ("总台账", 3, 2, 5)
    assert layout.headings[6] == "整改情况/整改责任人"
    assert likely_year(layout, otherwise=2020) == 2023
    assert [layout.sample(at) for at in (1, 8)] == ["青山矿业尾矿库", "3.5"]
    corrected = read_layout(ledger(), name="总台账", top=4, depth=1)
    assert (corrected.top, corrected.headings[6]) == (4, "整改责任人")


def test_rows_become_hazards_and_what_they_lack_is_told_at_its_cell() -> None:
    rows = read(ledger())
    assert [(one.number, one.enterprise, one.found_on, one.source, one.major, one.state) for one in rows.hazards] == [
        (5, "青山矿业尾矿库", date(2023, 6, 5), HazardSource.SELF, False, HazardState.ARCHIVED),
        (6, "青山矿业尾矿库", date(2023, 6, 5), HazardSource.INSPECTION, True, HazardState.REGISTERED),
        (8, "茌平区白石铝业尾矿库有限公司", date(2023, 6, 5), HazardSource.INSPECTION, True, HazardState.RECTIFIED),
        (10, "青山矿业尾矿库", date(2023, 6, 7), HazardSource.INSPECTION, False, HazardState.RECTIFYING),
    ]
    assert rows.hazards[0].plan["funds"] == 35_000
    assert rows.hazards[0].closed_on == date(2023, 6, 18)
    assert "整改期限：6月底" in rows.hazards[1].description, "an incomplete plan stays in words"
    assert rows.hazards[3].plan["deadline_on"] == date(2023, 10, 1)
    assert rows.passed_over == 2
    assert {problem.cell: problem.blocking for problem in rows.problems} == {
        "L8": False,
        "C11": True,
        "F11": True,
        "L11": True,
    }


def test_a_formula_is_read_as_what_it_came_to_and_never_kept() -> None:
    rows = read(
        workbook(("企业名称", "隐患内容", "发现日期"), ("青山", "=1+1", "2023.6.5"), ("青山", "坝体=裂缝", "2023.6.5"))
    )
    assert [one.title for one in rows.hazards] == ["坝体=裂缝"]
    assert [(one.cell, one.sentence, one.blocking) for one in rows.problems] == [("B2", NO_RESULT, True)]


def test_a_formula_in_place_of_the_enterprise_is_not_carried_to_the_row_below() -> None:
    rows = read(workbook(("企业名称", "隐患内容", "发现日期"), ("=A9", "裂缝", "2023.6.5"), (None, "渗水", "2023.6.5")))
    assert [(one.cell, one.sentence) for one in rows.problems] == [("A2", NO_RESULT), ("A3", "没有写企业。")]


def test_a_long_finding_keeps_its_whole_text_and_a_find_of_tomorrow_is_refused() -> None:
    content = workbook(
        ("企业名称", "隐患内容", "发现日期"), ("青山", "长" * 200, "2023.6.5"), ("青山", "短", "2023.9.5")
    )
    rows = read(content)
    assert len(rows.hazards[0].title) == 120
    assert "长" * 200 in rows.hazards[0].description
    assert "请核对年份" in rows.problems[0].advice


def test_what_is_no_ledger_says_which_headings_it_needs() -> None:
    with pytest.raises(Invalid, match="没有找到隐患台账的表头") as refused:
        read_layout(workbook(("甲", "乙"), ("丙", "丁")))
    assert "隐患内容" in refused.value.fields["file"]


def test_mistakes_go_into_his_own_workbook_and_his_formats_stay() -> None:
    said = {"sheet": "总台账", "heading_row": 3, "cells": {"C11": "不是日期", "B6": "合并"}, "rows": {11: "=不是日期"}}
    content = marked(ledger(), **said)  # type: ignore[arg-type]
    assert content is not None
    book = openpyxl.load_workbook(BytesIO(content))
    page = book["总台账"]
    assert (page["O3"].value, page["O11"].value, page["O11"].data_type) == (HEADING, "=不是日期", "s")
    assert page["C11"].comment is not None
    assert page["E5"].fill.fgColor.rgb == "00FFFF00"
    assert "A1:N1" in [str(one) for one in page.merged_cells.ranges]
    assert book.sheetnames == ["总台账", "说明"]
    assert marked(b"\xd0\xcf\x11\xe0", **said) is None  # type: ignore[arg-type]
