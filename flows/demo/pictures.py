"""Drawn pictures that stand for photographs: a dam, its beach and the day, so that before and after can be told apart."""

import io
from datetime import date
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

from campaigns.rules.uploads import Upload

SIZE = (480, 320)


@lru_cache(maxsize=64)
def photograph(name: str, day: date) -> Upload:
    """Return one small JPEG named as a phone would name it in Chinese."""
    chance = Random(f"{name}{day}")  # noqa: S311 - a drawing, not a secret
    picture = Image.new("RGB", SIZE, (176, 203, 222))
    draw = ImageDraw.Draw(picture)
    ridge = [(0, 150)] + [(x, 110 + chance.randint(-18, 18)) for x in range(40, 480, 40)] + [(480, 150)]
    draw.polygon([*ridge, (480, 320), (0, 320)], fill=(139, 150, 128))
    for step in range(4):
        top = 180 + step * 32
        draw.polygon(
            [(40 - step * 10, top), (440 + step * 10, top), (460 + step * 10, top + 26), (20 - step * 10, top + 26)],
            fill=(150 - step * 12, 128 - step * 10, 98 - step * 8),
        )
    draw.rectangle((chance.randint(60, 380), 196, chance.randint(381, 420), 204), fill=(92, 110, 128))
    draw.text((12, 298), day.isoformat(), fill=(255, 255, 255))
    bytes_ = io.BytesIO()
    picture.save(bytes_, "JPEG", quality=70)
    return Upload(name=f"{name}{day:%m%d}.jpg", content=bytes_.getvalue())
