"""The clerk's page for what came on paper, and how an entry is marked wherever it shows."""

import re
from pathlib import Path

import pytest
from httpx2 import Response

from campaigns.documents.receipt_file import read_receipt
from campaigns.settings import Settings
from campaigns.store.work.tasks import Draft, PaperEntry, Submission
from notifications.compose import compose
from tests.api.client import Browser, Clock, words
from tests.api.test_task_pages import address, count, names
from tests.campaigns import at, launched
from tests.people import Cast
from tests.pictures import PAPER, PROGRAM, photo


@pytest.fixture
def browser(cast: Cast, clock: Clock, tmp_path: Path) -> Browser:
    """Return the county officer's browser on 12 May 2023, with the 2023 action launched."""
    launched(cast)
    clock.instant = at(5, 12, 10)
    browser = Browser(cast.database, clock, Settings(demo=True, home=tmp_path))
    browser.sign_in("officer")
    return browser


def send(
    browser: Browser, cast: Cast, *, key: str = "a-key-of-an-entry", scan: bytes = PAPER, **blanks: object
) -> Response:
    """Type a paper in as a browser without script sends it."""
    here = f"{address(cast)}/enter"
    page = browser.get(here)
    known = names(page)
    typed = {
        "排查日期": "2023-05-12",
        "带队人": "卫青山",
        "排查部位": ["坝体"],
        "无隐患声明": "卫青山",
        "主要负责人签字": "卫青山",
        "纸面签字人": "卫青山",
        "收到纸质表的日期": "2023-05-12",
    } | blanks
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version is not None
    data = {known.get(title, title): value for title, value in typed.items() if value != ""}
    files = {
        f"{known['纸质表原件']}.new": ("第1页.pdf", scan, "application/pdf"),
        f"{known['现场照片']}.new": ("坝顶.jpg", photo(), "image/jpeg"),
    }
    return browser.http.post(here, data={"form_key": key, "version": version.group(1), **data}, files=files)


def test_a_paper_is_typed_in_and_marked_wherever_it_shows(browser: Browser, cast: Cast, clock: Clock) -> None:
    assert f"{address(cast)}/enter" in browser.get(address(cast)).text
    receipt = browser.follow(send(browser, cast))
    for said in (
        "代录人 区局王经办",
        "纸面签字人 卫青山",
        "收到纸质表 2023年5月12日",
        "第1页.pdf",
        "卫青山（纸面签字）",
    ):
        assert said in words(receipt)
    (file,) = re.findall(r'href="(/receipts/[^"]+/file)"', receipt.text)
    read = read_receipt(browser.get(file).content)
    assert read.named["代录"] == "区局王经办照2023年5月12日收到的纸质表录入，纸面签字人卫青山"
    assert read.sealed.paper is not None
    page = words(browser.get(address(cast)))
    assert "第1次提交（代录）" in page
    assert "照纸质表代录" in page, "the trail says it"
    browser.sign_in("leader")
    assert "照纸质表代录，等待审核" in words(browser.get("/decisions"))
    assert "请对照纸质表原件审核" in words(browser.get(address(cast)))
    exported = browser.get("/tables/tasks.csv").content.decode("utf-8-sig")
    assert exported.splitlines()[0].endswith("是否代录")
    compose(cast.database, now=clock.instant)
    browser.sign_in("safety")
    told = words(browser.get("/notices"))
    assert "已按你单位的纸质表代录，请核对" in told
    assert "纸面签字人卫青山" in told


def test_the_enterprise_objects_on_its_page_and_fills_in_itself(browser: Browser, cast: Cast, clock: Clock) -> None:
    send(browser, cast)
    browser.sign_in("safety")
    assert "这份是代录的，请核对" in words(browser.get(address(cast)))
    wordless = browser.post(f"{address(cast)}/object", key="a-key-of-objecting", reason="")
    assert (wordless.status_code, "请写明异议" in words(wordless)) == (422, True)
    page = words(browser.follow(browser.post(f"{address(cast)}/object", key="a-key-of-objecting", reason="部位不对")))
    assert "对代录有异议，由企业自己填报" in page
    assert "企业有异议：部位不对" in page
    assert 'action="' + address(cast) + '/submit"' in browser.get(address(cast)).text
    again = browser.post(f"{address(cast)}/object", key="a-key-of-objecting-2", reason="又一次")
    assert again.status_code == 409
    compose(cast.database, now=clock.instant)
    browser.sign_in("officer")
    assert "对代录的“重大事故隐患排查治理（2023年5月第1次）”有异议" in words(browser.get("/notices"))


def test_the_bureau_finds_an_objection_to_what_was_accepted_among_its_decisions(
    browser: Browser, cast: Cast, clock: Clock
) -> None:
    send(browser, cast)
    browser.sign_in("leader")
    browser.post(f"{address(cast)}/accept", key="a-key-of-accepting")
    browser.sign_in("safety")
    page = words(browser.follow(browser.post(f"{address(cast)}/object", key="a-key-of-objecting", reason="部位不对")))
    assert "等监管部门决定，决定以前记录不变" in page
    browser.sign_in("officer")
    assert "自己代录的，不能自己决定企业的异议。请换一位同事决定。" in words(browser.get(address(cast)))
    clock.instant = at(5, 20, 10)
    browser.sign_in("leader")
    assert "对代录有异议：部位不对" in words(browser.get("/decisions?kind=request"))
    page = browser.get(address(cast))
    assert "企业对这份代录有异议，等您决定" in words(page)
    assert 'value="2023-05-27"' in page.text, "a week from today, because the deadline has passed"
    (grant,) = re.findall(r'action="(/requests/\d+/grant)"', page.text)
    refused = browser.post(grant, key="a-key-of-granting", due_on="2023-05-19")
    assert (refused.status_code, "请选2023年5月21日或以后的日期" in words(refused)) == (422, True)
    browser.post(grant, key="a-key-of-granting", due_on="2023-05-27")
    compose(cast.database, now=clock.instant)
    browser.sign_in("safety")
    page = words(browser.get(address(cast)))
    assert "对代录有异议，由企业自己填报" in page
    assert "采纳异议，退回企业重新填报" in page, "the trail says it"
    told = words(browser.get("/notices"))
    assert "异议已采纳：“重大事故隐患排查治理（2023年5月第1次）”已退回，请自己填报" in told
    assert "期限：2023年5月27日" in told


def test_what_is_missing_is_said_and_everything_typed_is_kept(browser: Browser, cast: Cast) -> None:
    page = send(browser, cast, 纸面签字人="", 主要负责人签字="卫矿长")
    assert page.status_code == 422
    assert "请填写“纸面签字人”" in words(page)
    assert "第1页.pdf" in words(page), "the scan is there already"
    assert 'value="卫矿长"' in page.text
    assert count(cast, PaperEntry) == 0
    wrong = send(browser, cast, key="another-key-of-it", scan=PROGRAM)
    assert (wrong.status_code, "不能上传" in words(wrong)) == (422, True)
    draft = send(browser, cast, key="a-third-key-of-it", intent="draft")
    assert draft.headers["location"] == f"{address(cast)}/enter"
    assert (count(cast, Draft), count(cast, Submission)) == (1, 0)


def test_a_double_click_types_in_once(browser: Browser, cast: Cast) -> None:
    first = send(browser, cast, scan=photo())
    again = browser.http.post(first.request.url.path, content=first.request.read(), headers=dict(first.request.headers))
    assert first.headers["location"] == again.headers["location"]
    assert (count(cast, Submission), count(cast, PaperEntry)) == (1, 1)
    assert count(cast, Draft) == 0


def test_nobody_else_gets_the_clerks_page(browser: Browser, cast: Cast) -> None:
    here, statuses = f"{address(cast)}/enter", {}
    for login in ("principal", "inspector", "leader", "neighbour.officer", "stranger"):
        browser.sign_in(login)
        statuses[login] = (browser.get(here).status_code, browser.post(here, key=f"a-key-of-{login}-1").status_code)
    assert statuses == {
        "principal": (403, 403),
        "inspector": (403, 403),
        "leader": (403, 403),
        "neighbour.officer": (404, 404),
        "stranger": (404, 404),
    }
    browser.sign_in("officer")
    permit = browser.get(f"{address(cast, 'QY-08')}/enter")
    assert (permit.status_code, "不能代录" in words(permit)) == (403, True)
