"""What may be stored: the type is told from the bytes, never from the name, and a picture loses what the camera knew.

Place, device and anything hidden behind the picture are gone (个人信息保护法 art. 6: no more than the purpose needs): a
telephone's JPEG of usual size is copied without them, every other picture is decoded and written anew. Drawing a thumbnail and
taking a print waits until the person has his receipt (actions/work/drawing).
"""

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import filetype
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from campaigns.rules.files import archives
from campaigns.rules.files.bare_jpeg import Unusual, bare_jpeg
from campaigns.rules.files.thumbnails import MOST_PIXELS, halve, shrunk
from campaigns.rules.work.fields import Wrong

LARGEST = 20 << 20
MOST_PER_FIELD = 9
LONGEST_SIDE = 3200
"""A larger picture is halved until it is not, so it keeps at least 1,600 pixels: a plate stays legible."""
LARGEST_AS_TAKEN = 3 << 20
"""Bytes up to which a JPEG keeps the pixels it was taken with; a larger one is halved and written anew."""
LONGEST_NAME = 200
QUALITY = 85
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # doc, xls, ppt and WPS's own formats
_PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_PHONE_PICTURES = {"image/heic", "image/heif", "image/avif"}
"""What newer telephones take photos in; kept as JPEG, which every computer of an office can show."""
_ZIPPED_PAPERS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_PAPERS = {"application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"}
LARGEST_UNPACKED = 200 << 20
MOST_PARTS = 5_000
OLE_TYPE = "application/x-ole-storage"

register_heif_opener(thumbnails=False)


@dataclass(frozen=True)
class Upload:
    """A file as a person sent it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class CheckedUpload(Upload):
    """A file as it is kept. Drawing a photo anew takes a while: doors do it before they open a transaction."""

    content_type: str
    small: bytes = b""
    """The thumbnail of a picture that had to be decoded anyway; empty when it is still to be drawn, and for papers."""
    storage_id: str = ""
    """Where its bytes lie already, written before the transaction; empty when they are still to be written."""
    hashed: str = ""
    """SHA-256 of its bytes once they were laid down, so that they are gone through once."""

    @property
    def is_picture(self) -> bool:
        """Whether there is a thumbnail to draw and a print to take."""
        return self.content_type in _PICTURES

    @property
    def sha256(self) -> str:
        """SHA-256 of what is kept, in hexadecimal."""
        return self.hashed or hashlib.sha256(self.content).hexdigest()


def check_upload(upload: Upload, *, picture: bool) -> CheckedUpload:
    """Return the file to keep; raises Wrong. `picture`: only a photo will do. What was checked already passes as it is."""
    if isinstance(upload, CheckedUpload) and (upload.content_type in _PICTURES or not picture):
        return upload
    name = shown_name(upload.name)
    if not upload.content:
        raise Wrong(f"“{name}”是空的，请重新选择。")
    if len(upload.content) > LARGEST:
        raise Wrong(f"“{name}”超过{LARGEST >> 20}MB，请压缩后再传。")
    kind = filetype.guess_mime(upload.content) or (OLE_TYPE if upload.content.startswith(_OLE) else "")
    if kind == "image/jpeg" and (taken := _as_taken(name, upload.content)):
        return taken
    if kind in _PICTURES:
        return CheckedUpload(name, *_redrawn(name, upload.content, _PICTURES[kind], kind))
    if kind in _PHONE_PICTURES:
        drawn = _redrawn(name, upload.content, "JPEG", "image/jpeg")
        return CheckedUpload(f"{os.path.splitext(name)[0]}.jpg", *drawn)
    if picture:
        raise Wrong(f"“{name}”不是照片。请传 JPG 或 PNG 照片。")
    _check_paper(name, upload.content, kind)
    return CheckedUpload(name, upload.content, kind)


def _check_paper(name: str, content: bytes, kind: str) -> None:
    if kind not in (*_PAPERS, *_ZIPPED_PAPERS, OLE_TYPE):
        raise Wrong(f"“{name}”这种文件不能上传。可以传照片、PDF、Word、Excel、PPT 或 WPS 文件。")
    if kind in _ZIPPED_PAPERS:
        _weigh(name, content)


def shown_name(name: str) -> str:
    """Return the person's own file name without folders or invisible signs, its ending kept when it is shortened."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(letter for letter in last if letter.isprintable()).strip() or "未命名"
    stem, ending = os.path.splitext(visible)
    return stem[: LONGEST_NAME - len(ending[:20])] + ending[:20]


def _weigh(name: str, content: bytes) -> None:
    try:
        archives.weigh(content, largest=LARGEST_UNPACKED, most_parts=MOST_PARTS)
    except archives.Suspicious as why:
        raise Wrong(f"“{name}”不能上传：{why}。请用 Word、Excel 或 WPS 打开后另存再传。") from None


def _as_taken(name: str, content: bytes) -> CheckedUpload | None:
    """Return a whole JPEG of usual size and colours as it was taken, not decoded; None for any other."""
    if len(content) > LARGEST_AS_TAKEN:
        return None
    with _opened(name, content, "JPEG") as picture:  # reads the head: its sides and its colours
        if picture.mode not in ("L", "RGB"):
            return None
        try:
            bare = bare_jpeg(content, orientation=picture.getexif().get(ExifTags.Base.Orientation, 1))
        except (Unusual, TypeError):  # TypeError: an orientation that is no number
            return None
    return CheckedUpload(name, bare, "image/jpeg")


def _redrawn(name: str, content: bytes, form: str, content_type: str) -> tuple[bytes, str, bytes]:
    """Return a picture drawn anew, its type and its thumbnail; it is decoded once for both."""
    with _opened(name, content, form, "HEIF", "AVIF") as picture:
        halve(picture, LONGEST_SIDE)
        ImageOps.exif_transpose(picture, in_place=True)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        bare = picture.convert("RGB" if form == "JPEG" else "RGBA")
    bare.info.clear()
    return _written(bare, form), content_type, shrunk(bare)


@contextmanager
def _opened(name: str, content: bytes, *forms: str) -> Iterator[Image.Image]:
    """Open a picture to decode it in the block; what cannot be decoded there, or is too large to be, raises Wrong."""
    try:
        with Image.open(io.BytesIO(content), formats=forms) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Wrong(f"“{name}”的像素太多，请缩小后再传。")
            yield picture
    except Wrong:
        raise
    except Image.DecompressionBombError:
        raise Wrong(f"“{name}”的像素太多，请缩小后再传。") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise Wrong(f"“{name}”打不开，可能没有传完整，请重新拍摄或选择。") from None


def _written(picture: Image.Image, form: str) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, quality=QUALITY) if form != "PNG" else picture.save(written, form, optimize=False)
    return written.getvalue()
