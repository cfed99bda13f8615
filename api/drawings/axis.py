"""What the drawings share."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """A word at a place on the horizontal axis (per cent)."""

    at: float
    word: str
    anchor: str = "start"
