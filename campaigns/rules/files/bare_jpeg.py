"""A JPEG as it was taken, without what the camera knew: its coded picture is copied, everything else is left out.

Copied are the tables and the scans that a decoder needs (ITU-T T.81, annex B). Application segments (EXIF with place and
device, previews, colour profiles), comments and whatever lies behind the end of the picture are not. How the telephone was held
is kept as a number from 1 to 8, and the two marks that say how colours are coded are written anew, not copied.
"""

import re
import struct

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_KEPT = frozenset({0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, _SCAN})
"""Baseline, extended and progressive frames, their Huffman and quantisation tables, restart interval, scans."""
_LEFT_OUT = frozenset({*range(0xE0, 0xF0), 0xFE})
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""Inside a scan FF is followed by 00, or is a restart. Without “+” the search runs from FF to FF, thirty times as fast."""
_JFIF = bytes.fromhex("ffe000104a46494600010100000100010000")
_ADOBE_BYTES = 12


class Unusual(Exception):
    """A JPEG that is not whole or not of the usual kind; who needs it decodes it and writes it anew."""


def bare_jpeg(content: bytes, *, orientation: int = 1) -> bytes:
    """Return the picture alone, decoding to the same pixels; raises Unusual.

    `orientation` is the EXIF number that viewers turn it by; 1 needs no mark.
    """
    kept, marks, at = list[bytes | memoryview](), b"", 2
    if content[:2] != b"\xff\xd8":
        raise Unusual
    whole = memoryview(content)  # a photo is copied once, when all that is kept of it is joined
    while True:
        marker, at = _marker(content, at)
        if marker == _END:
            break
        end = _segment_end(content, at)
        if marker in _LEFT_OUT:
            marks = marks or _colour_mark(marker, content[at + 2 : end])
        elif marker in _KEPT:
            end = _scan_end(content, end) if marker == _SCAN else end
            kept += bytes((0xFF, marker)), whole[at:end]
        else:
            raise Unusual
        at = end
    return b"".join((b"\xff\xd8", marks, _turned(orientation), *kept, b"\xff\xd9"))


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """Return the marker that stands here and where its segment begins."""
    found = _MARKER.match(content, at)
    if found is None:
        raise Unusual
    return content[found.end() - 1], found.end()


def _segment_end(content: bytes, at: int) -> int:
    length = int.from_bytes(content[at : at + 2], "big")
    if length < 2 or at + length > len(content):
        raise Unusual
    return at + length


def _scan_end(content: bytes, at: int) -> int:
    found = _AFTER_SCAN.search(content, at)
    if found is None:  # cut off on the way
        raise Unusual
    return found.start()


def _colour_mark(marker: int, data: bytes) -> bytes:
    """Return the mark of the two that say how colours are coded, with nothing else in it."""
    if marker == 0xE0 and data.startswith(b"JFIF\0"):
        return _JFIF
    if marker == 0xEE and data.startswith(b"Adobe") and len(data) >= _ADOBE_BYTES:
        return b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00" + data[_ADOBE_BYTES - 1 : _ADOBE_BYTES]
    return b""


def _turned(orientation: int) -> bytes:
    """Return an EXIF segment with the orientation and nothing else; empty for an upright picture."""
    if not 2 <= orientation <= 8:
        return b""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    body = b"Exif\0\0" + b"MM\x00\x2a" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
