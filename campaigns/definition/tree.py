"""A file as it was written: every key and value with its line and column, every scalar still text.

`load` builds this from YAML; nothing here knows YAML. Lines and columns count from 1, as editors show them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

Step = str | int
Path = tuple[Step, ...]
Plain = str | dict[str, "Plain"] | list["Plain"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the file."""

    line: int
    column: int


@dataclass(slots=True)
class Scalar:
    """A value, as text. `lines` > 1 for an unquoted value that runs on over lines."""

    text: str
    mark: Mark
    lines: int = 1

    def plain(self) -> Plain:
        """Return the text."""
        return self.text


@dataclass(slots=True)
class Items:
    """A list of values."""

    mark: Mark
    items: list["Node"] = field(default_factory=list)

    def plain(self) -> Plain:
        """Return the list without its marks."""
        return [item.plain() for item in self.items]


@dataclass(slots=True)
class Entries:
    """Keys and values, with a mark for each key."""

    mark: Mark
    keys: dict[str, Mark] = field(default_factory=dict)
    values: dict[str, "Node"] = field(default_factory=dict)

    def plain(self) -> Plain:
        """Return the mapping without its marks."""
        return {name: value.plain() for name, value in self.values.items()}


Node = Scalar | Items | Entries


def blanks(node: Node, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value that was left empty."""
    if isinstance(node, Scalar):
        # A key with a colon inside it is a slip of the colon, told as such.
        if not node.text and path and not re.search("[:：]", str(path[-1])):
            yield path
    elif isinstance(node, Items):
        for position, item in enumerate(node.items):
            yield from blanks(item, (*path, position))
    else:
        for name, value in node.values.items():
            yield from blanks(value, (*path, name))


def place(root: Node, path: Path, *, key: bool = False) -> Mark:
    """Return where the value at `path` stands, or its key; the nearest enclosing place when the path leaves the file."""
    node, mark = root, root.mark
    for position, step in enumerate(path):
        child = _child(node, step)
        if child is None:
            return mark
        last = position == len(path) - 1
        mark = node.keys[str(step)] if key and last and isinstance(node, Entries) else child.mark
        node = child
    return mark


def _child(node: Node, step: Step) -> Node | None:
    if isinstance(node, Entries):
        return node.values.get(str(step))
    if isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None
