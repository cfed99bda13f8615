"""Reading somebody else's workbook: weighed first, then read by a child process with little memory and little time.

An xlsx of 1 MB can unpack to 250 MB, and one far-off cell makes a reader lay out the whole grid between. The archive's real
sizes are counted by unpacking it (its own figures may lie), and the child is what pays if a file is worse than it looks.
"""

import resource
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import orjson

from campaigns.documents.formula_finder import formulas
from campaigns.errors import Invalid
from campaigns.rules.files import archives

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 50 * 1024 * 1024
MOST_ENTRIES = 500
MOST_ROWS, MOST_COLUMNS = 30_000, 80
MOST_MERGED = 20_000
MEMORY = 600 * 1024 * 1024
SECONDS = 30
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"
_ADVICE = "请用 Excel 或 WPS 另存为 .xlsx 后重新上传。"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name and its rows of texts, from the first row and column on. Dates are 2023-05-01.

    `merged` are its merged cells as (first row, first column, last row, last column), from 0; only the first cell has the text.
    A formula is what it last came to; one without a usable result is itself, “=…”.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()


def read_workbook(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of an uploaded .xlsx or .xls; raises Invalid with what to do instead."""
    weigh(content)
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "campaigns.documents.sheet_reader"],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd=Path(__file__).parents[2],
        )
    except subprocess.TimeoutExpired:
        raise _refused("这个文件读了半分钟还没有读完，没有导入。") from None
    if answer.returncode != 0:
        raise _refused("这个文件读不出来，可能已损坏、有密码，或者不是表格。")
    return tuple(
        Sheet(name, tuple(map(tuple, rows)), tuple(map(tuple, merged)))
        for name, rows, merged in orjson.loads(answer.stdout)
    )


def weigh(content: bytes) -> None:
    """Raise Invalid if the file is too large, packs suspiciously well, or is no workbook at all."""
    if len(content) > LARGEST_FILE:
        raise _refused(f"文件超过{LARGEST_FILE >> 20}MB，没有导入。", "请拆成几个文件分别导入。")
    if content.startswith(_OLD_EXCEL):
        return
    if not content.startswith(_ZIP):
        raise _refused("这不是 Excel 文件。")
    try:
        archives.weigh(content, largest=LARGEST_UNPACKED, most_parts=MOST_ENTRIES)
    except archives.Suspicious as why:
        raise _refused(f"{why}，没有导入。") from None


def _refused(sentence: str, advice: str = _ADVICE) -> Invalid:
    return Invalid(sentence, fields={"file": sentence}, kept="名册没有改动。", advice=advice)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return str(value).removesuffix(" 00:00:00").strip()


def _with_formulas(rows: list[list[str]], content: bytes, sheet: str) -> list[list[str]]:
    """Put formulas without a result where readers see an empty cell, or no row at all."""
    if not content.startswith(_ZIP):
        return rows
    with ZipFile(BytesIO(content)) as book:
        for row, column, formula in formulas(book, sheet):
            if row <= MOST_ROWS and column < MOST_COLUMNS:
                rows += [[] for _ in range(row + 1 - len(rows))]
                rows[row] += [""] * (column + 1 - len(rows[row]))
                rows[row][column] = formula
    return rows


def main() -> None:
    """Be the child: read a workbook from standard input and write its sheets' texts as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from python_calamine import CalamineWorkbook  # only the child needs it, and under its limits

    content = sys.stdin.buffer.read()
    workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    sheets = []
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + 1)
        merged = [(*first, *last) for first, last in (sheet.merged_cell_ranges or ())[:MOST_MERGED]]
        texts = [[_text(value) for value in row[:MOST_COLUMNS]] for row in rows]
        sheets.append((name, _with_formulas(texts, content, name), merged))
    sys.stdout.buffer.write(orjson.dumps(sheets))


if __name__ == "__main__":
    main()
