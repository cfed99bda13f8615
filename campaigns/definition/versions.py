"""Language versions, and the pin of a launched campaign: its text, its hash, the language it was written in."""

import json
from hashlib import sha256
from typing import Any

from campaigns.definition.model import Definition
from campaigns.definition.written import NO, YES

LANGUAGES = ("rectify/v1",)


def fingerprint(text: str, parent_text: str | None = None, borrowed: str = "") -> str:
    """Return the SHA-256 that pins a frozen definition: of its text, of its superior's, and of what it borrows from the shelf."""
    digest = sha256(text.encode("utf-8"))
    if parent_text is not None:
        digest.update(b"\0" + parent_text.encode("utf-8"))
    if borrowed:
        digest.update(b"\1" + borrowed.encode("utf-8"))
    return digest.hexdigest()


def written_out(definition: Definition) -> str:
    """Return a definition as one text that `load` reads back the same (JSON, which is YAML).

    For what exists in no single file: an overlay flattened through its superiors, or a template with its parameters filled in.
    """
    whole = {"inherits", "parent", "provenance", "adjustments", "added_duties"}
    data = definition.model_dump(by_alias=True, exclude_defaults=True, exclude_none=True, exclude=whole)
    for path, duty in definition.duty_paths():
        if duty.taken_from:
            # Said even where it is the default: what a taken line does not say is the shelf's.
            _at(data, path).update(duty.model_dump(by_alias=True, exclude_unset=True, exclude_none=True))
    return json.dumps(as_written({"语法": definition.language} | data), ensure_ascii=False, indent=1)


def _at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def as_written(value: Any) -> Any:
    """Return a model's plain values as a file says them: 是 and 否 instead of true and false, lists instead of tuples."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, dict):
        return {name: as_written(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_written(inner) for inner in value]
    return value
