"""The print of a photo: 64 bits that stay the same when it is shrunk, compressed again or sent on: one photo is known again.

A difference hash: the picture is shrunk to 9 × 8 grey cells, and each bit says whether a cell is brighter than its right
neighbour. The bits stand in four bands of 16. Two prints that differ in at most three bits have a band in common, so near
duplicates are found by four equalities, which an index answers. A band takes every fourth bit: one over the sky alone would be
in every photo.
"""

import io
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

from PIL import Image

Print: TypeAlias = tuple[int, int, int, int]
BANDS = 4
FARTHEST = BANDS - 1
"""Up to how many differing bits two prints are sure to have a band in common."""
_WIDE, _HIGH = 9, 8
_STEP = 2
"""How much brighter a cell must be (of 255): an even surface says nothing, whatever its grain."""
_FEWEST, _MOST = 8, 56
"""A picture with fewer or more bits set shows next to nothing: a blank, a wall, a sheet of paper."""
_WHITE, _PAPER = 225, 0.6
"""A picture of which so much is white is a screenshot or a photographed sheet, and sheets look alike."""


def photo_print(thumbnail: bytes) -> Print | None:
    """Return a photo's print, or None where it shows too little to be told from another: blanks, screenshots, sheets.

    It is taken from the thumbnail, whoever drew that and when.
    """
    with Image.open(io.BytesIO(thumbnail), formats=("JPEG",)) as picture:
        grey = picture.convert("L")
    if sum(grey.histogram()[_WHITE:]) > _PAPER * grey.width * grey.height:
        return None
    cells = grey.resize((_WIDE, _HIGH), Image.Resampling.BOX).tobytes()
    rows = [cells[start : start + _WIDE] for start in range(0, len(cells), _WIDE)]
    bits = [left > right + _STEP for row in rows for left, right in pairwise(row)]
    if not _FEWEST <= sum(bits) <= _MOST:
        return None
    first, second, third, fourth = (_number(bits[band::BANDS]) for band in range(BANDS))
    return first, second, third, fourth


def distance(one: Print, other: Print) -> int:
    """Return in how many of the 64 bits two prints differ."""
    return sum((here ^ there).bit_count() for here, there in zip(one, other, strict=True))


def _number(bits: Sequence[bool]) -> int:
    return sum(1 << place for place, bit in enumerate(bits) if bit)
