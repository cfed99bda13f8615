"""A picture's thumbnail (JPEG, at most 320 px), for pages on a weak network, and how large a picture may be at most."""

import io

from PIL import Image, ImageOps

MOST_PIXELS = 60_000_000
SMALL_SIDE = 320
SMALL_QUALITY = 70
_KEPT_AS = ("JPEG", "PNG", "WEBP")

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


class Undrawable(Exception):
    """A stored picture that no decoder can make anything of."""


def drawn_small(content: bytes) -> bytes:
    """Return the thumbnail of a picture as `uploads` keeps it; raises Undrawable.

    A telephone's JPEG is kept without being decoded, so this is where one of a whole form and damaged inside shows.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_KEPT_AS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Undrawable
            halve(picture, 2 * SMALL_SIDE)
            ImageOps.exif_transpose(picture, in_place=True)
            return shrunk(picture.convert("RGB" if picture.format == "JPEG" else "RGBA"))
    except Exception as error:  # whatever a decoder stumbles over in foreign bytes, it is this one picture's fault
        raise Undrawable from error


def halve(picture: Image.Image, longest: int) -> None:
    """Let the decoder halve a large JPEG, up to three times, until its longer side is at most `longest`: the work of shrinking
    it afterwards is saved, and with it most of decoding.
    """
    halvings = 0
    while max(picture.size) >> halvings > longest:
        halvings += 1
    if halvings:
        picture.draft(None, (picture.width >> halvings, picture.height >> halvings))


def shrunk(picture: Image.Image) -> bytes:
    """Return the thumbnail of a decoded picture; what is transparent becomes white."""
    small = picture.reduce(max(1, min(picture.size) // (2 * SMALL_SIDE)))
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    if small.mode == "RGBA":
        ground = Image.new("RGB", small.size, "white")
        ground.paste(small, mask=small)
        small = ground
    written = io.BytesIO()
    small.save(written, "JPEG", quality=SMALL_QUALITY)
    return written.getvalue()
