"""A form on a weak network: what is typed is kept while it is typed, and each photo by itself, once, whatever the line does."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from httpx2 import Response
from sqlalchemy import select

from campaigns.actions.work.drawing import draw_photos
from campaigns.actions.work.files import sweep_files
from campaigns.settings import Settings
from campaigns.store.files import Folder
from campaigns.store.work.tasks import Attachment, Draft, Submission
from tests.api.client import Browser, Clock, form_key, words
from tests.api.test_task_pages import address, count, names, photo_ids, send
from tests.campaigns import at, launched
from tests.factories import PERMIT
from tests.people import Cast
from tests.pictures import PROGRAM, damaged, photo

KEY = "a-key-of-one-photo"
JSON = {"Accept": "application/json"}


@pytest.fixture
def browser(cast: Cast, clock: Clock, tmp_path: Path) -> Browser:
    """Return the safety officer's browser on the evening of 12 May 2023, with the 2023 action launched."""
    launched(cast)
    clock.instant = at(5, 12, 21, 7)
    browser = Browser(cast.database, clock, Settings(demo=True, home=tmp_path))
    browser.sign_in("safety")
    return browser


def keep(browser: Browser, cast: Cast, **typed: object) -> Response:
    """Send what stands in the form as the script does."""
    known = names(browser.get(address(cast)))
    data = {known.get(title, title): value for title, value in ({"form_key": "a-key-of-the-form"} | typed).items()}
    return browser.http.post(f"{address(cast)}/draft", data=data, headers=JSON)


def take(
    browser: Browser, cast: Cast, *pictures: bytes, key: str = KEY, blank: str = "现场照片", **typed: str
) -> Response:
    """Send one photo of a blank as the script does."""
    known = names(browser.get(address(cast)))
    data = {"form_key": key, "blank": known.get(blank, blank)} | {known[title]: word for title, word in typed.items()}
    files = [("file", ("坝顶.jpg", picture, "image/jpeg")) for picture in pictures]
    return browser.http.post(f"{address(cast)}/files", data=data, files=files, headers=JSON)


def test_what_is_typed_is_kept_with_the_time_it_was_kept_at(browser: Browser, cast: Cast) -> None:
    answer = keep(browser, cast, 带队人="写了一半")
    assert (answer.status_code, answer.json()) == (200, {"saved": "21:07"})
    assert 'value="写了一半"' in browser.get(address(cast)).text
    assert keep(browser, cast, 带队人="写完了").json() == {"saved": "21:07"}
    assert 'value="写完了"' in browser.get(address(cast)).text
    assert (count(cast, Draft), count(cast, Submission)) == (1, 0)


def test_a_photo_taken_is_there_after_a_lost_line_with_the_words_around_it(browser: Browser, cast: Cast) -> None:
    answer = take(browser, cast, photo(), 带队人="卫矿长")
    assert answer.status_code == 200
    kept = answer.json()
    assert (kept["name"], kept["picture"], kept["saved"]) == ("坝顶.jpg", True, "21:07")
    page = browser.get(address(cast))
    assert f'value="{kept["storage_id"]}" checked' in page.text
    assert 'value="卫矿长"' in page.text
    assert browser.get(f"/files/{kept['storage_id']}/small").status_code == 200


def test_a_photo_that_cannot_be_drawn_says_so_where_it_is_shown(browser: Browser, cast: Cast, tmp_path: Path) -> None:
    kept = take(browser, cast, damaged()).json()["storage_id"]
    placed = browser.http.get(f"/files/{kept}/small", follow_redirects=False)
    assert (placed.status_code, placed.headers["location"].partition("?")[0]) == (307, "/static/broken-photo.svg")
    assert "照片打不开" in browser.get(placed.headers["location"]).text
    assert "打不开" not in words(browser.get(address(cast)))
    assert draw_photos(cast.database, Folder(tmp_path / "files")) == 1
    assert "这张照片打不开，请重新拍一张" in words(browser.get(address(cast)))


def test_a_photo_that_was_handed_in_and_cannot_be_drawn_is_told_and_its_original_is_handed_out(
    browser: Browser, cast: Cast, tmp_path: Path
) -> None:
    browser.sign_in("principal")
    receipt = browser.follow(send(browser, cast, picture=damaged()))
    (address_,) = re.findall(r'href="(/files/\w+)"', receipt.text)
    assert browser.get(address_).headers["content-disposition"].startswith("inline")
    draw_photos(cast.database, Folder(tmp_path / "files"))
    for page in (browser.get(str(receipt.url.path)), browser.get(address(cast))):
        assert "坝顶.jpg 这张照片打不开，点名称下载原件。" in words(page)
        assert 'alt="照片打不开"' in page.text
    original = browser.get(address_)
    assert original.headers["content-disposition"].startswith("attachment")
    assert original.content.startswith(b"\xff\xd8"), "the photo as it is kept"


def test_a_hazards_photo_that_cannot_be_drawn_is_told_on_its_page(browser: Browser, cast: Cast, tmp_path: Path) -> None:
    files = {"photos": ("坝顶.jpg", damaged(), "image/jpeg")}
    data = {"form_key": "a-key-of-a-hazard", "title": "坝体裂缝", "found_on": "2023-05-12"}
    page = browser.follow(browser.http.post("/hazards/register", data=data, files=files))
    draw_photos(cast.database, Folder(tmp_path / "files"))
    page = browser.get(str(page.url.path))
    assert "坝顶.jpg 这张照片打不开，要补一张；点名称下载原件。" in words(page)
    assert 'alt="整改前照片打不开：坝顶.jpg"' in page.text


def test_the_same_photo_twice_is_there_once(browser: Browser, cast: Cast, tmp_path: Path) -> None:
    first = take(browser, cast, photo())
    again = browser.http.post(first.request.url.path, content=first.request.read(), headers=dict(first.request.headers))
    assert first.json() == again.json(), "the answer was lost, so the phone sends it again under its key"
    renewed = take(browser, cast, photo(), key="another-key-of-it")
    assert renewed.json()["storage_id"] == first.json()["storage_id"], "the same bytes are the same photo"
    assert count(cast, Attachment) == 1
    assert len(list(Folder(tmp_path / "files").stored())) == 1


def test_several_photos_gather_in_the_draft_and_are_handed_in_together(browser: Browser, cast: Cast) -> None:
    browser.sign_in("principal")
    first = take(browser, cast, photo("red")).json()["storage_id"]
    known = names(browser.get(address(cast)))
    data = {"form_key": "a-key-of-a-second", "blank": known["现场照片"], known["现场照片"]: [first]}
    file = {"file": ("坝底.jpg", photo("blue"), "image/jpeg")}
    second = browser.http.post(f"{address(cast)}/files", data=data, files=file, headers=JSON).json()["storage_id"]
    assert all(f'value="{one}" checked' in browser.get(address(cast)).text for one in (first, second))
    receipt = browser.follow(send(browser, cast, 现场照片=[first, second]))
    assert "坝顶.jpg" in words(receipt)
    assert "坝底.jpg" in words(receipt)


def test_a_photo_that_was_taken_off_again_stays_off(browser: Browser, cast: Cast) -> None:
    kept = take(browser, cast, photo()).json()["storage_id"]
    assert keep(browser, cast, 带队人="卫矿长").status_code == 200
    assert kept not in browser.get(address(cast)).text


@pytest.mark.parametrize(
    ("pictures", "blank", "sentence"),
    [
        ((PROGRAM,), "现场照片", "不是照片"),
        ((b"",), "现场照片", "是空的"),
        ((), "现场照片", "没有收到文件"),
        ((b"1", b"2"), "现场照片", "一张一张传"),
        ((b"1",), "带队人", "没有收到文件"),
        ((b"1",), "b99", "没有收到文件"),
    ],
    ids=["a program", "an empty file", "no file", "two at once", "a blank for words", "a blank that is not there"],
)
def test_what_is_no_photo_of_a_blank_is_refused_in_words(
    browser: Browser, cast: Cast, pictures: tuple[bytes, ...], blank: str, sentence: str
) -> None:
    answer = take(browser, cast, *pictures, blank=blank)
    told = answer.json()
    assert answer.status_code == 422
    assert sentence in f"{told['error']}{told['advice']}{told['fields']}"
    assert (count(cast, Attachment), count(cast, Draft)) == (0, 0)


def test_a_photos_key_keeps_nothing_else(browser: Browser, cast: Cast) -> None:
    take(browser, cast, photo("red"))
    other = take(browser, cast, photo("blue"))
    assert (other.status_code, other.json()["error"][:8]) == (422, "这张表已经提交过")
    assert take(browser, cast, photo("green"), key="short").status_code == 422
    assert count(cast, Attachment) == 1


def test_nothing_is_kept_of_a_form_that_was_handed_in(browser: Browser, cast: Cast) -> None:
    browser.sign_in("principal")
    assert send(browser, cast, picture=photo()).status_code == 303
    late = keep(browser, cast, 带队人="迟到的草稿")
    assert (late.status_code, late.json()["error"]) == (409, "这项任务现在是“已完成”。没有再存草稿。")
    assert take(browser, cast, photo("blue")).status_code == 409
    assert (count(cast, Draft), count(cast, Attachment)) == (0, 1)


def test_a_draft_that_comes_after_its_own_form_was_handed_in_is_dropped(browser: Browser, cast: Cast) -> None:
    permit = address(cast, "QY-08")
    key = form_key(browser.get(permit))
    browser.sign_in("principal")
    assert send(browser, cast, duty="QY-08", key=key, **PERMIT).status_code == 303
    late = browser.http.post(f"{permit}/draft", data={"form_key": key, "b0": "动火"}, headers=JSON)
    assert (late.status_code, late.json()["error"]) == (409, "这张表已经提交了。没有再存草稿。")
    assert count(cast, Draft) == 0


def test_only_its_doer_keeps_a_draft(browser: Browser, cast: Cast) -> None:
    for login, status in (("other.principal", 404), ("stranger", 404), ("inspector", 409)):
        browser.sign_in(login)
        for step in ("draft", "files"):
            answer = browser.post(f"{address(cast)}/{step}", key=f"a-key-of-{login}-{step}")
            assert answer.status_code == status, (login, step)
    browser.post("/sign-out")
    nobody = browser.http.post(f"{address(cast)}/draft", data={"form_key": KEY}, headers=JSON)
    assert (nobody.status_code, nobody.json()) == (401, {"error": "请先登录。"})
    assert count(cast, Draft) == 0


def test_a_colleagues_draft_goes_on_with_its_photos(browser: Browser, cast: Cast) -> None:
    take(browser, cast, photo(), 带队人="沈安全员")
    browser.sign_in("principal")
    page = browser.get(address(cast))
    assert 'value="沈安全员"' in page.text
    assert f'value="{photo_ids(cast)[0]}" checked' in page.text
    with cast.database.reading() as session:
        assert session.scalars(select(Attachment.name)).all() == ["坝顶.jpg"]


def take_back(
    browser: Browser, cast: Cast, storage_id: str, *, key: str = "a-key-of-taking-back", **typed: str
) -> Response:
    """Press the button beside a file, as a browser without script does: everything in the form comes along."""
    known = names(browser.get(address(cast)))
    data = {"form_key": key} | {known.get(title, title): word for title, word in typed.items()}
    return browser.http.post(f"{address(cast)}/files/{storage_id}/take-back", data=data)


def test_a_file_of_the_draft_is_taken_back_and_the_words_around_it_stay(
    browser: Browser, cast: Cast, tmp_path: Path
) -> None:
    wrong = take(browser, cast, photo("red")).json()["storage_id"]
    page = browser.get(address(cast))
    button = f'formaction="{address(cast)}/files/{wrong}/take-back" aria-label="删除坝顶.jpg"'
    assert button in page.text
    draft, enter = page.text.index('value="draft" tabindex="-1" hidden'), page.text.index(button)
    assert draft < enter, "Enter in a line presses the first button, which must not be this one"
    done = take_back(browser, cast, wrong, 现场照片=wrong, 带队人="卫矿长")
    assert (done.status_code, done.headers["location"]) == (303, f"{address(cast)}#form")
    again = take_back(browser, cast, wrong, 现场照片=wrong, 带队人="卫矿长")
    assert again.headers["location"] == done.headers["location"], "a second click"
    after = browser.get(address(cast))
    assert wrong not in after.text
    assert 'value="卫矿长"' in after.text
    assert "文件已从草稿里删除" in words(after)
    assert browser.get(f"/files/{wrong}").status_code == 404
    store = Folder(tmp_path / "files")
    with cast.database.reading() as session:
        assert sweep_files(session, store=store, now=datetime.now(UTC) + timedelta(days=2)) == 1


def test_a_file_is_taken_out_of_a_colleagues_draft_too_and_only_by_its_side(browser: Browser, cast: Cast) -> None:
    kept = take(browser, cast, photo()).json()["storage_id"]
    for login, status in (("other.principal", 404), ("stranger", 404), ("inspector", 403), ("officer", 404)):
        browser.sign_in(login)
        answer = browser.post(f"{address(cast)}/files/{kept}/take-back", key=f"a-key-of-{login}-here")
        assert answer.status_code == status, login
    browser.sign_in("principal")
    assert take_back(browser, cast, "0" * 32).status_code == 404
    assert take_back(browser, cast, kept, key="a-key-of-the-principal").status_code == 303
    browser.sign_in("safety")
    assert kept not in browser.get(address(cast)).text
    with cast.database.reading() as session:
        assert all(kept not in str(draft.content) for draft in session.scalars(select(Draft)))
