"""JSON Schema of the language, for editors: keys complete themselves, wrong ones turn red, each shows what it is for.

Generated from the model. It is a little kinder than `load`: what depends on other parts of the file is the business of `checks`.
"""

from typing import Any

from campaigns.definition import shelf
from campaigns.definition.model import Definition
from campaigns.definition.taking import TAKES
from campaigns.definition.versions import LANGUAGES


def json_schema() -> dict[str, Any]:
    """Return the schema of a campaign file (JSON Schema 2020-12)."""
    schema: dict[str, Any] = _for_yaml(Definition.model_json_schema(by_alias=True, mode="validation"))
    definitions = schema["$defs"]
    # In an overlay a parameter may be its value alone, and an adjustment holds whatever keys it changes.
    definitions["Parameter"] = {"anyOf": [{"type": ["string", "number"]}, definitions["Parameter"]]}
    definitions["Adjustment"]["additionalProperties"] = True
    for name in ("Duty", "AddedDuty"):
        _may_take(definitions[name])
    schema["properties"]["语法"]["enum"] = list(LANGUAGES)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "专项行动文件"}


def _may_take(duty: dict[str, Any]) -> None:
    """A duty that is taken from the shelf has its title from there; an editor offers the names."""
    duty["required"] = [name for name in duty["required"] if name != "名称"]
    duty["anyOf"] = [{"required": ["名称"]}, {"required": [TAKES]}]
    duty["properties"][TAKES] = {
        "type": "string",
        "enum": list(shelf.duties()),
        "description": duty["properties"][TAKES]["description"],
    }


def _for_yaml(node: Any) -> Any:
    """Let an editor's YAML be typed: 编号: 1.1 is a number to it and text to us. English titles are of no use to a clerk."""
    if isinstance(node, list):
        return [_for_yaml(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {name: _for_yaml(value) for name, value in node.items() if name != "title" or not isinstance(value, str)}
    if kept.get("type") == "string" and "enum" not in kept and "const" not in kept:
        kept["type"] = ["string", "number"]
    return kept
