"""The shipped forms and the monthly table: whole, sound, and used."""

import re

import pytest

from campaigns.definition import shelf
from campaigns.definition.checks.parts import form_problems
from campaigns.definition.checks.reports import cell_problems, check_problems
from campaigns.definition.library import template, template_ids
from campaigns.definition.model import Duty
from tests.library.notices import notice, squeezed

TABLE = shelf.reports()["调度表"].placed("茌平区")
DUTIES = [(name, duty) for name in template_ids() for duty, _ in template(name).duties]


@pytest.mark.parametrize("name", shelf.forms())
def test_a_form_is_sound_and_some_duty_uses_it(name: str) -> None:
    assert list(form_problems(shelf.forms()[name], ())) == []
    assert name in {duty.form for _, duty in DUTIES}


@pytest.mark.parametrize(("name", "duty"), [pytest.param(n, d, id=f"{n}-{d.code}") for n, d in DUTIES])
def test_a_duty_is_discharged_by_a_form_or_a_report_that_exists(name: str, duty: Duty) -> None:
    assert (duty.form is None) != (duty.report is None)
    assert duty.form in (None, *shelf.forms())
    assert duty.report in (None, *shelf.reports(), *template(name).reports)


@pytest.mark.parametrize(("name", "duty"), [pytest.param(n, d, id=f"{n}-{d.code}") for n, d in DUTIES])
def test_required_evidence_has_a_place_in_the_form(name: str, duty: Duty) -> None:
    fields = shelf.forms()[duty.form].fields if duty.form else ()
    kinds = {field.kind for field in fields}
    for paper in duty.evidence:
        assert paper in {field.title for field in fields} or kinds & {"照片", "附件", "签字"}, paper


def test_the_table_has_34_cells_and_41_values_in_four_sections() -> None:
    assert [(section, len(cells)) for section, cells in TABLE.sections.items()] == [
        ("总体情况", 6),
        ("对企业自查自改进行抽查检查情况", 10),
        ("部门精准严格执法情况", 10),
        ("党委政府组织领导情况", 8),
    ]
    assert len(TABLE.cells) == 34
    assert len(TABLE.atoms) == 41
    per_section = [sum(atom.section == section for atom in TABLE.atoms) for section in TABLE.sections]
    assert per_section == [6, 10, 12, 13]


@pytest.mark.parametrize("cell", TABLE.cells, ids=lambda cell: cell.code)
def test_a_cell_prints_the_papers_own_words(cell: object) -> None:
    assert squeezed(cell.on_paper) in notice("004").text  # type: ignore[attr-defined]


def test_a_table_for_several_counties_names_none_of_them() -> None:
    printed = " ".join(atom.title for atom in shelf.reports()["调度表"].placed().atoms)
    assert "帮扶指导县区" in printed
    assert "茌平" not in printed


def test_units_decide_how_a_value_climbs() -> None:
    ways = {atom.code: (atom.unit, atom.rollup) for atom in TABLE.atoms}
    assert ways["2.1"] == ("家", "去重")
    assert ways["3.2"] == ("家次", "合计")
    assert ways["3.3.罚款"] == ("万元", "合计")
    assert ways["4.6"] == ("是否", "任一")
    assert [atom.code for atom in TABLE.atoms if atom.stock] == ["4.7"]


def test_the_checks_point_at_cells_that_exist_and_cover_the_papers_balances() -> None:
    assert list(cell_problems(TABLE, ())) == []
    assert list(check_problems(TABLE, ())) == []
    assert {atom.code: atom.total_of for atom in TABLE.atoms if atom.total_of} == {
        "3.8.危险作业罪": "3.8",
        "4.5.匿名举报查实": "4.5",
    }
    bounded = {match[1] for text in TABLE.checks if (match := re.match(r"指标\(([\d.]+)\) <=", text))}
    assert bounded == {"1.2", "1.4", "1.5", "1.6", "3.4", *(f"2.{n}" for n in range(2, 11))}


def test_an_automatic_value_names_a_register_or_a_form_and_a_field_of_it() -> None:
    registers = {
        "自查重大隐患",
        "自查重大隐患已整改",
        "检查重大隐患",
        "检查重大隐患已整改",
        "挂牌重大隐患",
        "挂牌重大隐患已整改",
    }
    for atom in TABLE.atoms:
        if atom.source == "自动" and atom.computation not in registers:
            form, _, field = (atom.computation or "").partition(".")
            assert field in ("", *(f.title for f in shelf.forms()[form].fields)), atom.code
