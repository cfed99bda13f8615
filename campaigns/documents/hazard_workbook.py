"""An old hazard ledger as it comes: which sheet, where its headings stand, which cells are merged; and its rows as texts.

Headings may take two rows (整改情况 over 措施, 资金, 时限) below a title of any height. What is recognised is shown and may be
corrected: the first row of the headings and how many there are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from campaigns.documents.sheet_reader import MOST_ROWS, Sheet, read_workbook
from campaigns.errors import Invalid
from campaigns.rules.directory.register import Column, RegisterSheet, tidy
from campaigns.rules.hazards.import_columns import WANTED, guess

SEARCHED_ROWS = 15
DEEPEST = 2
LONGEST_HEADING = 40
_KEPT = "没有登记任何隐患。"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table of a sheet stands: the first row of its headings (from 1), how many rows they take, and what they say.

    `headings` are by position, two rows joined by “/”; `above` is what stands over the table.
    """

    sheet: Sheet
    names: tuple[str, ...]
    top: int
    depth: int
    headings: tuple[str, ...]
    above: str

    @property
    def first(self) -> int:
        """The number of the first row below the headings."""
        return self.top + self.depth

    def sample(self, position: int) -> str:
        """Return the first text that stands in a column, for a person to recognise it by."""
        rows = self.sheet.rows[self.first - 1 : self.first + 200]
        return next(
            (tidy(row[position])[:LONGEST_HEADING] for row in rows if position < len(row) and row[position]), ""
        )


def read_layout(content: bytes, *, name: str = "", top: int = 0, depth: int = 0) -> Layout:
    """Return the layout of the sheet `name` with its headings at `top`, or of whatever looks most like a hazard ledger.

    Raises Invalid when no sheet has headings that could be a ledger's.
    """
    sheets = [_filled(sheet) for sheet in read_workbook(content)]
    names = tuple(sheet.name for sheet in sheets)
    chosen = [sheet for sheet in sheets if sheet.name == name] or sheets
    if name and top and chosen[0].name == name:
        depth = min(max(depth, 1), DEEPEST)
        return _layout(chosen[0], names, min(top, max(len(chosen[0].rows), 1)), depth)
    found = [(score, layout) for sheet in chosen for score, layout in _candidates(sheet, names)]
    score, best = max(found, key=lambda pair: pair[0], default=(0, None))
    if best is None or score < 2:
        sentence = f"没有找到隐患台账的表头（只看每个工作表的前{SEARCHED_ROWS}行）。"
        advice = "请核对文件；表头里至少要有“企业名称”“隐患内容”这样的列。"
        raise Invalid(sentence, fields={"file": sentence + advice}, kept=_KEPT, advice=advice)
    return best


def _candidates(sheet: Sheet, names: tuple[str, ...]) -> list[tuple[int, Layout]]:
    """Return every place where the headings could stand, with how many columns are understood there."""
    tried = [
        _layout(sheet, names, top, depth)
        for top in range(1, min(SEARCHED_ROWS, len(sheet.rows)) + 1)
        for depth in range(DEEPEST, 0, -1)
        if depth == 1 or _is_second(sheet, top)
    ]
    return [(len(guess(layout.headings)), layout) for layout in tried]


def _is_second(sheet: Sheet, top: int) -> bool:
    """Whether the row below belongs to the headings: merged cells of the upper one spread over it or stand above it."""
    return any(
        first <= top - 1 <= last and (last > top - 1 or right > left) for first, left, last, right in sheet.merged
    )


def _layout(sheet: Sheet, names: tuple[str, ...], top: int, depth: int) -> Layout:
    rows = sheet.rows[top - 1 : top - 1 + depth]
    width = max((len(row) for row in rows), default=0)
    headings = tuple(_heading([row[at] if at < len(row) else "" for row in rows]) for at in range(width))
    above = " ".join(dict.fromkeys(tidy(text) for row in sheet.rows[: top - 1] for text in row if text))
    return Layout(sheet, names, top, depth, headings, above[:200])


def _heading(parts: Sequence[str]) -> str:
    words = dict.fromkeys(tidy(part) for part in parts if part)
    return "/".join(words)[:LONGEST_HEADING]


def _filled(sheet: Sheet) -> Sheet:
    """Give every cell of a merged one its text: sideways in headings only, downwards everywhere (one enterprise, many rows)."""
    rows = [list(row) for row in sheet.rows]
    for first, left, last, right in sheet.merged:
        text = rows[first][left] if first < len(rows) and left < len(rows[first]) else ""
        if not text or (right > left and (first >= SEARCHED_ROWS or right - left > len(rows[first]) - 3)):
            continue
        for row in rows[first : last + 1]:
            row[left : right + 1] = [text] * len(row[left : right + 1])
    return Sheet(sheet.name, tuple(map(tuple, rows)), sheet.merged)


def as_sheet(layout: Layout, chosen: Mapping[str, str]) -> RegisterSheet:
    """Return the table with what each column holds; `chosen` is field → letter; a column nobody chose `fills` nothing."""
    if len(layout.sheet.rows) > MOST_ROWS:
        sentence = f"“{layout.sheet.name}”超过{MOST_ROWS}行，没有导入。"
        raise Invalid(sentence, fields={"file": sentence}, kept=_KEPT, advice="请按年份拆成几个文件。")
    fills = {letter: name for name, letter in chosen.items() if name in WANTED}
    letters = [get_column_letter(at + 1) for at in range(len(layout.headings))]
    columns = tuple(
        Column(letter, heading, fills.get(letter, ""))
        for letter, heading in zip(letters, layout.headings, strict=True)
        if heading or letter in fills
    )
    read = {column.letter for column in columns}
    rows = tuple(
        (number, {letter: tidy(text) for letter, text in zip(letters, row, strict=False) if text and letter in read})
        for number, row in enumerate(layout.sheet.rows[layout.first - 1 :], start=layout.first)
    )
    ignored = tuple(column.heading for column in columns if not column.fills)
    return RegisterSheet(layout.sheet.name, columns, rows, ignored)


def likely_year(layout: Layout, *, otherwise: int) -> int:
    """Return the year that dates without one most likely mean: the title's, else the sheet's name's, else this one."""
    for words in (layout.above, layout.sheet.name):
        if found := re.search(r"(20\d{2})\s*年?", words):
            return int(found.group(1))
    return otherwise
