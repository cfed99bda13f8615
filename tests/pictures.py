"""Photos and papers for tests, made from nothing."""

import io

from PIL import Image


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
