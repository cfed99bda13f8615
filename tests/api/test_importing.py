"""A register goes in through the wizard: upload, look, confirm."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tests.api.client import SETTINGS, Browser, Clock, form_key, words
from tests.documents.test_register_workbook import workbook
from tests.people import Cast

HEADINGS = ("企业名称", "信用代码", "乡镇", "是否有外包队伍")
ROWS = (("博平采石场", "91110000600037341L", "乐平铺镇", "是"), ("坏行采石场", "", "没有的镇", "否"))


@pytest.fixture
def browser(cast: Cast, clock: Clock, tmp_path: Path) -> Browser:
    """Return a browser on an app that keeps its files in the test's own folder."""
    return Browser(cast.database, clock, SETTINGS.model_copy(update={"home": tmp_path}))


def upload(browser: Browser, content: bytes) -> str:
    """Upload a workbook and return the address of its dry run."""
    key = form_key(browser.get("/register/import"))
    answer = browser.http.post("/register/upload", data={"form_key": key}, files={"file": ("名册.xlsx", content)})
    assert answer.status_code == 303, words(answer)
    return answer.headers["location"]


def test_what_the_preview_shows_is_what_the_register_has_afterwards(browser: Browser, cast: Cast) -> None:
    browser.sign_in("officer")
    address = upload(browser, workbook(HEADINGS, *ROWS, (cast.pond.name, None, None, "是")))
    preview = browser.get(address)
    seen = words(preview)
    assert "本辖区没有“没有的镇”" in seen
    assert "C3" in seen
    assert "博平采石场" not in browser.get("/register").text
    fingerprint = preview.text.split('name="fingerprint" value="')[1].split('"')[0]
    done = browser.post(address + "/confirm", key=form_key(preview), fingerprint=fingerprint)
    assert "名册已导入" in words(browser.follow(done))
    register = browser.get("/register").text
    assert "博平采石场" in register
    assert "坏行采石场" not in register


def test_an_upload_is_gone_once_it_is_imported_or_a_day_old_and_nobody_elses_to_read(
    browser: Browser, clock: Clock, tmp_path: Path
) -> None:
    browser.sign_in("officer")
    address = upload(browser, workbook(HEADINGS, *ROWS))
    forgotten = upload(browser, workbook(HEADINGS, ROWS[1]))
    (old,) = (tmp_path / "imports").rglob(forgotten.rsplit("/", 1)[1])
    days_ago = (clock.instant - timedelta(days=2)).timestamp()
    os.utime(old, (days_ago, days_ago))
    assert (tmp_path / "imports").stat().st_mode & 0o077 == 0
    preview = browser.get(address)
    fingerprint = preview.text.split('name="fingerprint" value="')[1].split('"')[0]
    sent = {"key": form_key(preview), "fingerprint": fingerprint}
    assert browser.post(f"{address}/confirm", **sent).status_code == 303
    assert browser.get(address).status_code == 404
    assert browser.post(f"{address}/confirm", **sent).status_code == 303, "a second click has the same answer"
    upload(browser, workbook(HEADINGS, *ROWS))
    assert browser.get(forgotten).status_code == 404


def test_the_marked_workbook_and_the_template_can_be_saved(browser: Browser) -> None:
    browser.sign_in("officer")
    marked = browser.get(upload(browser, workbook(HEADINGS, *ROWS)) + "/checked.xlsx")
    assert "filename*=UTF-8''" in marked.headers["content-disposition"]
    page = openpyxl.load_workbook(BytesIO(marked.content)).active
    assert page is not None
    assert "没有的镇" in str(page["F3"].value)
    template = openpyxl.load_workbook(BytesIO(browser.get("/register/template.xlsx").content)).active
    assert template is not None
    assert template["A1"].value == "企业名称"


@pytest.mark.parametrize(("content", "sentence"), [(b"not a workbook", "这不是 Excel 文件"), (b"", "请选择要导入的")])
def test_a_file_that_cannot_be_read_is_answered_on_the_form(browser: Browser, content: bytes, sentence: str) -> None:
    browser.sign_in("officer")
    key = form_key(browser.get("/register/import"))
    files = {"file": ("名册.xlsx" if content else "", content)}
    answer = browser.http.post("/register/upload", data={"form_key": key}, files=files)
    assert answer.status_code == 422
    assert sentence in words(answer)


def test_another_persons_upload_is_not_found(browser: Browser, cast: Cast) -> None:
    browser.sign_in("officer")
    address = upload(browser, workbook(HEADINGS, *ROWS))
    browser.post("/sign-out")
    browser.sign_in("neighbour.officer")
    assert browser.get(address).status_code == 404
    assert browser.get("/register/import/" + "0" * 32).status_code == 404
    assert browser.get("/register/import/..%2f..%2fetc").status_code == 404


@pytest.mark.parametrize("login", ["inspector", "principal"])
def test_who_does_not_keep_the_register_is_not_let_in(browser: Browser, login: str) -> None:
    browser.sign_in(login)
    assert browser.get("/register/import").status_code in {403, 404}
