"""One photo is known again however it was sent, two photos are told apart, and what shows nothing has no print."""

import io
from itertools import combinations

import pytest
from PIL import Image, ImageDraw

from campaigns.rules.files.photo_print import FARTHEST, Print, distance, photo_print
from campaigns.rules.files.thumbnails import drawn_small
from campaigns.rules.files.uploads import Upload, check_upload
from tests.pictures import photo, scene


def printed(content: bytes) -> Print | None:
    kept = check_upload(Upload("一.jpg", content), picture=True)
    return photo_print(kept.small or drawn_small(kept.content))


@pytest.mark.parametrize("seed", range(6))
def test_a_photo_is_known_again_after_a_messenger_has_shrunk_it(seed: int) -> None:
    first = printed(scene(seed))
    assert first is not None
    for again in (
        scene(seed, quality=40),
        scene(seed, size=(320, 240)),
        scene(seed, form="PNG"),
        scene(seed, form="HEIF"),
    ):
        other = printed(again)
        assert other is not None
        assert distance(first, other) <= FARTHEST
        assert any(here == there for here, there in zip(first, other, strict=True)), "an index would not find it"


def test_different_photos_are_far_apart() -> None:
    prints = [print_ for seed in range(30) if (print_ := printed(scene(seed)))]
    assert len(prints) == 30
    assert min(distance(*pair) for pair in combinations(prints, 2)) > 2 * FARTHEST


def _sheet() -> bytes:
    picture = Image.new("RGB", (600, 800), "white")
    draw = ImageDraw.Draw(picture)
    for line in range(60, 780, 40):
        draw.line((60, line, 500, line), fill="black", width=6)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize("nothing", [photo("black"), photo("white"), photo("red"), _sheet()])
def test_blanks_and_sheets_have_no_print(nothing: bytes) -> None:
    assert printed(nothing) is None
