"""Signs that a text may hold and nobody sees: they come along when something is copied out of another program."""

import re

_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff"
"""What neither YAML nor XML takes: no workbook and no document can be written of it."""
_TURNS = r"\u202a-\u202e\u2066-\u2069"
"""They turn the direction of writing, so that a name reads other than it is."""
UNSEEN = re.compile(f"[{_CONTROL}{_TURNS}]")
_BREAKS = re.compile(r"[\x0b\x0c\x85\u2028\u2029]")


def seen(text: str) -> str:
    """Return what somebody sees of a text that he typed or pasted; a word processor's own line breaks become plain ones."""
    return UNSEEN.sub("", _BREAKS.sub("\n", text))
