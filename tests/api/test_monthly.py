"""The table of the 25th in a browser: read, type, file, return, accept, open a number, download."""

from datetime import datetime
from io import BytesIO
from re import findall

import pytest
from openpyxl import load_workbook

from campaigns.actions.reporting.reports import open_period
from campaigns.definition.shelf import reports
from campaigns.store.reporting.reports import Report
from tests.api.client import Browser, Clock, form_key, words
from tests.monthly import JUNE, MAY, TABLE, Register, instant_of, report_of, reporting
from tests.people import Cast


@pytest.fixture
def report_id(cast: Cast, clock: Clock) -> int:
    """Open May's table of 茌平 with one hazard in its register."""
    clock.instant = instant_of(5, 22)
    with cast.database.transaction() as session:
        campaign = reporting(session, cast)
        register = Register(session, campaign, cast.officer.person_id or 0)
        register.hazard(cast.pond, cast.bureau, instant_of(5, 21))
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 22))
        return report_of(session, campaign, cast.bureau).id


TYPED = [atom.code for atom in reports()[TABLE].atoms if atom.source == "填报"]


def fill(browser: Browser, report_id: int, **given: str) -> None:
    page = browser.get(f"/reports/{report_id}/fill")
    typed = {f"month-{code}": "0" for code in TYPED} | {"month-4.6": "否"} | given
    version = page.text.split('name="edit_version" value="')[1].split('"')[0]
    response = browser.post(f"/reports/{report_id}/fill", form_key(page), edit_version=version, **typed)
    assert response.status_code == 303, words(response)


def test_the_table_shows_the_paper_and_what_is_missing(browser: Browser, report_id: int) -> None:
    browser.sign_in("officer")
    page = browser.get(f"/reports/{report_id}")
    assert page.status_code == 200
    text = words(page)
    assert "对企业自查自改进行抽查检查情况" in text
    assert "3.1“帮扶指导县区”还没有填；没有的请填0。" in text
    assert "签字上报" in text
    assert "您没有权限上报调度表" in text
    assert page.text.count('class="section"') == 4
    assert page.text.count("<tr>") == 18, "a heading and the paper's 17 rows"


def test_month_and_comparison_are_one_click_away(browser: Browser, report_id: int) -> None:
    browser.sign_in("officer")
    assert "（当月数）" in words(browser.get(f"/reports/{report_id}?show=month"))
    assert "系统算得累计" in words(browser.get(f"/reports/{report_id}?show=compare"))


def test_a_table_is_typed_filed_returned_and_accepted(browser: Browser, report_id: int, clock: Clock) -> None:
    browser.sign_in("officer")
    fill(browser, report_id, **{"month-3.1": "3"})
    browser.sign_in("leader")
    page = browser.get(f"/reports/{report_id}")
    seen = page.text.split('name="seen" value="')[1].split('"')[0]
    response = browser.post(f"/reports/{report_id}/file", form_key(page), seen=seen)
    assert "已签发上报" in words(browser.follow(response))
    browser.sign_in("city.leader")
    page = browser.get(f"/reports/{report_id}")
    response = browser.post(f"/reports/{report_id}/send-back", "key-for-sending-back", reason=" ")
    assert response.status_code == 422
    assert "请写明哪一格有什么问题" in words(response)
    response = browser.post(f"/reports/{report_id}/send-back", "key-for-sending-back-2", reason="3.1请核对")
    assert "已退回" in words(browser.follow(response))
    browser.sign_in("leader")
    page = browser.get(f"/reports/{report_id}")
    assert "3.1请核对" in words(page)
    seen = page.text.split('name="seen" value="')[1].split('"')[0]
    browser.post(f"/reports/{report_id}/file", "key-for-filing-again", seen=seen)
    browser.sign_in("city.leader")
    browser.post(f"/reports/{report_id}/accept", "key-for-accepting-1")
    listed = words(browser.get("/reports"))
    assert "已接收 1/2" in listed


def test_a_wrong_figure_is_shown_beside_its_cell_with_everything_typed_kept(browser: Browser, report_id: int) -> None:
    browser.sign_in("officer")
    page = browser.get(f"/reports/{report_id}/fill")
    typed = {"month-3.1": "两次", "month-3.9": "7"}
    response = browser.post(f"/reports/{report_id}/fill", form_key(page), edit_version="1", **typed)
    assert response.status_code == 422
    assert "“两次”不能填在这里" in words(response)
    assert 'value="两次"' in response.text
    assert "还没有填" not in words(response), "beside what was just typed it would be untrue"
    assert 'value="7"' in response.text


def test_a_number_opens_the_rows_behind_it(browser: Browser, report_id: int) -> None:
    browser.sign_in("officer")
    page = browser.get(f"/reports/{report_id}/cells/1.1")
    assert "坝体渗漏" in words(page)
    assert "当月" in words(page)
    assert browser.get(f"/reports/{report_id}/cells/9.9").status_code == 404


def test_the_download_is_the_paper(browser: Browser, report_id: int) -> None:
    browser.sign_in("officer")
    response = browser.get(f"/reports/{report_id}/table.xlsx")
    assert "filename*=UTF-8''" in response.headers["content-disposition"]
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    assert sheet.max_column == 7
    assert sheet["A1"].value.endswith("进展情况调度表")


@pytest.mark.parametrize("login", ["neighbour.leader", "stranger", "principal", "government"])
def test_a_foreign_table_is_not_found(browser: Browser, report_id: int, login: str) -> None:
    browser.sign_in(login)
    for page in ("", "/fill", "/cells/1.1", "/table.xlsx"):
        assert browser.get(f"/reports/{report_id}{page}").status_code == 404, page


def test_a_county_never_sees_its_neighbour_through_the_city(browser: Browser, report_id: int, cast: Cast) -> None:
    browser.sign_in("leader")
    with cast.database.reading() as session:
        parent = session.get_one(Report, report_id).parent_id
    assert browser.get(f"/reports/{parent}").status_code == 404


def test_a_superior_sees_who_has_not_reported_with_a_text_to_paste(
    browser: Browser, report_id: int, clock: Clock
) -> None:
    clock.instant = datetime.fromisoformat("2023-05-25T18:00+08:00")
    browser.sign_in("city.officer")
    page = browser.get("/progress/1")
    assert page.status_code == 200
    assert "茌平区" in words(page)
    assert "0/2" in words(page)
    missing = words(browser.get("/progress/1/missing"))
    assert "【调度表催报】截至5月25日18:00，2023年5月调度表应报2家，已报0家，以下2家还没有上报" in missing
    assert "已过截止" in missing


def test_a_superior_sees_the_period_just_due_beside_the_one_owed_longest(
    browser: Browser, report_id: int, cast: Cast, clock: Clock
) -> None:
    with cast.database.transaction() as session:
        campaign_id = session.get_one(Report, report_id).campaign_id
        open_period(session, campaign_id=campaign_id, form=TABLE, period=JUNE, now=instant_of(6, 20))
    for day, tiles in ((instant_of(6, 20), [MAY]), (instant_of(6, 26), [JUNE, MAY])):
        clock.instant = day
        browser.sign_in("city.officer")
        page = browser.get("/progress/1")
        assert findall(r'href="/progress/1/missing\?form=[^"]*period=([^"]*)"', page.text) == tiles
    assert "2023年6月 调度表 0/2 家已报 2 家没报 2023年5月 调度表 0/2 家已报 2 家没报" in words(page)


def test_a_county_looks_inside_its_own_region_only(browser: Browser, report_id: int, cast: Cast) -> None:
    browser.sign_in("officer")
    assert browser.get(f"/progress/1?region={cast.city.id}").status_code == 404
    assert browser.get("/progress/1").status_code == 200


def test_progress_without_any_campaign_says_what_will_stand_there(browser: Browser) -> None:
    browser.sign_in("city.officer")
    assert "还没有可看的行动" in words(browser.get("/progress"))
    assert "还没有要填的表" in words(browser.get("/reports"))


def test_enterprises_have_no_such_pages(browser: Browser, report_id: int) -> None:
    browser.sign_in("principal")
    assert browser.get("/progress").status_code == 404
    assert browser.get("/progress/1").status_code == 404
    assert browser.get(f"/reports/{report_id}").status_code == 404
    assert "还没有要填的表" in words(browser.get("/reports")), "its own would stand here: the quarter's 统计分析表"
