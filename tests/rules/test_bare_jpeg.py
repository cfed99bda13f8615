"""A JPEG loses what the camera knew and keeps its pixels, bit for bit."""

import io

import pytest
from PIL import Image

from campaigns.rules.files.bare_jpeg import Unusual, bare_jpeg
from tests.pictures import scene

SECRET = b"39.9042N 116.4074E SN-123456"


def _pixels(content: bytes) -> tuple[str, bytes]:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.mode, picture.tobytes()


def _taken(*, mode: str = "RGB", **options: object) -> bytes:
    """Return a photo that carries the secret in every place a camera or a program may hide it in."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, SECRET.decode()
    with Image.open(io.BytesIO(scene(1))) as picture:
        written = io.BytesIO()
        picture.convert(mode).save(written, "JPEG", exif=exif, comment=SECRET, icc_profile=SECRET, **options)
    content = written.getvalue()
    hidden = b"\xff\xef" + (len(SECRET) + 2).to_bytes(2, "big") + SECRET
    return content[:2] + hidden + content[2:] + SECRET


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"progressive": True},
        {"optimize": True},
        {"restart_marker_blocks": 3},
        {"subsampling": 0},
        {"keep_rgb": True},
        {"mode": "L"},
    ],
)
def test_what_the_camera_knew_is_gone_and_every_pixel_is_there(how: dict[str, object]) -> None:
    taken = _taken(**how)  # type: ignore[arg-type]
    bare = bare_jpeg(taken, orientation=6)
    assert SECRET in taken
    assert SECRET not in bare
    assert _pixels(bare) == _pixels(taken)
    with Image.open(io.BytesIO(bare)) as picture:
        assert dict(picture.getexif()) == {0x0112: 6}, "it is still looked at the right way up"
        assert "comment" not in picture.info


def test_an_upright_photo_needs_no_mark() -> None:
    with Image.open(io.BytesIO(bare_jpeg(_taken()))) as picture:
        assert dict(picture.getexif()) == {}


def test_a_bare_photo_stays_as_it_is() -> None:
    bare = bare_jpeg(_taken(), orientation=6)
    assert bare_jpeg(bare, orientation=6) == bare


@pytest.mark.parametrize("part", [0, 1, 3, 30, 500, 5000])
def test_one_that_was_cut_off_is_not_copied(part: int) -> None:
    with pytest.raises(Unusual):
        bare_jpeg(_taken()[:part])


@pytest.mark.parametrize("marker", [0xC3, 0xC8, 0xC9, 0xDE, 0x01, 0xF0])
def test_nor_is_one_with_parts_that_a_photo_does_not_have(marker: int) -> None:
    with pytest.raises(Unusual):
        bare_jpeg(b"\xff\xd8\xff" + bytes((marker,)) + scene(1)[2:])
