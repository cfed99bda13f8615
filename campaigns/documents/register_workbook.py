"""The register as a workbook: read with its headings wherever they stand, given back with its mistakes marked, or empty."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import xlsxwriter
from openpyxl.utils import get_column_letter

from campaigns.documents.progress_table import INERT
from campaigns.documents.sheet_reader import MOST_ROWS, Sheet, read_workbook
from campaigns.errors import Invalid
from campaigns.rules.directory.register import HEADINGS, Column, Problem, RegisterSheet, recognise, tidy

SEARCHED_ROWS = 10
REMARKS = "导入检查"
EXAMPLE: Mapping[str, str] = {
    "name": "示例：某某矿业有限公司（导入前请删除本行）",
    "credit_code": "",
    "region": "某某镇",
    "sector": "非煤矿山",
    "category": "尾矿库",
    "status": "正常生产",
    "principal": "张三",
    "phone": "13800000000",
    "since": "2023-05-01",
}
TRAITS = ("是否有外包队伍",)
_BAD = {"bg_color": "#FDE2E1", "border": 1, "text_wrap": True, "valign": "top"}
_WARNED = _BAD | {"bg_color": "#FFF3CD"}
_PLAIN = {"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"}
_HEAD = {"border": 1, "bold": True, "bg_color": "#E8EEF5", "text_wrap": True, "valign": "vcenter"}


def read_register(content: bytes) -> RegisterSheet:
    """Return the first sheet that has a column of enterprise names; raises Invalid when none has."""
    for sheet in read_workbook(content):
        if (found := _register(sheet)) is not None:
            return found
    sentence = f"没有找到企业名称这一列（只看每个工作表的前{SEARCHED_ROWS}行）。"
    raise Invalid(
        sentence,
        fields={"file": sentence},
        kept="名册没有改动。",
        advice="请把表头写成“企业名称”，或下载模板填写。",
    )


def _register(sheet: Sheet) -> RegisterSheet | None:
    for position, headings in enumerate(sheet.rows[:SEARCHED_ROWS]):
        found, ignored = recognise(headings)
        if ("name", False) in found.values() and len(found) > 1:
            columns = tuple(
                Column(get_column_letter(at + 1), tidy(headings[at]), fills, is_trait)
                for at, (fills, is_trait) in found.items()
            )
            return RegisterSheet(sheet.name, columns, _rows(sheet, position + 1), tuple(ignored))
    return None


def _rows(sheet: Sheet, first: int) -> tuple[tuple[int, dict[str, str]], ...]:
    if len(sheet.rows) > MOST_ROWS:
        sentence = f"“{sheet.name}”超过{MOST_ROWS}行，没有导入。"
        raise Invalid(sentence, fields={"file": sentence}, kept="名册没有改动。", advice="请按乡镇拆成几个文件。")
    return tuple(
        (number, {get_column_letter(at + 1): tidy(text) for at, text in enumerate(row) if text})
        for number, row in enumerate(sheet.rows[first:], start=first + 1)
    )


def annotated(sheet: RegisterSheet, problems: Iterable[Problem]) -> bytes:
    """Return the rows as they were, each wrong cell coloured with its sentence beside it and at the row's end."""
    said: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        said[problem.cell].append(problem)
    output = BytesIO()
    with xlsxwriter.Workbook(output, INERT) as book:
        page = book.add_worksheet(REMARKS)
        formats = {
            name: book.add_format(look) for name, look in (("bad", _BAD), ("warned", _WARNED), ("plain", _PLAIN))
        }
        headings = [column.heading for column in sheet.columns]
        page.write_row(0, 0, ["原行号", *headings, "请修改"], book.add_format(_HEAD))
        for row, (number, cells) in enumerate(((n, c) for n, c in sheet.rows if any(c.values())), start=1):
            _write_row(page, row, number, cells, sheet.columns, said, formats)
        page.freeze_panes(1, 2)
        page.set_column(1, len(headings), 18)
        page.set_column(len(headings) + 1, len(headings) + 1, 60)
    return output.getvalue()


def _write_row(
    page: Any,
    row: int,
    number: int,
    cells: Mapping[str, str],
    columns: Iterable[Column],
    said: Mapping[str, list[Problem]],
    formats: Mapping[str, Any],
) -> None:
    page.write_number(row, 0, number, formats["plain"])
    remarks, at = [], 0
    for at, column in enumerate(columns, start=1):
        wrong = said.get(f"{column.letter}{number}", [])
        look = "plain" if not wrong else "bad" if any(one.blocking for one in wrong) else "warned"
        page.write_string(row, at, cells.get(column.letter, ""), formats[look])
        words = "\n".join(f"{one.sentence}{one.advice}" for one in wrong)
        if words:
            page.write_comment(row, at, words)
            remarks.append(f"{column.heading}（{column.letter}{number}）：{words}")
    page.write_string(row, at + 1, "\n".join(remarks), formats["bad" if remarks else "plain"])


def template() -> bytes:
    """Return an empty register with our headings, one example line, and every cell as text so that no code loses digits."""
    output = BytesIO()
    with xlsxwriter.Workbook(output, INERT) as book:
        page = book.add_worksheet("企业名册")
        names = [*HEADINGS]
        page.write_row(0, 0, [*(HEADINGS[name][0] for name in names), *TRAITS], book.add_format(_HEAD))
        page.write_row(1, 0, [*(EXAMPLE.get(name, "") for name in names), "否"], book.add_format(_PLAIN))
        page.set_column(0, len(names) + len(TRAITS), 20, book.add_format({"num_format": "@"}))
        page.freeze_panes(1, 1)
    return output.getvalue()
