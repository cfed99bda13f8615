"""The enterprise's pages: today's work, a form sent without script, a receipt, and nothing of anybody else's."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import func, select

from campaigns.actions.work.tasks import submit
from campaigns.documents.receipt_file import read_receipt
from campaigns.queries.work.submissions import SHOWN
from campaigns.settings import Settings
from campaigns.store.files import Folder
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.work.tasks import Attachment, Draft, Submission
from tests.api.client import Browser, Clock, form_key, words
from tests.campaigns import at, launched
from tests.factories import PERMIT, task_of
from tests.people import Cast
from tests.pictures import PAPER, PROGRAM, photo

KEY = "a-key-of-a-submission"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return where the app keeps its files."""
    return tmp_path / "home"


@pytest.fixture
def browser(cast: Cast, clock: Clock, home: Path) -> Browser:
    """Return the principal's browser on 12 May 2023, with the 2023 action launched."""
    launched(cast)
    clock.instant = at(5, 12, 10)
    browser = Browser(cast.database, clock, Settings(demo=True, home=home))
    browser.sign_in("principal")
    return browser


def address(cast: Cast, duty: str = "QY-01") -> str:
    with cast.database.reading() as session:
        return f"/tasks/{task_of(session, duty, cast.pond.id).id}"


def names(page: Response) -> dict[str, str]:
    """Return the page's name of each blank by what stands beside it."""
    labels = re.findall(r'<label for="field-([^"]+)">([^<]+?)\s*<', page.text + "<")
    legends = re.findall(r'<fieldset class="field[^"]*" id="field-([^"]+)"[^>]*>\s*<legend>([^<]+?)\s*<', page.text)
    return {label.strip(): name for name, label in labels + legends}


def send(
    browser: Browser,
    cast: Cast,
    *,
    key: str = KEY,
    picture: bytes | None = None,
    intent: str = "",
    duty: str = "QY-01",
    **blanks: object,
) -> Response:
    """Fill in the inspection form as a browser sends it, and send it."""
    return browser.http.post(
        f"{address(cast, duty)}/submit",
        **filled(browser, cast, key=key, picture=picture, intent=intent, duty=duty, **blanks),
    )


def filled(
    browser: Browser, cast: Cast, *, key: str, picture: bytes | None, intent: str, duty: str, **blanks: object
) -> dict[str, Any]:
    page = browser.get(address(cast, duty))
    known = names(page)
    typed = {
        "排查日期": "2023-05-12",
        "带队人": "卫矿长",
        "排查部位": ["坝体"],
        "无隐患声明": "on",
        "主要负责人签字": "on",
    } | blanks
    data = {known.get(title, title): value for title, value in typed.items() if value != ""}
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version is not None
    files = {f"{known['现场照片']}.new": ("坝顶.jpg", picture, "image/jpeg")} if picture else None
    fields = {"form_key": key, "version": version.group(1), **data, **({"intent": intent} if intent else {})}
    return {"data": fields, "files": files}


def count(cast: Cast, table: type) -> int:
    with cast.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_day_begins_with_what_must_be_done_today(browser: Browser, clock: Clock) -> None:
    clock.instant = at(5, 15, 9)
    browser.sign_in("principal")
    page = browser.follow(browser.get("/"))
    assert "今天必须办" in words(page)
    assert "重大事故隐患排查治理（2023年5月第1次）" in words(page)


def test_a_task_shows_the_notices_own_words_and_its_days_left(browser: Browser, cast: Cast) -> None:
    seen = words(browser.get(address(cast)))
    assert "每月组织开展2次重大事故隐患排查治理" in seen
    assert "五（一）2" in seen
    assert "5月15日 周一 17:00 止 还有 3 天" in seen


def test_a_form_with_a_photo_leads_to_a_receipt_that_can_be_printed(browser: Browser, cast: Cast, home: Path) -> None:
    receipt = browser.follow(send(browser, cast, picture=photo(artist="张三")))
    assert "已收到，这项任务办完了" in words(receipt)
    assert "坝顶.jpg" in words(receipt)
    store = Folder(home / "files")
    stored = [store.read(file.storage_id) for file in store.stored()]
    assert len(stored) == 1
    assert "张三".encode() not in stored[0]


def test_a_receipt_can_be_taken_along_as_a_signed_file(browser: Browser, cast: Cast) -> None:
    receipt = browser.follow(send(browser, cast, picture=photo()))
    (file,) = re.findall(r'href="(/receipts/[^"]+/file)"', receipt.text)
    taken = browser.get(file)
    assert "filename*=UTF-8''%E5%9B%9E%E6%89%A7" in taken.headers["content-disposition"]
    read = read_receipt(taken.content)
    assert (read.sealed.signer, read.named["任务"]) == ("青山卫矿长", "重大事故隐患排查治理")
    assert read.fingerprint == browser.get("/receipt-key").text.strip()
    browser.sign_in("stranger")
    assert browser.get(file).status_code == 404


def test_a_double_click_hands_in_once(browser: Browser, cast: Cast) -> None:
    page = browser.get(address(cast))
    assert form_key(page)
    first = send(browser, cast, picture=photo())
    again = browser.http.post(first.request.url.path, content=first.request.read(), headers=dict(first.request.headers))
    assert first.headers["location"] == again.headers["location"]
    assert (count(cast, Submission), count(cast, Attachment)) == (1, 1)


def test_clicks_at_the_very_same_moment_all_end_at_the_receipt(browser: Browser, cast: Cast) -> None:
    form = filled(browser, cast, key=KEY, picture=photo(), intent="", duty="QY-01")
    there = f"{address(cast)}/submit"
    with ThreadPoolExecutor(4) as hands:
        answers = list(hands.map(lambda _: browser.http.post(there, **form), range(4)))
    assert {answer.status_code for answer in answers} == {303}, [words(answer)[:300] for answer in answers]
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert count(cast, Submission) == 1


def test_a_double_click_on_a_permit_leaves_no_draft_of_what_was_handed_in(browser: Browser, cast: Cast) -> None:
    first = send(browser, cast, duty="QY-08", **PERMIT)
    again = browser.http.post(first.request.url.path, content=first.request.read(), headers=dict(first.request.headers))
    assert "/receipts/" in again.headers["location"]
    assert (count(cast, Submission), count(cast, Draft)) == (1, 0)


def test_a_permit_is_not_the_end_of_its_duty_and_a_year_of_them_stays_a_light_page(
    browser: Browser, cast: Cast
) -> None:
    receipt = browser.follow(send(browser, cast, duty="QY-08", **PERMIT))
    assert "已收到，下次再填一张" in words(receipt)
    with cast.database.transaction() as session:
        task = task_of(session, "QY-08", cast.pond.id)
        for _ in range(SHOWN + 4):
            submit(session, task_id=task.id, values=PERMIT, by=cast.principal, now=at(5, 12, 11))
    page = browser.get(address(cast, "QY-08"))
    assert page.text.count("/receipts/") == SHOWN
    link = re.search(r'href="(/tasks/\d+\?before=\d+)"', page.text)
    assert link is not None
    assert "看更早的 5 次提交" in words(page)
    assert browser.get(link.group(1)).text.count("/receipts/") == 5


def test_what_is_missing_is_said_beside_the_blank_and_everything_is_kept(browser: Browser, cast: Cast) -> None:
    refused = send(browser, cast, picture=photo(), 带队人="", 排查日期="2023-05-13")
    assert refused.status_code == 422
    assert "请填写“带队人”" in words(refused)
    assert "日期不能晚于今天" in words(refused)
    assert "坝顶.jpg" in words(refused)
    assert 'value="2023-05-13"' in refused.text
    assert count(cast, Submission) == 0
    kept = send(browser, cast, key="another-key-of-it", 现场照片=photo_ids(cast))
    assert kept.status_code == 303


def photo_ids(cast: Cast) -> list[str]:
    with cast.database.reading() as session:
        return [file.storage_id for file in session.scalars(select(Attachment))]


def test_a_draft_is_kept_without_being_checked_and_seen_by_a_colleague(browser: Browser, cast: Cast) -> None:
    kept = send(browser, cast, intent="draft", 带队人="写了一半", 主要负责人签字="", picture=photo())
    assert "草稿已保存" in words(browser.follow(kept))
    browser.sign_in("safety")
    page = browser.get(address(cast))
    assert 'value="写了一半"' in page.text
    assert "坝顶.jpg" in words(page)
    assert (count(cast, Draft), count(cast, Submission)) == (1, 0)


def test_hazards_typed_without_script_reach_the_register(browser: Browser, cast: Cast) -> None:
    more = send(browser, cast, intent="more", **{"b5.0.title": "盖板破损"})
    page = browser.follow(more)
    rows = sorted(set(re.findall(r'name="(b\d+)\.(\d+)\.title"', page.text)))
    assert [place for _, place in rows] == ["0", "1"]
    list_name = rows[0][0]
    found = {
        f"{list_name}.0.title": "盖板破损",
        f"{list_name}.1.title": "警示牌缺失",
        f"{list_name}.1.rectification": "已补",
    }
    receipt = browser.follow(send(browser, cast, picture=photo(), 无隐患声明="", **found))
    assert "进入台账的隐患" in words(receipt)
    assert count(cast, Hazard) == 2


@pytest.mark.parametrize("content", [PROGRAM, PAPER, b""])
def test_a_file_that_is_no_photo_is_refused_and_the_words_are_kept(
    browser: Browser, cast: Cast, content: bytes
) -> None:
    refused = send(browser, cast, picture=content)
    assert refused.status_code == 422
    assert ("不是照片" if content else "请上传“现场照片”") in words(refused)
    assert 'value="卫矿长"' in refused.text
    assert "有1处需要改，没有提交。 填写的内容和照片都已存为草稿。" in words(refused)
    assert (count(cast, Attachment), count(cast, Submission)) == (0, 0)


def test_nothing_to_report_is_signed_in_two_clicks(browser: Browser, cast: Cast) -> None:
    unsigned = browser.post(f"{address(cast)}/nil", key=KEY)
    assert unsigned.status_code == 422
    assert "请勾选“本人签字确认”" in words(unsigned)
    assert "零报告要本人签字。 没有改动任何内容。" in words(unsigned)
    assert "已存为草稿" not in words(unsigned), "nothing was kept, so nothing is said to be"
    signed = browser.post(f"{address(cast)}/nil", key=KEY, signed="on")
    assert "零报告" in words(browser.follow(signed))


def test_an_extension_is_asked_for_decided_and_shown(browser: Browser, cast: Cast) -> None:
    wrong = browser.post(f"{address(cast)}/request", key=KEY, kind="extension", due_on="2023-05-01", reason="暴雨")
    assert wrong.status_code == 422
    assert "请选一个晚于2023年5月15日的日期" in words(wrong)
    asked = browser.post(f"{address(cast)}/request", key=KEY, kind="extension", due_on="2023-05-20", reason="暴雨")
    assert "暴雨" in words(browser.follow(asked))
    browser.sign_in("officer")
    waiting = browser.get("/decisions?kind=request")
    where = re.search(r'href="(/decisions/request/\d+)"', waiting.text)
    assert where is not None
    page = browser.follow(browser.get(where.group(1)))
    grant = re.search(r'action="(/requests/\d+/grant)"', page.text)
    assert grant is not None
    assert browser.post(grant.group(1), key="a-key-of-a-decision").status_code == 303
    browser.sign_in("principal")
    seen = words(browser.get(address(cast)))
    assert "5月20日" in seen
    assert "原期限 5月15日" in seen


def test_a_submission_goes_back_with_a_reason_and_comes_again(browser: Browser, cast: Cast, clock: Clock) -> None:
    clock.instant = at(6, 20)
    browser.sign_in("principal")
    fields = {"排查日期": "2023-06-15", "duty": "QY-21"}
    assert send(browser, cast, picture=photo(), **fields).status_code == 303
    browser.sign_in("officer")
    page = browser.follow(browser.get(f"/decisions/review/{address(cast, 'QY-21').rsplit('/', 1)[-1]}"))
    assert "等您审核" in words(page)
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version is not None
    back = f"{address(cast, 'QY-21')}/send-back"
    stale = browser.post(back, key="a-key-of-a-stale-1", reason="不全", version="1")
    assert stale.status_code == 409
    assert "您打开的是这项任务的第1版" in words(stale)
    wordless = browser.post(back, key="a-key-of-a-review", reason="", version=version.group(1))
    assert (wordless.status_code, "请写明退回理由。 没有改动任何内容。" in words(wordless)) == (422, True)
    assert "已存为草稿" not in words(wordless)
    answer = browser.post(back, key="a-key-of-a-review", reason="没有查排洪设施", version=version.group(1))
    assert answer.status_code == 303
    browser.sign_in("principal")
    assert "没有查排洪设施" in words(browser.get(address(cast, "QY-21")))
    again = send(browser, cast, key="a-key-of-the-second", 现场照片=photo_ids(cast), **fields)
    assert again.status_code == 303
    browser.sign_in("leader")
    assert browser.post(f"{address(cast, 'QY-21')}/accept", key="a-key-of-the-last").status_code == 303


def test_what_is_not_ones_own_is_not_found(browser: Browser, cast: Cast) -> None:
    receipt = send(browser, cast, picture=photo()).headers["location"]
    file = f"/files/{photo_ids(cast)[0]}"
    assert browser.get(file).headers["content-type"] == "image/jpeg"
    for login in ("other.principal", "stranger", "neighbour.officer"):
        browser.sign_in(login)
        for foreign in (address(cast), receipt, file, f"{address(cast)}/ask", f"/decisions/review/{address(cast)[7:]}"):
            assert browser.get(foreign).status_code == 404
        for step in ("/submit", "/acknowledge", "/nil", "/request", "/accept", "/send-back"):
            answer = browser.post(
                f"{address(cast)}{step}", key=f"a-key-of-a-stranger-{step[1:]}", signed="on", reason="无"
            )
            assert answer.status_code == 404
    browser.sign_in("officer")
    assert browser.get(receipt).status_code == 200
    assert browser.get(file).status_code == 200
    assert browser.get("/files/../../etc/passwd").status_code == 404


def test_a_file_is_sent_so_that_it_cannot_act(browser: Browser, cast: Cast) -> None:
    send(browser, cast, picture=photo())
    answer = browser.get(f"/files/{photo_ids(cast)[0]}")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E5%9D%9D")


def test_every_task_of_the_action_has_a_page_its_doer_can_open(browser: Browser, cast: Cast) -> None:
    page = browser.get("/tasks")
    tasks = set(re.findall(r'href="(/tasks/\d+)"', page.text))
    assert len(tasks) > 40
    assert {browser.get(task).status_code for task in tasks} == {200}
    browser.sign_in("officer")
    tasks = set(re.findall(r'href="(/tasks/\d+)"', browser.get("/tasks").text))
    assert {browser.get(task).status_code for task in tasks} == {200}


def test_who_does_not_sign_is_told_who_does_before_he_tries(browser: Browser, cast: Cast) -> None:
    assert "主要负责人签字" in names(browser.get(address(cast)))
    browser.sign_in("safety")
    page = browser.get(address(cast))
    assert "主要负责人签字" not in names(page), "no box that he could only tick in vain"
    assert "这一栏要由主要负责人本人登录后签字" in words(page)
    assert "请主要负责人打开后签字提交" in words(send(browser, cast, picture=photo()))
