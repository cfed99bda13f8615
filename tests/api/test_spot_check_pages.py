"""抽查建议 on the page: a flag with its two photos side by side, set aside with a reason or put on the list, and the visit."""

import re
from pathlib import Path

import pytest

from campaigns.actions.directory.handing_over import transfer
from campaigns.settings import Settings
from campaigns.store.files import Folder
from flows.spot_checks import raise_flags
from tests.api.client import Browser, Clock, words
from tests.campaigns import SMALL, at, launched
from tests.people import Cast
from tests.pictures import scene

FLAG = re.compile(r"/spot-checks/flags/\d+")
LOOK_BACK = re.compile(r"/look-backs/\d+/\d+")


@pytest.fixture
def browser(cast: Cast, clock: Clock, tmp_path: Path) -> Browser:
    """Return the officer's browser after 青山 has closed two hazards at once, with one photo for both."""
    campaign = launched(cast, text=SMALL)
    clock.instant = at(5, 12, 10)
    browser = Browser(cast.database, clock, Settings(demo=True, home=tmp_path))
    for number in (1, 2):
        browser.sign_in("safety")
        sent = {"title": f"缺护栏{number}", "rectification": "已装", "form_key": f"a-key-of-hazard-{number}"}
        photos = {"photos": ("一.jpg", scene(1), "image/jpeg")}
        where = browser.http.post("/hazards/register", data=sent, files=photos).headers["location"]
        browser.sign_in("principal")
        browser.post(f"{where}/close", key=f"a-key-of-close-0{number}", opinion="合格", version="2")
    raise_flags(cast.database, campaign.id, store=Folder(tmp_path / "files"), now=at(5, 13))
    clock.instant = at(5, 13)
    browser.sign_in("officer")
    return browser


def test_a_flag_leads_to_its_records_and_to_a_visit(browser: Browser, clock: Clock) -> None:
    assert "/spot-checks" in browser.get("/hazards").text
    assert "/spot-checks?campaign=1" in browser.get("/campaigns/1").text
    listed = browser.get("/spot-checks?campaign=1")
    assert "2023年5月有2项自查隐患从登记、整改到复查销号都在几分钟之内" in words(listed)
    flag, same = sorted(set(FLAG.findall(listed.text)))
    both = browser.get(same)
    assert len(re.findall(r'<img src="/files/\w+/small"', both.text)) == 2
    for link in re.findall(r'(?:class="open" href|<img src)="([^"]+)"', both.text + browser.get(flag).text):
        assert browser.get(link).status_code == 200
    refused = browser.post(f"{flag}/list", key="a-key-of-listing-0")
    assert refused.status_code == 422
    assert "请选打算哪天去，今天或以后" in words(refused)
    assert "日期" in words(browser.post(f"{flag}/list", key="a-key-of-listing-1", planned_on="下周"))
    sent = {"planned_on": "2023-05-16", "version": "1"}
    visit = browser.follow(browser.post(f"{flag}/list", key="a-key-of-listing-2", **sent))
    assert "打算 2023年5月16日 去" in words(visit)
    assert browser.get("/hazards/new?enterprise=8").status_code == 200
    again = browser.post(f"{flag}/list", key="a-key-of-listing-2", **sent)
    assert again.headers["location"] == str(visit.url.path), "twice is once"
    stale = browser.post(f"{flag}/set-aside", key="a-key-of-setting-1", reason="停产", version="1")
    assert (stale.status_code, "现在已是第2版" in words(stale)) == (409, True)
    where = str(visit.url.path)
    assert "请写明抽查看到的情况" in words(
        browser.post(f"{where}/outcome", key="a-key-of-outcome-0", checked_on="2023-05-13")
    )
    done = {"checked_on": "2023-05-13", "outcome": "护栏确已装好"}
    assert "护栏确已装好" in words(browser.follow(browser.post(f"{where}/outcome", key="a-key-of-outcome-1", **done)))
    assert "护栏确已装好" in words(browser.get("/spot-checks"))
    assert browser.post(f"{where}/outcome", key="a-key-of-outcome-2", **done).status_code == 409


def on_the_list(browser: Browser) -> str:
    """Put the enterprise on the list and return where its visit stands."""
    flag = FLAG.findall(browser.get("/spot-checks").text)[0]
    sent = {"planned_on": "2023-05-16", "version": "1"}
    return browser.post(f"{flag}/list", key="a-key-of-listing-2", **sent).headers["location"]


def drawn_both(browser: Browser) -> None:
    days = {"starts_on": "2023-05-12", "ends_on": "2023-05-12", "size": "2"}
    assert browser.post("/look-backs/draw", key="a-key-of-a-draw-1", **days).status_code == 303


def test_a_visit_opens_what_was_drawn_there_for_a_look_back(browser: Browser) -> None:
    visit = on_the_list(browser)
    assert LOOK_BACK.findall(browser.get(visit).text) == []
    drawn_both(browser)
    page = browser.get(visit)
    assert "缺护栏1（2023年5月12日销号）" in words(page)
    first, second = LOOK_BACK.findall(page.text)
    browser.sign_in("inspector")
    assert "看到的情况" in words(browser.get(first))
    page = browser.follow(browser.post(first, key="a-key-of-looking-1", held="yes", opinion="护栏还在"))
    assert "护栏还在" in words(page)
    assert LOOK_BACK.findall(browser.get(visit).text) == [second], "what was looked at is not asked for again"
    browser.post(second, key="a-key-of-looking-2", held="no", opinion="护栏被拆了")
    assert LOOK_BACK.findall(browser.get(visit).text) == []
    assert "护栏被拆了" in words(browser.get("/look-backs/1"))


def test_after_a_hand_over_the_new_bureaus_visit_opens_what_the_old_one_drew(browser: Browser, cast: Cast) -> None:
    visit = on_the_list(browser)
    drawn_both(browser)
    with cast.database.transaction() as session:
        handed = {"enterprise_id": cast.pond.id, "bureau_id": cast.neighbour_bureau.id, "reason": "区划调整"}
        transfer(session, **handed, on=at(5, 13).date(), by=cast.city_officer, now=at(5, 13))
    assert browser.get(visit).status_code == 404
    browser.sign_in("neighbour.officer")
    first, _ = LOOK_BACK.findall(browser.get(visit).text)
    assert browser.get(first).status_code == 200
    assert browser.post(first, key="a-key-of-looking-1", held="yes", opinion="还在").status_code == 303


def test_a_flag_is_set_aside_with_a_reason_and_the_enterprise_learns_of_nothing(browser: Browser) -> None:
    flag = FLAG.findall(browser.get("/spot-checks").text)[0]
    assert "请写明不列入抽查的理由" in words(browser.post(f"{flag}/set-aside", key="a-key-of-setting-0"))
    sent = {"reason": "现场同事在场", "version": "1"}
    assert browser.post(f"{flag}/set-aside", key="a-key-of-setting-1", **sent).status_code == 303
    assert "现场同事在场" in words(browser.get("/spot-checks?tab=set_aside"))
    assert "现场同事在场" in words(browser.get(flag))
    assert "放下抽查疑点" in words(browser.get("/trail"))
    browser.sign_in("principal")
    assert browser.get("/spot-checks").status_code == 403
    assert (
        browser.get(flag).status_code == browser.post(f"{flag}/set-aside", key="a-key-of-a-spy-00").status_code == 404
    )
    for page in ("/notices", "/trail", "/hazards", "/tasks"):
        assert not {word for word in ("疑点", "抽查") if word in words(browser.get(page))}, page
