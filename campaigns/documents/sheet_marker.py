"""Writing what is wrong into somebody's own workbook: a column at the end, a comment and a colour on each cell.

openpyxl lays a whole workbook out in memory, so a child process with bounds does it, as with reading. It keeps what it knows:
formats, widths, merged cells, other sheets; pictures and charts are lost, and his own file is not touched.
"""

import resource
import subprocess
import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import orjson

HEADING = "导入检查"
MEMORY = 1_500 * 1024 * 1024
SECONDS = 120
_SIZE = 8
_ZIP = b"PK"


def marked(
    content: bytes, *, sheet: str, heading_row: int, cells: Mapping[str, str], rows: Mapping[int, str]
) -> bytes | None:
    """Return the workbook with `cells` (address → words) commented and `rows` (number → words) told in a last column.

    None when it cannot be done: an .xls, or more than the bounds allow. The caller then gives the rows as a table of its own.
    """
    if not content.startswith(_ZIP):
        return None
    asked = orjson.dumps(
        {
            "sheet": sheet,
            "heading_row": heading_row,
            "cells": cells,
            "rows": {str(row): words for row, words in rows.items()},
        }
    )
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "campaigns.documents.sheet_marker"],
            input=len(asked).to_bytes(_SIZE, "big") + asked + content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd=Path(__file__).parents[2],
        )
    except subprocess.TimeoutExpired:
        return None
    return answer.stdout if answer.returncode == 0 else None


def main() -> None:
    """Be the child: read what to say and the workbook from standard input, write the marked one."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from openpyxl import load_workbook  # only the child needs it, and under its limits

    sent = sys.stdin.buffer.read()
    end = _SIZE + int.from_bytes(sent[:_SIZE], "big")
    asked = orjson.loads(sent[_SIZE:end])
    book = load_workbook(BytesIO(sent[end:]))
    _mark(book[asked["sheet"]], asked)
    output = BytesIO()
    book.save(output)
    sys.stdout.buffer.write(output.getvalue())


def _mark(page: object, asked: Mapping[str, Mapping[str, str]]) -> None:
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.worksheet import Worksheet

    assert isinstance(page, Worksheet)
    last = page.max_column + 1
    look = PatternFill("solid", fgColor="FDE2E1")
    page.cell(int(str(asked["heading_row"])), last, HEADING)
    for address, words in asked["cells"].items():
        cell = page[address]
        if not isinstance(cell, MergedCell):
            cell.comment = Comment(words, HEADING, width=320, height=120)
            cell.fill = look
    for row, words in asked["rows"].items():
        cell = page.cell(int(row), last)
        cell.value = words
        cell.data_type = "s"  # never a formula, whatever it begins with
        cell.fill, cell.alignment = look, Alignment(wrap_text=True, vertical="top")
    page.column_dimensions[get_column_letter(last)].width = 60


if __name__ == "__main__":
    main()
