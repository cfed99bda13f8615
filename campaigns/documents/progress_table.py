"""The 进展情况调度表 (or any report) as an Excel file that looks like the paper the superior sent."""

from datetime import UTC, date, datetime, time
from io import BytesIO
from math import ceil
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from campaigns.definition.report_form import Layout, ReportForm
from campaigns.documents.paper import NO_WORDS, Block, Paper, Words, paper
from campaigns.rules.reporting.indicators import Figures

# What is typed stays what was typed: nothing becomes a formula, a link or a number behind the reader's back.
INERT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FONT = "宋体"
HEADING = {"font_name": "方正小标宋简体", "font_size": 18, "align": "center", "valign": "vcenter", "text_wrap": True}
LINE = {"font_name": FONT, "font_size": 11, "align": "left", "valign": "vcenter"}
BOXED = {"font_name": FONT, "font_size": 11, "valign": "vcenter", "border": 1, "text_wrap": True}
ALIGNED = {"label": "center", "number": "center", "title": "left", "value": "center"}
PAPER_SIZE = {"A4纵": (9, False), "A4横": (9, True), "A3横": (8, True)}
NUMBER_WIDTH, TITLE_WIDTH, VALUE_WIDTH = 5, 34, 12
HEADING_ROWS = 2
LINE_HEIGHT = 15
MOST_LINES = 27  # a row of a spreadsheet is 409 points high at most


def workbook(form: ReportForm, figures: Figures, *, as_of: date, words: Words = NO_WORDS, sheet: str = "") -> bytes:
    """Return the xlsx of one period: title, date line, then the grid with its merged labels.

    `as_of` is the cut-off day printed in “时间：2023年5月25日” and the file's only date, so that the same figures always
    give the same bytes.
    """
    laid_out = paper(form, figures, as_of=as_of, words=words)
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, INERT)
    book.set_properties({"title": form.title, "created": datetime.combine(as_of, time(), UTC)})
    page = book.add_worksheet(sheet or "调度表")
    _set_up(page, form.layout, laid_out)
    _write_heading(page, laid_out, book.add_format(HEADING), book.add_format(LINE))
    formats = {kind: book.add_format({**BOXED, "align": align}) for kind, align in ALIGNED.items()}
    for block in laid_out.blocks:
        _write(page, block, formats[block.kind])
    _write_signatures(page, laid_out, book.add_format(LINE))
    book.close()
    return buffer.getvalue()


def _set_up(page: Worksheet, layout: Layout, laid_out: Paper) -> None:
    size, landscape = PAPER_SIZE[layout.paper]
    page.set_paper(size)
    if landscape:
        page.set_landscape()
    # A paper form is one sheet; what is written in words, or a list, may go on.
    page.fit_to_pages(1, 1 if layout.kind == "成对" else 0)
    page.center_horizontally()
    for column, width in enumerate(_widths(layout, laid_out.columns)):
        page.set_column(column, column, width)
    page.set_row(0, 40)
    for row, lines in _lines_in_rows(laid_out, _widths(layout, laid_out.columns)).items():
        page.set_row(HEADING_ROWS + row, LINE_HEIGHT * max(lines, 2))


def _lines_in_rows(laid_out: Paper, widths: tuple[int, ...]) -> dict[int, int]:
    """Count the lines of each row's longest text: a spreadsheet does not grow rows that a program wrote."""
    lines = dict.fromkeys(range(laid_out.rows), 1)
    for block in laid_out.blocks:
        if block.rows * block.columns == 1:
            paragraphs = str(block.content or "").splitlines() or [""]
            high = sum(max(ceil(_wide(each) / (widths[block.column] - 1)), 1) for each in paragraphs)
            lines[block.row] = min(max(lines[block.row], high), MOST_LINES)
    return lines


def _wide(text: str) -> int:
    return sum(1 + (east_asian_width(letter) in "WFA") for letter in text)


def _widths(layout: Layout, columns: int) -> tuple[int, ...]:
    usual = (VALUE_WIDTH, *(NUMBER_WIDTH, TITLE_WIDTH, VALUE_WIDTH) * columns)
    return (*layout.widths, *usual[len(layout.widths) :])[:columns]


def _write_heading(page: Worksheet, laid_out: Paper, heading: Format, line: Format) -> None:
    last = laid_out.columns - 1
    page.merge_range(0, 0, 0, last, laid_out.title, heading)
    page.merge_range(1, 0, 1, last, laid_out.date_line, line)


def _write(page: Worksheet, block: Block, style: Format) -> None:
    row, column = HEADING_ROWS + block.row, block.column
    if block.rows * block.columns > 1:
        page.merge_range(row, column, row + block.rows - 1, column + block.columns - 1, block.content, style)
    else:
        _put(page, row, column, block.content, style)


def _put(page: Worksheet, row: int, column: int, content: Any, style: Format) -> None:
    if content is None:
        page.write_blank(row, column, None, style)
    elif isinstance(content, str):
        page.write_string(row, column, content, style)
    else:
        page.write_number(row, column, content, style)


def _write_signatures(page: Worksheet, laid_out: Paper, line: Format) -> None:
    if laid_out.signatures:
        text = "　　　　　　".join(f"{name}：" for name in laid_out.signatures)
        row = HEADING_ROWS + laid_out.rows
        page.merge_range(row, 0, row, laid_out.columns - 1, text, line)
