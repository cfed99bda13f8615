"""A task on paper and back: the printed form with every blank, its code, and the way from there through sign-in to the task."""

import re
from urllib.parse import quote

import pytest

from campaigns.rules.work.short_links import short_code
from campaigns.settings import DEMO_SECRET
from campaigns.store.campaign.campaigns import Campaign
from tests.api.client import Browser, Clock, words
from tests.api.test_task_pages import address, names
from tests.campaigns import at, launched
from tests.people import Cast


@pytest.fixture
def campaign(cast: Cast, clock: Clock) -> Campaign:
    """Launch the 2023 action; it is 12 May 2023."""
    clock.instant = at(5, 12, 10)
    return launched(cast)


def code(cast: Cast) -> str:
    return short_code(int(address(cast).rpartition("/")[2]), DEMO_SECRET)


def test_a_code_leads_through_signing_in_to_its_task(browser: Browser, cast: Cast, campaign: Campaign) -> None:
    outside = browser.get(f"/t/{code(cast)}")
    assert outside.headers["location"] == f"/sign-in?next={quote(f'/t/{code(cast)}')}"
    inside = browser.follow(browser.sign_in("principal", back=f"/t/{code(cast)}"))
    assert inside.headers["location"] == address(cast)
    assert browser.get(f"/t/{code(cast).lower()[:4]}-{code(cast)[4:]}").headers["location"] == address(cast)


def test_whose_task_it_is_not_finds_the_page_that_is_not_there(
    browser: Browser, cast: Cast, campaign: Campaign
) -> None:
    for login in ("other.principal", "stranger", "neighbour.officer"):
        browser.sign_in(login)
        foreign, nowhere = browser.get(f"/t/{code(cast)}"), browser.get("/t/00000000ZZ")
        assert (foreign.status_code, nowhere.status_code) == (404, 404)
        assert words(foreign) == words(nowhere)
        number = address(cast).rpartition("/")[2]
        for page in ("paper", "qr.svg"):
            assert browser.get(f"/tasks/{number}/{page}").status_code == 404
        assert browser.get(f"/campaigns/{campaign.id}/papers/{cast.pond.id}").status_code == 404


def test_the_paper_has_every_blank_of_the_form_and_room_to_sign(
    browser: Browser, cast: Cast, campaign: Campaign
) -> None:
    browser.sign_in("principal")
    blanks = set(names(browser.get(address(cast)))) - {"拍照或选照片", "签字"}
    paper = words(browser.get(f"{address(cast)}/paper"))
    inside_findings = {"什么隐患", "在哪里", "判定标准条款", "具体情况", "当场怎么改的", "是不是重大事故隐患"}
    assert blanks - inside_findings == {blank for blank in blanks - inside_findings if blank in paper}
    for said in ("□ 坝体", "□ 本期没有情况要报", "主要负责人签字", "单位（盖章）", "代录人", cast.pond.name):
        assert said in paper
    assert f"任务编号 {address(cast).rpartition('/')[2]}" in paper
    assert f"http://testserver /t/{code(cast)}" in paper, "the address may break before its code"


def test_the_code_is_drawn_for_the_bureau_and_on_paper_but_not_on_the_enterprises_pages(
    browser: Browser, cast: Cast, campaign: Campaign
) -> None:
    browser.sign_in("officer")
    assert f"/t/{code(cast)}" in words(browser.get(address(cast)))
    picture = browser.get(f"{address(cast)}/qr.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.startswith("<svg")
    browser.sign_in("principal")
    assert code(cast) not in browser.get(address(cast)).text
    assert code(cast) not in browser.get("/tasks").text


def test_everything_an_enterprise_still_owes_is_printed_in_one_go(
    browser: Browser, cast: Cast, campaign: Campaign
) -> None:
    here = f"/campaigns/{campaign.id}/papers/{cast.pond.id}"
    for login in ("officer", "principal"):
        browser.sign_in(login)
        first = browser.get(here)
        sheets = len(re.findall(r'class="sheet"', first.text))
        assert sheets == 15
        second = browser.get(f"{here}?page=2")
        total = int(re.search(r"还没办完的 (\d+) 项", words(first)).group(1))  # type: ignore[union-attr]
        assert sheets + len(re.findall(r'class="sheet"', second.text)) == min(total, 30)
    assert browser.get(f"{here}?page=99").status_code == 200
    assert browser.get(f"/campaigns/{campaign.id}/papers/{cast.bureau.id}").status_code == 404
    assert browser.get(f"/campaigns/999/papers/{cast.pond.id}").status_code == 404


def test_what_is_filed_as_a_report_has_no_paper_of_its_own(browser: Browser, cast: Cast, campaign: Campaign) -> None:
    browser.sign_in("officer")
    page = browser.get("/tasks")
    reported = [
        task
        for task in sorted(set(re.findall(r'href="(/tasks/\d+)"', page.text)))
        if "在报表里填" in words(browser.get(task))
    ]
    answer = browser.get(f"{reported[0]}/paper")
    assert answer.status_code == 409
    assert "没有自己的纸质表" in words(answer)


def test_the_paper_of_a_permit_stays_where_the_work_is_done(browser: Browser, cast: Cast, campaign: Campaign) -> None:
    browser.sign_in("principal")
    paper = words(browser.get(f"{address(cast, 'QY-08')}/paper"))
    assert "每次作业前填一张" in paper
    assert "存档备查" in paper
    assert "代录时填写" not in paper
