"""考核材料包: one zip of many files, written as it is sent, with a manifest that `sha256sum -c` checks.

Nothing is held whole: a file is read in pieces, packed in pieces, and leaves in pieces. The last two files are the manifest:
`清单.csv` for people (file, what, rows, hash) and `SHA256SUMS` for `sha256sum -c SHA256SUMS`.
"""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import RawIOBase, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from campaigns.clock import local
from campaigns.documents.listings import csv_pieces

SUMS, LIST = "SHA256SUMS", "清单.csv"
LIST_HEADINGS = ("文件", "内容", "行数", "字节", "SHA-256")
LONGEST_NAME = 60
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


@dataclass
class Member:
    """One file of a package: its place in the zip, what it is, its bytes in pieces, and rows where it is a table.

    `rows` may be counted while the pieces are read: it is asked for afterwards.
    """

    name: str
    what: str
    pieces: Iterable[bytes]
    rows: "int | Counted | None" = None


@dataclass
class Counted:
    """Rows that count themselves as they pass."""

    rows: Iterable[Iterable[Any]]
    count: int = field(default=0)

    def __iter__(self) -> Iterator[Iterable[Any]]:
        for row in self.rows:
            self.count += 1
            yield row


def table(name: str, what: str, headings: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> Member:
    """Return a table as a CSV file that knows its rows once it has been read."""
    counted = Counted(rows)
    return Member(f"{name}.csv", what, csv_pieces(headings, counted), counted)


def safe(words: str) -> str:
    """Return words as a part of a file name on any system: nothing that leads out of the folder or stops Windows."""
    return _NOT_IN_NAMES.sub("_", words).strip(" .")[:LONGEST_NAME] or "_"


def package(members: Iterable[Member], *, at: datetime) -> Iterator[bytes]:
    """Yield a zip of the members in pieces, and last its manifest. `at` is the date of every file in it."""
    out = _Outlet()
    told: list[tuple[str, str, int | str, int, str]] = []
    taken: set[str] = set()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for member in members:
            name = _free(member.name, taken)
            size, digest = 0, hashlib.sha256()
            with packed.open(_entry(name, at), "w", force_zip64=True) as entry:
                for piece in member.pieces:
                    entry.write(piece)
                    digest.update(piece)
                    size += len(piece)
                    yield out.taken()
            told.append((name, member.what, _rows(member), size, digest.hexdigest()))
        listed = _list(told)
        sums = [*((name, digest) for name, *_, digest in told), (LIST, hashlib.sha256(listed).hexdigest())]
        packed.writestr(_entry(LIST, at), listed)
        packed.writestr(_entry(SUMS, at), "".join(f"{digest}  {name}\n" for name, digest in sums))
    yield out.taken()


def _rows(member: Member) -> int | str:
    rows = member.rows
    return rows.count if isinstance(rows, Counted) else "" if rows is None else rows


def _list(told: list[tuple[str, str, int | str, int, str]]) -> bytes:
    buffer = StringIO("\ufeff")
    buffer.seek(0, 2)
    writer = csv.writer(buffer)
    writer.writerow(LIST_HEADINGS)
    writer.writerows(told)
    return buffer.getvalue().encode()


def _free(name: str, taken: set[str]) -> str:
    """Two files of one name in a zip hide one another."""
    stem, dot, suffix = name.rpartition(".")
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem}（{number}）{dot}{suffix}"
    taken.add(free)
    return free


def _entry(name: str, at: datetime) -> ZipInfo:
    entry = ZipInfo(name, local(at).timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


class _Outlet(RawIOBase):
    """Where the zip writes to: a place that is emptied after every piece and cannot be wound back."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._waiting.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        pieces, self._waiting = b"".join(self._waiting), []
        return pieces
