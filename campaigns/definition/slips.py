"""Slips of the keyboard that YAML misreads or reports far from their cause: found in the text, told where they are."""

import re
from collections.abc import Iterator

from campaigns.definition.mistakes import DefinitionError, known_keys
from campaigns.definition.tree import Entries, Items, Node, Scalar
from campaigns.unseen import UNSEEN

_KEY_FULL_COLON = re.compile(r"^[ \u3000]*(?:-[ ]+)?\{?(?P<key>[^\s:：#'\"{}\[\],，。；、（）]{1,12})：")
_KEY_NO_SPACE = re.compile(r"^[ ]*(?:-[ ]+)?\{?(?P<key>[^\s:：#'\"{}\[\],]{1,12}):(?=[^\s])")


def of_characters(text: str) -> list[DefinitionError]:
    """Return the first tab, full-width blank at a line's start, or sign that nobody sees."""
    if control := UNSEEN.search(text):
        return [_at(text, control.start(), "这里有看不见的控制字符，请删去")]
    if (tab := text.find("\t")) >= 0:
        return [_at(text, tab, "这里是制表符（Tab），请改为空格")]
    if blank := re.search(r"(?m)^[ ]*(\u3000)", text):
        return [_at(text, blank.start(1), "行首是全角空格，请改为半角空格")]
    return []


def of_separators(text: str) -> list[DefinitionError]:
    """Return every key that is followed by a full-width colon, or by a colon without a blank."""
    return [error for number, line in enumerate(text.splitlines(), 1) for error in _slips_of(line, number)]


def of_runaway_values(root: Node, text: str) -> list[DefinitionError]:
    """Return the slips hidden in unquoted values that swallowed the next line, as “编号: x” before “名称：y” does."""
    lines = text.splitlines()
    suspects = {
        number
        for scalar in _scalars(root)
        if scalar.lines > 1 or scalar is root
        for number in range(scalar.mark.line, scalar.mark.line + scalar.lines)
    }
    return [
        error for number in sorted(suspects) if number <= len(lines) for error in _slips_of(lines[number - 1], number)
    ]


def _slips_of(line: str, number: int) -> Iterator[DefinitionError]:
    full, tight = _KEY_FULL_COLON.match(line), _KEY_NO_SPACE.match(line)
    if full and (full["key"] in known_keys() or not line[full.end() :].strip()):
        yield DefinitionError(number, full.end(), f"“{full['key']}”后面是全角冒号“：”，请改为半角“: ”")
    elif tight and tight["key"] in known_keys():
        yield DefinitionError(number, tight.end(), f"“{tight['key']}”的冒号后面要空一格")


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    children = node.items if isinstance(node, Items) else node.values.values() if isinstance(node, Entries) else ()
    for child in children:
        yield from _scalars(child)


def _at(text: str, offset: int, sentence: str) -> DefinitionError:
    line_start = text.rfind("\n", 0, offset) + 1
    return DefinitionError(text.count("\n", 0, offset) + 1, offset - line_start + 1, sentence)
