"""Drawn pictures that stand for photographs: a dam, its ridge and the day, each different enough to be told from the others."""

import io
from datetime import date
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

from campaigns.rules.files.uploads import Upload

SIZE = (480, 320)


@lru_cache(maxsize=64)
def photograph(what: str, day: date) -> Upload:
    """Return one small JPEG of something on a day, named as a phone would name it; the same again for the same two."""
    chance = Random(f"{what}{day}")  # noqa: S311 - a drawing, not a secret
    picture = Image.new("RGB", SIZE, (176, 203, 222))
    draw = ImageDraw.Draw(picture)
    for height in (60, 120):
        ridge = [(x, height + chance.randint(-50, 50)) for x in range(0, 481, 40)]
        shade = chance.randint(90, 170)
        draw.polygon([*ridge, (480, 320), (0, 320)], fill=(shade, shade + 12, shade - 10))
    for _ in range(14):  # slopes, sheds and pools in light and shade
        left, top = chance.randint(0, 400), chance.randint(90, 270)
        shade = chance.randint(40, 220)
        size = chance.randint(40, 130), chance.randint(25, 70)
        draw.rectangle((left, top, left + size[0], top + size[1]), fill=(shade, shade - 12, shade - 24))
    draw.text((12, 298), day.isoformat(), fill=(255, 255, 255))
    bytes_ = io.BytesIO()
    picture.save(bytes_, "JPEG", quality=70)
    return Upload(name=f"IMG_{day:%Y%m%d}_{chance.randint(0, 9999):04}.jpg", content=bytes_.getvalue())
