"""Passing over what `names.unreadable_phrases` has told already."""

from collections.abc import Callable
from typing import TypeVar

from campaigns.definition.wording import PhraseError

T = TypeVar("T")


def readable(read: Callable[[str], T], text: str | None) -> T | None:
    """Return the phrase as read, or None where there is none or it cannot be read."""
    try:
        return read(text) if text else None
    except PhraseError:
        return None
