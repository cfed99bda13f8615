"""What may be stored: the type is told from the bytes, never from the name, and a picture loses what the camera knew.

Pictures are decoded and written anew, so that place, device and anything hidden behind the picture are gone (TRUST P20).
"""

import io
import os
from dataclasses import dataclass

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError

from campaigns.rules.fields import Wrong

LARGEST = 20 << 20
MOST_PER_FIELD = 9
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2560
LONGEST_NAME = 200
QUALITY = 85
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # doc, xls, ppt and WPS's own formats
_PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_PAPERS = {
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
OLE_TYPE = "application/x-ole-storage"

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@dataclass(frozen=True)
class Upload:
    """A file as a person sent it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class CheckedUpload(Upload):
    """A file as it is kept. Drawing a photo anew takes a while: doors do it before they open a transaction."""

    content_type: str


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
    if kind in _PICTURES:
        return CheckedUpload(name, _redrawn(name, upload.content, _PICTURES[kind]), kind)
    if picture:
        raise Wrong(f"“{name}”不是照片。请传 JPG 或 PNG 照片。")
    if kind not in _PAPERS and kind != OLE_TYPE:
        raise Wrong(f"“{name}”这种文件不能上传。可以传照片、PDF、Word、Excel、PPT 或 WPS 文件。")
    return CheckedUpload(name, upload.content, kind)


def shown_name(name: str) -> str:
    """Return the person's own file name without folders or invisible signs, its ending kept when it is shortened."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(letter for letter in last if letter.isprintable()).strip() or "未命名"
    stem, ending = os.path.splitext(visible)
    return stem[: LONGEST_NAME - len(ending[:20])] + ending[:20]


def _redrawn(name: str, content: bytes, form: str) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Wrong(f"“{name}”的像素太多，请缩小后再传。")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            bare = upright.convert("RGB") if form == "JPEG" else upright.convert("RGBA")
    except Image.DecompressionBombError:
        raise Wrong(f"“{name}”的像素太多，请缩小后再传。") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Wrong(f"“{name}”打不开，可能没有传完整，请重新拍摄或选择。") from None
    bare.info.clear()
    written = io.BytesIO()
    bare.save(written, form, quality=QUALITY) if form != "PNG" else bare.save(written, form, optimize=False)
    return written.getvalue()
