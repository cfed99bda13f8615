"""判定标准 as a workbook: one sheet with 条, 款, 内容, 适用, read wherever its headings stand; or an empty one to fill in."""

from collections.abc import Iterable
from io import BytesIO

import xlsxwriter
from openpyxl.utils import get_column_letter

from campaigns.documents.progress_table import INERT
from campaigns.documents.sheet_reader import Sheet, read_workbook
from campaigns.errors import Invalid
from campaigns.rules.directory.register import tidy
from campaigns.rules.hazards.criteria_sheet import HEADINGS, ClauseSheet, recognise

SEARCHED_ROWS = 10
MOST_CLAUSES = 2000
_KEPT = "判定标准没有改动。"


def read_clause_sheet(content: bytes) -> ClauseSheet:
    """Return the first sheet that has 条 and 内容; raises Invalid when none has, or when it is far too long."""
    for sheet in read_workbook(content):
        if found := _clause_sheet(sheet):
            return found
    sentence = f"没有找到“条”和“内容”两列（只看每个工作表的前{SEARCHED_ROWS}行）。"
    raise Invalid(sentence, fields={"file": sentence}, kept=_KEPT, advice="请下载模板填写。")


def _clause_sheet(sheet: Sheet) -> ClauseSheet | None:
    for at, headings in enumerate(sheet.rows[:SEARCHED_ROWS]):
        if columns := recognise(headings):
            body = sheet.rows[at + 1 :]
            if len(body) > MOST_CLAUSES:
                sentence = f"“{sheet.name}”超过{MOST_CLAUSES}行，不像一套判定标准。"
                raise Invalid(sentence, fields={"file": sentence}, kept=_KEPT, advice="请核对是不是选错了文件。")
            letters = {name: get_column_letter(position + 1) for name, position in columns.items()}
            rows = tuple(
                (number, {name: tidy(row[position]) for name, position in columns.items() if position < len(row)})
                for number, row in enumerate(body, start=at + 2)
            )
            return ClauseSheet(sheet.name, letters, rows)
    return None


def clause_template(parts: Iterable[str] = ()) -> bytes:
    """Return an empty sheet with our headings; every cell is text, and 适用 offers the set's parts."""
    output, names = BytesIO(), list(parts)
    with xlsxwriter.Workbook(output, INERT) as book:
        page = book.add_worksheet("判定标准")
        plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        page.write_row(0, 0, [headings[0] for headings in HEADINGS.values()], book.add_format({"bold": True}))
        for column, width in enumerate((10, 8, 90, 16)):
            page.set_column(column, column, width, plain)
        if names:
            page.data_validation(1, 3, MOST_CLAUSES, 3, {"validate": "list", "source": names, "error_type": "warning"})
        page.freeze_panes(1, 0)
    return output.getvalue()
