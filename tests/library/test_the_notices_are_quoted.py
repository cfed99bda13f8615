"""The library invents nothing: every duty and stage names a clause of its notice, and its quote stands in that clause."""

import pytest

from campaigns.definition.library import template, template_ids
from campaigns.definition.model import Definition, Duty, Stage
from tests.library.notices import notice, squeezed

SOURCES = {"hazard-2023": "004", "root-cause-2024-2026": "001", "hundred-days": "002", "two-precisions": "000"}
# Takes every duty from the shelf, whose sources test_the_ready_duties holds against the notices.
TAKEN_FROM_THE_SHELF = "enterprise-duties"


def duties() -> list[object]:
    return [
        pytest.param(source, duty, id=f"{name}-{duty.code}")
        for name, source in SOURCES.items()
        for duty, _ in template(name).duties
    ]


def stages() -> list[object]:
    return [
        pytest.param(source, stage, id=f"{name}-{stage.code}")
        for name, source in SOURCES.items()
        for stage in template(name).stages
        if stage.clause
    ]


def test_every_campaign_of_the_library_is_held_against_its_notice() -> None:
    assert {*SOURCES, TAKEN_FROM_THE_SHELF} == set(template_ids())
    assert all(duty.taken_from for duty, _ in template(TAKEN_FROM_THE_SHELF).duties)


@pytest.mark.parametrize(("source", "duty"), duties())
def test_a_duty_quotes_the_clause_it_cites(source: str, duty: Duty) -> None:
    assert duty.quote, "a duty without a quote cannot be checked"
    assert squeezed(duty.quote) in notice(source).clause(duty.clause)


@pytest.mark.parametrize(("source", "stage"), stages())
def test_a_stage_quotes_the_clause_it_cites(source: str, stage: Stage) -> None:
    assert stage.quote
    assert squeezed(stage.quote) in notice(source).clause(stage.clause)


def test_a_ranking_and_a_bonus_quote_the_clause_they_cite() -> None:
    rules = [
        (SOURCES[name], rule)
        for name in SOURCES
        for rule in (*template(name).rankings.values(), *template(name).bonuses.values())
    ]
    assert len(rules) == 4
    for source, rule in rules:
        assert rule.quote
        assert squeezed(rule.quote) in notice(source).clause(rule.clause), rule.title


def test_points_that_no_notice_gives_are_said_to_be_an_example() -> None:
    for name in SOURCES:
        for rule in template(name).rankings.values():
            assert "示例" in rule.note, rule.title


def test_only_the_national_targets_stand_without_a_clause_of_a_local_notice() -> None:
    without = [stage.code for name in SOURCES for stage in template(name).stages if not stage.clause]
    assert without == ["2025年", "2026年"]


@pytest.mark.parametrize("name", SOURCES)
def test_a_deadline_the_notice_does_not_state_is_said_to_be_inferred(name: str) -> None:
    """A one-off duty due at its stage's end either has that deadline in its own clause or says 推定 (or 视情况) in 说明."""
    definition: Definition = template(name)
    for duty, stage in definition.duties:
        if duty.due == "阶段末" and stage and duty.clause.partition("）")[0] != stage.clause.partition("）")[0]:
            dated = "阶段" in notice(SOURCES[name]).clause(duty.clause)
            assert dated or "推定" in duty.note or not duty.required, f"{duty.code} {duty.title}"


def test_nothing_in_the_library_repeats_the_scanners_place_names() -> None:
    for name in SOURCES:
        text = template(name).model_dump_json()
        assert "在平区" not in text
        assert "荏平" not in text
