"""Contrast (WCAG 2.2 AA) computed from the colours of the stylesheet itself."""

import re
from pathlib import Path

import pytest

from api.rendering import STATIC

COLOURS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (STATIC / "1-base.css").read_text(encoding="utf-8")))
GROUNDS = ("paper", "ground", "wash")
TEXT = [(ink, ground) for ink in ("ink", "ink-soft", "ink-faint", "brand") for ground in GROUNDS]
TONES = ("done", "doing", "soon", "late", "idle", "decide")
ON_WASH = [(tone, f"{tone}-wash") for tone in TONES] + [(tone, "paper") for tone in TONES] + [("brand", "brand-wash")]
ON_COLOUR = [("on-brand", "brand"), ("on-brand", "brand-dark"), ("on-brand", "late")]
EDGES = [("edge", "paper"), ("doing", "paper"), ("doing", "ground"), ("edge", "ground")]


def luminance(colour: str) -> float:
    channels = [int(COLOURS[colour][at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("ink", "ground"), TEXT + ON_WASH + ON_COLOUR)
def test_text_reaches_aa_on_every_ground_it_stands_on(ink: str, ground: str) -> None:
    assert ratio(ink, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_controls_and_focus_rings_reach_three_to_one(edge: str, ground: str) -> None:
    assert ratio(edge, ground) >= 3


def test_no_stylesheet_brings_a_text_colour_of_its_own() -> None:
    for sheet in sorted(Path(STATIC).glob("[2-9]-*.css")):
        own = re.findall(r"(?<![-\w])(?:color|fill|stroke): *#[0-9a-f]+", sheet.read_text(encoding="utf-8"))
        assert own == [], sheet.name


def test_nothing_is_fetched_from_elsewhere() -> None:
    for sheet in STATIC.glob("*.css"):
        assert "url(" not in sheet.read_text(encoding="utf-8"), sheet.name
