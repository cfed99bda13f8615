"""Which cells of an .xlsx hold a formula without a usable result. Readers give such a cell as an empty one, which it is not.

Programs that write workbooks without calculating (and formulas that came to #REF!) leave them; Excel and WPS keep results.
"""

import re
from collections.abc import Iterator
from html import unescape
from posixpath import normpath
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?P<about>[^>]*?\br="(?P<column>[A-Z]{1,3})(?P<row>\d{1,7})"[^>]*)>\s*'
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>(?P<formula>[^<]*)</(?:\w+:)?f>)\s*(?P<result><(?:\w+:)?v>[^<]+<)?"
)
LONGEST = 60


def formulas(book: ZipFile, sheet: str) -> Iterator[tuple[int, int, str]]:
    """Yield (row, column, "=…") of a sheet's formulas that have no result or came to an error, both from 0."""
    try:
        content = book.read(_part(book, sheet))
    except (KeyError, BadZipFile, ElementTree.ParseError):
        return  # another format, or no such part: then nothing is known about formulas
    for found in _CELL.finditer(content):
        if not found["result"] or b't="e"' in found["about"]:
            written = unescape((found["formula"] or b"").decode("utf-8", "replace"))
            yield int(found["row"]) - 1, _position(found["column"].decode()), f"={written}"[:LONGEST]


def _part(book: ZipFile, sheet: str) -> str:
    """Return the name of the part that holds a sheet; raises KeyError when there is none."""
    ids = {each.get("name"): each.get(_RELATION) for each in _read(book, "xl/workbook.xml").iter(f"{_MAIN}sheet")}
    targets = {each.get("Id"): each.get("Target", "") for each in _read(book, "xl/_rels/workbook.xml.rels")}
    target = targets[ids[sheet]]
    return target.removeprefix("/") if target.startswith("/") else normpath(f"xl/{target}")


def _read(book: ZipFile, part: str) -> ElementTree.Element:
    return ElementTree.fromstring(book.read(part))  # noqa: S314 - in the reader's child, with its memory and time


def _position(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
