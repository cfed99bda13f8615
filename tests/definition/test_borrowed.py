"""A launched campaign keeps the shipped forms and reports it was launched with."""

import json

from campaigns.definition import library
from campaigns.definition.borrowed import borrowed, with_borrowed
from campaigns.definition.shelf import forms, reports

ACTION = library.template("hazard-2023")


def test_what_is_frozen_reads_back_as_what_stands_on_the_shelf() -> None:
    kept = with_borrowed(ACTION, borrowed(ACTION))
    assert kept.reports["调度表"] == reports()["调度表"].headed(ACTION.meta.title)
    used = {duty.form for duty, _ in ACTION.duties if duty.form}
    assert {name: kept.forms[name] for name in used} == {name: forms()[name] for name in used}


def test_what_is_frozen_keeps_the_papers_order() -> None:
    kept = with_borrowed(ACTION, borrowed(ACTION))
    shelf, used = reports(), {duty.report for duty, _ in ACTION.duties if duty.report}
    assert {name: list(kept.reports[name].sections) for name in used} == {
        name: list(shelf[name].sections) for name in used
    }
    assert kept.reports["调度表"].atoms == shelf["调度表"].atoms


def test_a_borrowed_table_carries_the_name_of_the_campaign_that_borrows_it() -> None:
    hundred = library.template("hundred-days")
    assert library.report(hundred, "调度表").title == "非煤矿山和金属冶炼“百日攻坚”专项行动进展情况调度表"
    whole_city = hundred.meta.model_copy(update={"title": "全市消防整治"})
    borrowing = hundred.model_copy(update={"meta": whole_city, "reports": {"调度表": reports()["调度表"]}})
    assert with_borrowed(borrowing, "").reports["调度表"].title == "消防整治进展情况调度表"


def test_an_edit_of_the_shelf_does_not_reach_a_frozen_campaign() -> None:
    frozen = json.loads(borrowed(ACTION))
    frozen["表单"]["演练记录"]["字段"][0]["名称"] = "当年的演练日期"
    kept = with_borrowed(ACTION, json.dumps(frozen))
    assert library.form(kept, "演练记录").fields[0].title == "当年的演练日期"


def test_a_form_that_the_campaign_writes_itself_is_not_borrowed() -> None:
    own = ACTION.model_copy(update={"forms": {"演练记录": forms()["演练记录"]}})
    assert "演练记录" not in json.loads(borrowed(own))["表单"]
