"""Language versions, and the pin of a launched campaign: its text, its hash, the language it was written in."""

import json
from hashlib import sha256
from typing import Any

from campaigns.definition.model import Definition
from campaigns.definition.written import NO, YES

LANGUAGES = ("rectify/v1",)


def fingerprint(text: str, parent_text: str | None = None) -> str:
    """Return the SHA-256 that pins a frozen definition: of its text, and of its superior's when it is an overlay."""
    digest = sha256(text.encode("utf-8"))
    if parent_text is not None:
        digest.update(b"\0" + parent_text.encode("utf-8"))
    return digest.hexdigest()


def written_out(definition: Definition) -> str:
    """Return a definition as one text that `load` reads back the same (JSON, which is YAML).

    For what exists in no single file: an overlay flattened through its superiors, or a template with its parameters filled in.
    """
    whole = {"inherits", "parent", "provenance", "adjustments", "added_duties"}
    data = definition.model_dump(by_alias=True, exclude_defaults=True, exclude_none=True, exclude=whole)
    return json.dumps(_as_written({"语法": definition.language} | data), ensure_ascii=False, indent=1)


def _as_written(value: Any) -> Any:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, dict):
        return {name: _as_written(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_written(inner) for inner in value]
    return value
