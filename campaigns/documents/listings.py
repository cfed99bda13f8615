"""A listing as CSV or xlsx, written row by row, with cells that no spreadsheet can take for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import xlsxwriter

from campaigns.clock import local
from campaigns.documents.progress_table import INERT

BOM = "\ufeff"
"""Excel takes a CSV without it for the code page of a Chinese Windows."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PIECE = 64 * 1024
MOST_ROWS = 1_048_575
_HEAD = {"bold": True, "border": 1, "bg_color": "#E8EEF5", "text_wrap": True}


def csv_pieces(headings: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """Yield a CSV in pieces of some 64 KB. Words that would begin a formula get an apostrophe before them."""
    buffer = StringIO(BOM)
    buffer.seek(0, 2)
    writer = csv.writer(buffer)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([inert(value) for value in row])
        if buffer.tell() >= PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def inert(value: Any) -> str | float:
    """Return what a cell shows: dates and Beijing times in words that sort, 是/否, and no formula."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return value
    words = _words(value)
    return f"'{words}" if words.lstrip().startswith(DANGEROUS) or words.startswith(DANGEROUS) else words


def write_workbook(path: Path, title: str, headings: Sequence[str], rows: Iterable[Iterable[Any]]) -> int:
    """Write an xlsx with flat memory, each row leaving for the disk as the next begins; return how many rows it has."""
    count = 0
    book = xlsxwriter.Workbook(str(path), INERT | {"in_memory": False, "constant_memory": True})
    page = book.add_worksheet(title[:31])
    page.freeze_panes(1, 1)
    page.set_column(0, len(headings) - 1, 16)
    page.write_row(0, 0, headings, book.add_format(_HEAD))
    for count, row in enumerate(rows, start=1):
        if count > MOST_ROWS:
            break
        for column, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                page.write_number(count, column, value)
            else:
                page.write_string(count, column, str(inert(value)) if isinstance(value, bool) else _words(value))
    book.close()
    return min(count, MOST_ROWS)


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if isinstance(value, date) else str(value)
