"""The door of the language: text in, a checked `Definition` out, or every mistake with its line and column.

Mistakes of form (YAML, keys, kinds) end the reading before mistakes of sense are looked for, so that each cause is told once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from campaigns.definition import checks, mistakes, overlay, shelf
from campaigns.definition.mistakes import DefinitionError, DefinitionErrors, Problem
from campaigns.definition.model import Definition
from campaigns.definition.read import read
from campaigns.definition.ready_duty import ReadyDuty
from campaigns.definition.taking import take

__all__ = ["DefinitionError", "DefinitionErrors", "Review", "load", "review"]


@dataclass(frozen=True, slots=True)
class Review:
    """What a careful reader says about a file: the definition if it stands, the mistakes, and cautions that stop nothing."""

    definition: Definition | None
    errors: tuple[DefinitionError, ...] = ()
    cautions: tuple[DefinitionError, ...] = ()


def load(
    text: str, *, source: str = "", parent: Definition | None = None, duties: Mapping[str, ReadyDuty] | None = None
) -> Definition:
    """Read a definition. An overlay with its `parent` comes back flattened; without, as written and only checked for form.

    `duties` are the ready duties that its lines may take (取自): the shipped ones unless a launch has frozen its own.

    Raises:
        DefinitionErrors: everything that is wrong, in file order, each with line, column and a Chinese sentence.
    """
    found = review(text, parent=parent, duties=duties)
    if found.definition is None:
        raise DefinitionErrors(found.errors, source=source)
    return found.definition


def review(text: str, *, parent: Definition | None = None, duties: Mapping[str, ReadyDuty] | None = None) -> Review:
    """Read a definition and return mistakes and cautions instead of raising."""
    try:
        tree = read(text)
        if wrong := take(tree, shelf.duties() if duties is None else duties):
            return Review(None, mistakes.located(tree, wrong))
        written = mistakes.typed(Definition, tree)
    except DefinitionErrors as refused:
        return Review(None, refused.errors)
    definition, problems = _checked(written, parent)
    if problems:
        return Review(None, mistakes.located(tree, problems))
    return Review(definition, (), mistakes.located(tree, _cautions(definition, parent)))


def _cautions(definition: Definition, parent: Definition | None) -> Iterator[Problem]:
    if definition.inherits and parent is None:
        yield Problem(("继承",), f"没有找到上级模板“{definition.inherits}”，只查了写法，没有查是不是加严")
        return
    # What the superior's own file is cautioned about is not the lower level's to mend.
    known = {caution.sentence for caution in checks.cautions(parent)} if parent else set()
    yield from (caution for caution in checks.cautions(definition) if caution.sentence not in known)


def _checked(written: Definition, parent: Definition | None) -> tuple[Definition, list[Problem]]:
    if not written.inherits:
        return written, _first(checks.problems(written))
    if (unreadable := _first(checks.unreadable(written))) or parent is None:
        return written, unreadable
    flat, problems = overlay.merge(written, parent)
    return flat, problems or [overlay.as_written(written, flat, problem) for problem in _first(checks.problems(flat))]


def _first(problems: Iterator[Problem]) -> list[Problem]:
    return list(islice(problems, mistakes.MOST_TOLD))
