"""A report as the paper has it: which text or figure stands in which row and column, whatever prints it.

The 2023 table is 成对: a section label merged downwards, then 序号-指标-值 twice: 17 rows × 7 columns (004 附件).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from campaigns.definition.report_form import Atom, Cell, ReportForm
from campaigns.rules.reporting.figures import printed, shown
from campaigns.rules.reporting.indicators import Figures

Content = int | float | str | None
Words = Mapping[str, str]
NO_WORDS: Words = {}


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the cells, by atom."""

    figures: Figures
    words: Words


@dataclass(frozen=True, slots=True)
class Block:
    """One printed cell: where it begins (counted from 0), how far it is merged, and what kind of thing it holds."""

    row: int
    column: int
    content: Content
    kind: str  # "label" | "number" | "title" | "value"
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Paper:
    """A filled-in sheet: its heading, the grid's blocks and size, and the line for signatures."""

    title: str
    date_line: str
    rows: int
    columns: int
    blocks: tuple[Block, ...]
    signatures: tuple[str, ...]


def paper(form: ReportForm, figures: Figures, *, as_of: date, words: Words = NO_WORDS) -> Paper:
    """Lay out a report with its figures (`as_of` is the period's cut-off day, printed in the date line) and its words."""
    filled = Filled(figures, words)
    blocks = tuple(_matrix(form, filled) if form.layout.kind == "矩阵" else _paired(form, filled))
    return Paper(
        title=form.title,
        date_line=form.layout.date_line.format(年=as_of.year, 月=as_of.month, 日=as_of.day, 月份=as_of.month),
        rows=max(block.row + block.rows for block in blocks),
        columns=max(block.column + block.columns for block in blocks),
        blocks=blocks,
        signatures=form.layout.signatures,
    )


def filled_in(atoms: Sequence[Atom], filled: Filled) -> Content:
    """Return what is written in the value cell: words, a number, or for a compound cell “3次，1.5万元” and “市2次，县3次”."""
    if atoms[0].worded:
        return filled.words.get(atoms[0].code)
    values = [filled.figures.get(atom.code) for atom in atoms]
    if len(atoms) == 1:
        return printed(atoms[0], values[0])
    if all(value is None for value in values):
        return None
    return "，".join(_part(atom, shown(atom, value)) for atom, value in zip(atoms, values, strict=True))


def _part(atom: Atom, text: str) -> str:
    title = "" if atom.code == atom.cell else atom.title
    return f"{'其中' if atom.total_of else ''}{title}{text}{atom.unit}"


def _paired(form: ReportForm, filled: Filled) -> Iterator[Block]:
    pairs = form.layout.pairs if form.layout.kind == "成对" else 1
    top = 0
    for section, cells in form.sections.items():
        height = -(-len(cells) // pairs)
        yield Block(top, 0, section, "label", rows=height)
        for index in range(height * pairs):
            row, pair = divmod(index, pairs)
            cell = cells[index] if index < len(cells) else None
            yield from _pair(top + row, 1 + 3 * pair, index + 1, cell, section, filled)
        top += height


def _pair(row: int, column: int, number: int, cell: Cell | None, section: str, filled: Filled) -> Iterator[Block]:
    value = filled_in(tuple(cell.atoms(section)), filled) if cell else None
    yield Block(row, column, number if cell else None, "number")
    yield Block(row, column + 1, cell.on_paper if cell else None, "title")
    yield Block(row, column + 2, value, "value")


def _matrix(form: ReportForm, filled: Filled) -> Iterator[Block]:
    """Rows × columns under two lines of headings; the lines of a list have a number and no name."""
    named = bool(form.rows)
    yield Block(0, 0, "序号" if named else form.layout.row_heading, "label", rows=2)
    if named:
        yield Block(0, 1, form.layout.row_heading, "label", rows=2)
    column = first = 2 if named else 1
    for section, cells in form.sections.items():
        yield Block(0, column, section, "label", columns=len(cells))
        for cell in cells:
            yield Block(1, column, cell.on_paper, "title")
            column += 1
    for number, row in enumerate(form.every_row, start=1):
        yield Block(number + 1, 0, number, "number")
        if named:
            yield Block(number + 1, 1, row.title, "title")
    yield from _matrix_values(form, filled, first)


def _matrix_values(form: ReportForm, filled: Filled, first: int) -> Iterator[Block]:
    for number, (_, atoms) in enumerate(groupby(form.atoms, key=lambda atom: atom.cell.partition(":")[0]), start=2):
        for column, (_, parts) in enumerate(groupby(atoms, key=lambda atom: atom.cell), start=first):
            yield Block(number, column, filled_in(tuple(parts), filled), "value")
