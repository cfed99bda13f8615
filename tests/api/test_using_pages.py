"""用已报的记录 as the safety officer sees it on his phone: the record shown, one button, a receipt; without script."""

import re
from pathlib import Path

import pytest
from httpx2 import Response
from sqlalchemy import func, select
from sqlmodel import col

from campaigns.documents.receipt_file import read_receipt
from campaigns.settings import Settings
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.work.tasks import RecordUse, Submission, Task
from notifications.compose import compose
from tests.api.client import Browser, Clock, words
from tests.api.test_task_pages import names
from tests.campaigns import at, launched
from tests.people import Cast
from tests.pictures import photo
from tests.sharing import BESIDE, beside

TYPED = {"排查日期": "2023-05-12", "带队人": "卫矿长", "排查部位": ["坝体"], "无隐患声明": "on", "主要负责人签字": "on"}


@pytest.fixture
def other(cast: Cast) -> Campaign:
    """Return the city's campaign beside the 2023 action, which is launched too."""
    launched(cast)
    return beside(cast)


@pytest.fixture
def browser(cast: Cast, other: Campaign, clock: Clock, tmp_path: Path) -> Browser:
    """Return the principal's browser on 12 May 2023."""
    clock.instant = at(5, 12, 10)
    browser = Browser(cast.database, clock, Settings(demo=True, home=tmp_path))
    browser.sign_in("principal")
    return browser


def address(cast: Cast, *, of: Campaign | None = None, duty: str = "QY-01") -> str:
    """Return the pond's first task of a duty: of that campaign, else of the 2023 action."""
    with cast.database.reading() as session:
        line = select(col(Task.id)).join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        beside_it = select(col(Campaign.id)).where(col(Campaign.template) == "beside")
        campaign = col(Task.campaign_id) == of.id if of else col(Task.campaign_id).not_in(beside_it)
        mine = col(Task.organisation_id) == cast.pond.id, col(PlannedOccurrence.duty) == duty
        return f"/tasks/{session.scalars(line.where(campaign, *mine).order_by(col(Task.due_at)).limit(1)).one()}"


def report(browser: Browser, to: str) -> Response:
    """Fill in the inspection form as a browser sends it."""
    page = browser.get(to)
    known = names(page)
    data = {known[title]: value for title, value in TYPED.items()}
    return browser.http.post(
        f"{to}/submit",
        data={"form_key": "a-key-of-reporting", "version": version(page), **data},
        files={f"{known['现场照片']}.new": ("坝顶.jpg", photo(), "image/jpeg")},
    )


def version(page: Response) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.text)
    assert found is not None
    return found.group(1)


def number(sent: Response) -> str:
    """Return the receipt that a form led to."""
    return sent.headers["location"].split("/")[-1].split("?")[0]


def use(browser: Browser, to: str, receipt: str, *, key: str = "a-key-of-the-use-1") -> Response:
    return browser.post(f"{to}/use", key=key, receipt=receipt, version=version(browser.get(to)))


def test_the_page_shows_the_record_and_one_tap_gives_a_receipt(browser: Browser, cast: Cast, other: Campaign) -> None:
    assert "直接用这份" not in words(browser.get(address(cast, of=other)))
    receipt = number(report(browser, address(cast)))
    assert f'name="receipt" value="{receipt}"' in browser.get(f"/receipts/{receipt}").text, "the receipt offers it too"
    theirs = address(cast, of=other)
    seen = words(browser.get(theirs))
    for said in (
        "不用再填，直接用这份",
        "“重大事故隐患排查治理”已于5月12日 10:00报给",
        "用这份记录提交",
        "带队人 卫矿长",
    ):
        assert said in seen
    assert "不用再填" not in words(browser.get(address(cast, of=other, duty="QY-02")))
    sent = use(browser, theirs, receipt)
    page = browser.follow(sent)
    assert "已用这份记录提交，不用再填。" in words(page)
    assert f"回执号 {receipt}" in words(page)
    assert 'name="receipt"' not in page.text, "there is no third campaign"
    (file,) = re.findall(r'href="(/receipts/[^"]+/file)"', page.text)
    named = read_receipt(browser.get(file).content).named
    assert named["所用记录"].startswith(f"回执{receipt}，")
    again = use_again(browser, sent)
    assert again.headers["location"] == sent.headers["location"]
    with cast.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RecordUse)) == 1
        assert session.scalar(select(func.count()).select_from(Submission)) == 2
    assert "这份记录还用于： 集中排查整治：企业自查" in words(browser.get(address(cast)))


def use_again(browser: Browser, sent: Response) -> Response:
    """Send the same form a second time, as a double tap does."""
    return browser.http.post(sent.request.url.path, content=sent.request.read(), headers=dict(sent.request.headers))


def test_the_reviewer_sees_that_it_is_used_and_judges_for_himself(
    browser: Browser, cast: Cast, other: Campaign, clock: Clock
) -> None:
    theirs = address(cast, of=other)
    use(browser, theirs, number(report(browser, address(cast))))
    compose(cast.database, now=clock.instant)
    browser.sign_in("officer")
    assert "“集中排查整治”有提交等待审核" in words(browser.get("/notices"))
    assert "用已报的记录提交，等待审核" in words(browser.get("/decisions"))
    seen = words(browser.get(theirs))
    assert "第1次提交（用已报的记录）" in seen
    assert "本任务由您单位单独审核" in seen
    assert "用已报的记录提交" in seen, "the trail says it"
    browser.follow(browser.post(f"{theirs}/send-back", key="a-key-of-the-return", reason="没有查排洪设施"))
    browser.sign_in("principal")
    again = browser.get(theirs)
    assert "被退回，请改好后重新提交" in words(again)
    assert "坝顶.jpg" in again.text, "the record's photo can be handed in again"
    assert "不用再填" not in words(again)


def test_the_other_campaigns_reviewer_opens_the_records_photo_and_nobody_else(
    browser: Browser, cast: Cast, other: Campaign
) -> None:
    theirs = address(cast, of=other)
    use(browser, theirs, number(report(browser, address(cast))))
    page = browser.get(theirs)
    photo_at = re.search(r'href="(/files/[^"]+)"', page.text)
    assert photo_at is not None
    with cast.database.transaction() as session:
        task = session.get_one(Task, int(theirs.rpartition("/")[2]))
        task.reviewer_id = cast.neighbour_bureau.id
    browser.sign_in("neighbour.officer")
    assert browser.get(photo_at.group(1)).status_code == 200
    browser.sign_in("other.principal")
    assert browser.get(photo_at.group(1)).status_code == 404


def test_a_receipt_that_is_nobodys_or_does_not_do_is_refused_with_a_sentence(
    browser: Browser, cast: Cast, other: Campaign
) -> None:
    theirs = address(cast, of=other)
    receipt = number(report(browser, address(cast)))
    assert use(browser, theirs, "").status_code == 404
    wrong = use(browser, address(cast, of=other, duty="QY-02"), receipt, key="a-key-of-the-use-2")
    assert (wrong.status_code, "要的不是同一种，没有使用" in words(wrong)) == (409, True)
    old = browser.post(f"{theirs}/use", key="a-key-of-the-use-3", receipt=receipt, version="9")
    assert (old.status_code, "第9版" in words(old)) == (409, True)
    browser.sign_in("other.principal")
    assert browser.post(f"{theirs}/use", key="a-key-of-the-use-4", receipt=receipt).status_code == 404
    browser.sign_in("officer")
    assert browser.post(f"{theirs}/use", key="a-key-of-the-use-5", receipt=receipt).status_code == 403
    with cast.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RecordUse)) == 0


def test_the_worklist_says_which_task_needs_no_new_record(browser: Browser, cast: Cast, other: Campaign) -> None:
    assert "可用已填的" not in words(browser.get("/tasks"))
    report(browser, address(cast))
    page = browser.get("/tasks")
    assert f'href="{address(cast, of=other)}#usable"' in page.text
    assert "可以直接用，不用再填" in words(page)
    assert words(page).count("可用已填的") == 1
    assert "集中排查整治 ·" in words(page), "with two campaigns every task says whose it is"


def test_what_needs_no_new_record_is_not_folded_away_with_the_rest_of_what_is_due_later(
    browser: Browser, cast: Cast
) -> None:
    monthly, quarterly = (f"{often}, 截止: 期末,\n         表单: 隐患排查记录" for often in ("每月1次", "每季度1次"))
    beside(cast, key="launch-later", text=BESIDE.replace(monthly, quarterly))
    assert '<details class="later"><summary>' in browser.get("/tasks").text
    report(browser, address(cast))
    page = browser.get("/tasks")
    assert '<details class="later" open><summary>' in page.text
    assert words(page).count("可用已填的") == 2
