"""docs/language.md shows every key and an example of every phrase, and everything it shows loads."""

import re
from pathlib import Path

import pytest

from campaigns.definition.library import template
from campaigns.definition.load import load, review
from campaigns.definition.mistakes import known_keys
from campaigns.definition.phrases import GRAMMARS
from campaigns.rules.dates.planning import expand

TEXT = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml( overlay)?\n(.*?)```", TEXT, re.DOTALL)
(CAMPAIGN,) = [body for kind, body in BLOCKS if not kind]
(OVERLAY,) = [body for kind, body in BLOCKS if kind]


def test_the_whole_campaign_loads_without_a_caution_and_has_dates() -> None:
    found = review(CAMPAIGN)
    assert (found.errors, found.cautions) == ((), ())
    assert found.definition
    assert expand(found.definition).occurrences


def test_the_overlay_tightens_the_shipped_template() -> None:
    assert load(OVERLAY, parent=template("hazard-2023")).duty("CP-02")


@pytest.mark.parametrize(
    "example",
    [example for grammar in GRAMMARS.values() for examples in grammar.examples for example in examples.split("、")],
)
def test_every_form_of_every_phrase_is_shown(example: str) -> None:
    assert f"`{example}`" in TEXT


def test_every_key_is_shown() -> None:
    gathered_by_the_model = {"改为"}
    missing = {key for key in known_keys() if f"{key}:" not in TEXT and f"`{key}`" not in TEXT}
    assert missing == gathered_by_the_model
