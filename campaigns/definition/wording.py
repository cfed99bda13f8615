"""How the readers of phrases talk to a clerk: squeeze what he pasted, say what is wrong, suggest what he meant."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import time
from difflib import get_close_matches

TIME = r"(?P<time>\d{1,2}(?::\d{2}|[时点]))"


class PhraseError(ValueError):
    """A phrase outside its grammar; the message is the whole Chinese sentence."""


def squeeze(text: str) -> str:
    """Make pasted text comparable: no blanks (notices print “2023 年 5 月底”), full-width digits and colons made plain."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def listed(words: Iterable[str]) -> str:
    """Join words as a Chinese list."""
    return "、".join(words)


def meant(word: str, choices: Iterable[str]) -> str:
    """Return “，是不是想写“X”？” for the nearest choice, or nothing."""
    known = list(choices)
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    near = near or [choice for choice in known if word and (word in choice or choice in word)][:1]
    return f"，是不是想写“{near[0]}”？" if near else ""


def clock_time(text: str) -> time:
    """Read 17:00, 17时 or 17点. 24:00 is the last second of the day.

    Raises:
        PhraseError: no such hour.
    """
    match = re.fullmatch(r"(\d{1,2})(?::(\d{2})|[时点])", squeeze(text))
    if not match:
        raise PhraseError(f"看不懂时刻“{text}”，请写成 17:00 这样")
    hour, minute = int(match[1]), int(match[2] or 0)
    if (hour, minute) == (24, 0):
        return time(23, 59, 59)
    if hour > 23 or minute > 59:
        raise PhraseError(f"没有“{text}”这个时刻，请写 00:00 到 24:00")
    return time(hour, minute)
