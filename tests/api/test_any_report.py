"""The one page and the one spreadsheet of every report, whatever its form: cells, a matrix, a list, words."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from campaigns.definition.shelf import reports
from campaigns.store.reporting.reports import Report
from tests.api.client import Browser, Clock, form_key, words
from tests.fifteen import NAMES, opened, typed
from tests.monthly import instant_of
from tests.people import Cast

COUNTY = sorted(name for name in NAMES if reports()[name].rollup.levels[0] == "县")  # type: ignore[union-attr]


def open_one(cast: Cast, clock: Clock, name: str) -> int:
    clock.instant = instant_of(5, 22)
    with cast.database.transaction() as session:
        period = opened(session, cast, name)
        return period.report(period.who.filers[0][0]).id


@pytest.mark.parametrize("name", NAMES)
def test_a_report_has_its_page_its_comparison_and_its_paper(
    browser: Browser, cast: Cast, clock: Clock, name: str
) -> None:
    report_id = open_one(cast, clock, name)
    browser.sign_in("leader")
    page = browser.get(f"/reports/{report_id}")
    assert page.status_code == 200
    for cell in reports()[name].placed().cells:
        assert cell.on_paper in words(page), cell.code
    assert browser.get(f"/reports/{report_id}?show=compare").status_code == 200
    paper = load_workbook(BytesIO(browser.get(f"/reports/{report_id}/table.xlsx").content)).active
    assert paper is not None
    assert paper["A1"].value == reports()[name].headed("全市非煤矿山重大事故隐患专项排查整治2023行动").title
    printed = {cell.value for row in paper.iter_rows() for cell in row}
    assert {cell.on_paper for cell in reports()[name].placed().cells} <= printed


@pytest.mark.parametrize("name", COUNTY)
def test_a_county_fills_its_report_and_files_it(browser: Browser, cast: Cast, clock: Clock, name: str) -> None:
    report_id = open_one(cast, clock, name)
    form = reports()[name]
    browser.sign_in("officer")
    page = browser.get(f"/reports/{report_id}/fill")
    given = {f"month-{code}": value.month or "" for code, value in typed(form).items()}
    saved = browser.post(f"/reports/{report_id}/fill", form_key(page), edit_version="1", **given)
    assert saved.status_code == 303, words(saved)
    browser.sign_in("leader")
    page = browser.get(f"/reports/{report_id}")
    assert "已部署" in words(page) or not any(atom.unit == "文字" for atom in form.atoms)
    seen = page.text.split('name="seen" value="')[1].split('"')[0]
    assert "已签发上报" in words(
        browser.follow(browser.post(f"/reports/{report_id}/file", "key-for-filing-it", seen=seen))
    )


def test_an_enterprise_fills_and_its_principal_signs_for_its_bureau(browser: Browser, cast: Cast, clock: Clock) -> None:
    report_id = open_one(cast, clock, "隐患统计分析表")
    browser.sign_in("safety")
    page = browser.get(f"/reports/{report_id}/fill")
    given = {f"month-{code}": value.month or "" for code, value in typed(reports()["隐患统计分析表"]).items()}
    assert browser.post(f"/reports/{report_id}/fill", form_key(page), edit_version="1", **given).status_code == 303
    assert "您没有权限上报调度表" in words(browser.get(f"/reports/{report_id}"))
    browser.sign_in("principal")
    seen = browser.get(f"/reports/{report_id}").text.split('name="seen" value="')[1].split('"')[0]
    assert browser.post(f"/reports/{report_id}/file", "key-for-filing-it", seen=seen).status_code == 303
    browser.sign_in("officer")
    assert browser.post(f"/reports/{report_id}/accept", "key-for-accepting-it").status_code == 303
    with cast.database.reading() as session:
        assert session.get_one(Report, report_id).state == "accepted"


def test_a_date_that_is_none_and_a_score_above_its_full_mark_say_so(browser: Browser, cast: Cast, clock: Clock) -> None:
    report_id = open_one(cast, clock, "行动方案备案表")
    browser.sign_in("officer")
    page = browser.get(f"/reports/{report_id}/fill")
    refused = browser.post(
        f"/reports/{report_id}/fill", form_key(page), edit_version="1", **{"month-1.3": "2023-11-31"}
    )
    assert refused.status_code == 422
    assert "没有“2023-11-31”这一天，请核对日期" in words(refused)
