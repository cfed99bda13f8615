"""Whether a zip archive (xlsx, docx, pptx are such) is safe to open: what it really unpacks to, whatever it says of itself."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

LARGEST_RATIO = 100
_FREE = 64 * 1024  # a small part may pack better than the ratio without being a danger


class Suspicious(Exception):
    """The archive is damaged, locked or unpacks to more than it should; the text says which, in Chinese."""


def weigh(content: bytes, *, largest: int, most_parts: int) -> None:
    """Raise Suspicious unless the archive has at most so many parts and unpacks to at most so many bytes.

    Nothing is kept while it is unpacked, and unpacking stops at the limit.
    """
    try:
        entries = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Suspicious("文件已损坏") from None
    if len(entries) > most_parts:
        raise Suspicious("文件里的部件太多")
    total = 0
    for entry in entries:
        unpacked = 0
        for piece in _unpacked(content, entry):
            unpacked += piece
            total += piece
            if total > largest or unpacked > max(entry.compress_size * LARGEST_RATIO, _FREE):
                raise Suspicious("文件解压后异常地大")


def _unpacked(content: bytes, entry: zipfile.ZipInfo) -> Iterator[int]:
    start = entry.header_offset
    name, extra = (int.from_bytes(content[start + at : start + at + 2], "little") for at in (26, 28))
    packed = content[start + 30 + name + extra :][: entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield len(packed)
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED or entry.flag_bits & 1:
        raise Suspicious("文件有密码或用了少见的压缩方式")
    unpack = zlib.decompressobj(-15)
    try:
        while packed and not unpack.eof:
            yield len(unpack.decompress(packed, 1 << 20))
            packed = unpack.unconsumed_tail
    except zlib.error:
        raise Suspicious("文件已损坏") from None
