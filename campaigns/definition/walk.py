"""Walking a definition: every value with its path of Chinese keys and the marker that says what its text must be."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from campaigns.definition.tree import Path
from campaigns.definition.written import Phrase, Refers, Written


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the definition; `marker` is None for free text. `owner` is the part it belongs to."""

    path: Path
    value: str
    marker: Phrase | Refers | None
    owner: Written


def texts(part: Written, path: Path = ()) -> Iterator[Text]:
    """Yield every text below a part, in written order."""
    for name, alias, marker in _fields(type(part)):
        yield from _texts_in(getattr(part, name), (*path, alias), marker, part)


def _texts_in(value: Any, path: Path, marker: Phrase | Refers | None, owner: Written) -> Iterator[Text]:
    if isinstance(value, str):
        yield Text(path, value, marker, owner)
    elif isinstance(value, Written):
        yield from texts(value, path)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts_in(inner, (*path, name), marker, owner)
    elif isinstance(value, tuple):
        for position, inner in enumerate(value):
            yield from _texts_in(inner, (*path, position), marker, owner)


@cache
def _fields(model: type[Written]) -> tuple[tuple[str, str, Phrase | Refers | None], ...]:
    return tuple(
        (name, str(field.alias), _marker((*field.metadata, *_metadata(field.annotation))))
        for name, field in model.model_fields.items()
    )


def _metadata(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        if not isinstance(inner, str):
            yield from _metadata(inner)


def _marker(metadata: tuple[Any, ...]) -> Phrase | Refers | None:
    return next((item for item in metadata if isinstance(item, Phrase | Refers)), None)
