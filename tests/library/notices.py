"""The five notices as text that a clause number finds, for checking that the library quotes them faithfully."""

import re
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"
NUMERALS = "一二三四五六七八九十"
HEADINGS = (
    re.compile(rf"([{NUMERALS}]+)、"),
    re.compile(rf"[（(]([{NUMERALS}]+)[)）]"),
    re.compile(r"(\d+)[.．]"),
)
# Scanning turned 茌平 into 在平 and 荏平 in places.
MISREAD = {"在平": "茌平", "荏平": "茌平"}


def squeezed(text: str) -> str:
    """Return the text without blanks and Markdown marks, place names read aright."""
    text = re.sub(r"[\s#*]+", "", text)
    for wrong, right in MISREAD.items():
        text = text.replace(wrong, right)
    return text


class Notice:
    """One notice, cut at its headings 一、（一）1.: `clause("五（一）2")` is the text of that point.

    A notice that numbers its points through (（一） to （二十六） over all chapters) also answers to the bare number.
    """

    def __init__(self, number: str) -> None:
        (path,) = SEEDS.glob(f"{number}_*.txt")
        self.text = squeezed(path.read_text())
        self.clauses: dict[str, str] = {}
        self._bare: dict[str, set[str]] = {}
        self._cut(path.read_text().splitlines())

    def clause(self, number: str) -> str:
        """Return the squeezed text of a clause.

        Raises:
            KeyError: the notice has no such clause, or the bare number is not unique in it.
        """
        if number in self.clauses:
            return self.clauses[number]
        (full,) = self._bare.get(number, {number})
        return self.clauses[full]

    def _cut(self, lines: list[str]) -> None:
        path: list[str] = []
        for line in lines:
            text = squeezed(line)
            for level, heading in enumerate(HEADINGS):
                if (match := heading.match(text)) and len(path) >= level:
                    path = [*path[:level], match[1]]
                    break
            for depth in range(1, len(path) + 1):
                name = self._name(path[:depth])
                self.clauses[name] = self.clauses.get(name, "") + text
            if len(path) == 2:
                self._bare.setdefault(f"（{path[1]}）", set()).add(self._name(path))

    @staticmethod
    def _name(path: list[str]) -> str:
        return path[0] + "".join(f"（{part}）" for part in path[1:2]) + "".join(path[2:])


@cache
def notice(number: str) -> Notice:
    """Return one of the five notices by its short number, such as 004."""
    return Notice(number)
