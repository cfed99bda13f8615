"""A document's text, line by line as a clerk would type it, becomes paragraphs, tables and footnotes.

The texts are data: `campaigns/library/documents/*.txt`, filled in by Jinja. A line that begins with 标题：, 主送：, 附件： or
表： is that part of the document; 一、 and （一） are headings by themselves; `[^name]` refers to a source, which becomes a
footnote.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from campaigns.clock import local
from campaigns.date_words import day_words
from campaigns.errors import Invalid
from campaigns.rules.documents import Facts, Grid
from campaigns.rules.quotes import nested

TEXT_WIDTH = 8844
"""The type area's 156 mm in twentieths of a point."""
NOTE = re.compile(r"\[\^(\w+)\]")
MARKED = {"标题": "HeadTitle", "主送": "Addressee", "附件": "Appendix", "附件说明": "AppendixNote", "表题": "GridTitle"}
NUMBERED = (
    (re.compile(r"[一二三四五六七八九十]+、"), "Heading1st"),
    (re.compile(r"（[一二三四五六七八九十]+）[^。]*$"), "Heading2nd"),
)
PLAIN = "BodyText1"
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph; `note` is the number of the footnote after it, 0 for none."""

    text: str
    note: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph in one of the sheet's styles, or a table with its columns' widths."""

    style: str = ""
    runs: tuple[Run, ...] = ()
    grid: Grid | None = None
    widths: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The paragraph without its footnotes."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Draft:
    """A filled-in document: its title, its blocks in order, and its footnotes, counted from 1."""

    title: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]


def draft(facts: Facts) -> Draft:
    """Fill in the text of a document; a text that asks for what the facts do not have fails."""
    text = _texts().get_template(facts.kind.value).render(**facts.values)
    notes: dict[str, int] = {}
    blocks = tuple(_block(nested(line), facts, notes) for line in text.splitlines() if line.strip())
    title = next((block.text for block in blocks if block.style == "HeadTitle"), facts.kind.label)
    return Draft(title, blocks, tuple(cleaned(facts.sources[name]) for name in notes))


def cleaned(value: str) -> str:
    """Return words as one line that Word can read: what people typed can neither break a line nor refer to a footnote."""
    return _UNSEEN.sub(" ", value).replace("[^", "〔^").strip()


def _block(line: str, facts: Facts, notes: dict[str, int]) -> Block:
    mark, colon, rest = line.strip().partition("：")
    if colon and mark == "表":
        return _table(facts.grids[rest])
    if colon and mark in MARKED:
        text = f"{rest}：" if mark == "主送" else f"附件：{rest}" if mark == "附件说明" else rest
        return Block(MARKED[mark], tuple(_runs(text, facts.sources, notes)))
    style = next((style for pattern, style in NUMBERED if pattern.match(line.strip())), PLAIN)
    return Block(style, tuple(_runs(line.strip(), facts.sources, notes)))


def _table(grid: Grid) -> Block:
    whole = sum(grid.parts)
    rows = tuple(tuple(cleaned(value) for value in row) for row in grid.rows)
    return Block(
        grid=Grid(grid.headings, grid.parts, rows), widths=tuple(TEXT_WIDTH * part // whole for part in grid.parts)
    )


def _runs(text: str, sources: Mapping[str, str], notes: dict[str, int]) -> Iterator[Run]:
    *noted, rest = _pairs(NOTE.split(text))
    for words, name in noted:
        if name not in sources:
            raise Invalid(f"文书写了来源“{name}”，但没有这个来源。", kept="没有生成文书。", advice="请告诉系统管理员。")
        first = name not in notes  # Word numbers references, not notes: a source is referred to where it first stands
        notes.setdefault(name, len(notes) + 1)
        yield Run(words, notes[name] if first else 0)
    if rest[0]:
        yield Run(rest[0])


def _pairs(pieces: list[str]) -> list[tuple[str, str]]:
    """Split gives words and names by turns and ends with words."""
    return list(zip(pieces[::2], [*pieces[1::2], ""], strict=True))


@cache
def _texts() -> Environment:
    shelf = files("campaigns.library") / "documents"
    return Environment(
        loader=FunctionLoader(lambda name: (shelf / f"{name}.txt").read_text(encoding="utf-8")),
        undefined=StrictUndefined,
        finalize=_written,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - these are words; the sheet that they go into escapes them
    )


def _written(value: Any) -> Any:
    """Write a value as documents do: 2023年5月31日, 2023年5月31日17时, digits for numbers."""
    if isinstance(value, datetime):
        there = local(value)
        return f"{_written(there.date())}{there.hour}时" + (f"{there.minute}分" if there.minute else "")
    if isinstance(value, date):
        return day_words(value)
    return cleaned(value) if isinstance(value, str) else value
