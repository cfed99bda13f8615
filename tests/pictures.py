"""Photos and papers for tests, made from nothing."""

import io
from random import Random

from PIL import Image, ImageDraw


def photo(colour: str = "red", *, form: str = "JPEG", size: tuple[int, int] = (40, 30), artist: str = "") -> bytes:
    """Return a picture of one colour; `artist` puts a name into its EXIF data."""
    picture = Image.new("RGB", size, colour)
    exif = Image.Exif()
    if artist:
        exif[0x013B] = artist
    written = io.BytesIO()
    picture.save(written, form, exif=exif)
    return written.getvalue()


PAPER = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PROGRAM = b"MZ" + b"\0" * 300


def scene(seed: int, *, form: str = "JPEG", size: tuple[int, int] = (640, 480), quality: int = 90) -> bytes:
    """Return a picture with light and shade in it, another for every seed, the same at every size and quality."""
    chance = Random(seed)
    picture = Image.new("RGB", (640, 480), (180, 200, 220))
    draw = ImageDraw.Draw(picture)
    for _ in range(40):
        left, top, shade = chance.randint(-40, 600), chance.randint(-40, 440), chance.randint(0, 215)
        box = (left, top, left + chance.randint(40, 200), top + chance.randint(40, 160))
        draw.rectangle(box, fill=(shade, shade, 255 - shade))
    written = io.BytesIO()
    picture.resize(size).save(written, form, quality=quality)
    return written.getvalue()


def damaged() -> bytes:
    """Return a JPEG that is whole and has a proper head, but a table that no decoder can read."""
    taken = bytearray(scene(1))
    table = taken.index(b"\xff\xc4") + 5
    taken[table : table + 16] = b"\xff" * 16
    return bytes(taken)
