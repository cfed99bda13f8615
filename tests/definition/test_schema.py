"""The schema for editors: true of every file that loads, red on what does not."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from campaigns.definition.library import template_ids, template_text
from campaigns.definition.schema import json_schema

VALIDATOR = jsonschema.Draft202012Validator(json_schema())
DRAFTS = sorted((Path(__file__).parent / "drafts").glob("*.yaml"))


def as_an_editor_reads(text: str) -> Any:
    return YAML(typ="safe").load(text)


def complaints(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(as_an_editor_reads(text))]


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", template_ids())
def test_every_shipped_campaign_is_green_in_an_editor(name: str) -> None:
    assert complaints(template_text(name)) == []


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.stem)
def test_the_drafts_are_green_too(path: Path) -> None:
    assert complaints(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("频次: 每月2次", "频率: 每月2次"),
        ("方式: 自动", "方式: 马上"),
        ("语法: rectify/v1", "语法: rectify/v9"),
        ("必做: 否", "必做: maybe"),
    ],
)
def test_a_wrong_key_or_word_is_red(old: str, new: str) -> None:
    text = DRAFTS[1].read_text(encoding="utf-8")
    assert old in text
    assert complaints(text.replace(old, new, 1))


def test_every_key_tells_a_clerk_what_it_is_for() -> None:
    schema = json_schema()
    parts = {"": schema, **schema["$defs"]}
    silent = [
        f"{name}.{key}"
        for name, part in parts.items()
        for key, value in part.get("properties", {}).items()
        if not any("一" <= letter <= "鿿" for letter in value.get("description", ""))
    ]
    assert silent == []


def test_phrases_come_with_examples() -> None:
    assert "每月2次" in str(json_schema()["$defs"]["Duty"]["properties"]["频次"])
