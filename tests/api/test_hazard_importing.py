"""历史台账导入 as a clerk does it: upload, columns, look, confirm, or take the workbook back."""

import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from httpx2 import Response

from campaigns.settings import Settings
from tests.api.client import Browser, Clock, form_key, words
from tests.campaigns import at
from tests.documents.test_hazard_workbook import ledger
from tests.documents.test_register_workbook import workbook
from tests.people import Cast

PLACE = ("sheet", "top", "depth", "year", "fingerprint")


@pytest.fixture
def browser(cast: Cast, clock: Clock, tmp_path: Path) -> Browser:
    """Return the officer's browser on 1 August 2023."""
    clock.instant = at(8, 1, 10)
    browser = Browser(cast.database, clock, Settings(demo=True, home=tmp_path))
    browser.sign_in("officer")
    return browser


def uploaded(browser: Browser, content: bytes) -> Response:
    data = {"form_key": form_key(browser.get("/hazards/import"))}
    return browser.http.post("/hazards/import/upload", data=data, files={"file": ("最终版3.xlsx", content)})


def filled(page: Response, action: str) -> dict[str, str]:
    """Return what the form of a page would send: its hidden blanks and what is chosen in it."""
    form = page.text[page.text.index(f'{action}"') :]
    form = form[: form.index("</form>")]
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    sent |= dict(re.findall(r'<input[^>]* name="(year)"[^>]* value="([^"]*)"', form))
    for name, options in re.findall(r'(?s)<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen.group(1) if chosen else ""
    return {name: value for name, value in sent.items() if name != "form_key"}


def to_the_dry_run(browser: Browser, content: bytes) -> tuple[str, Response]:
    """Upload and take every column as it was guessed; return the upload's address and the dry run."""
    columns = browser.follow(answer := uploaded(browser, content))
    where = answer.headers["location"]
    sent = browser.post(f"{where}/columns", key=form_key(columns), **filled(columns, f"{where}/columns"))
    return where, browser.follow(sent)


def test_an_old_ledger_goes_in_as_it_was_shown_and_only_once(browser: Browser) -> None:
    columns = browser.follow(uploaded(browser, ledger()))
    assert "表头在第 3 到 4 行" in words(columns)
    assert "I列 整改情况/整改资金（万元）（如：3.5）" in words(columns)
    assert "没有对上的列：序号、备注" in words(columns)
    where, check = to_the_dry_run(browser, ledger())
    seen = words(check)
    assert "将登记 4 项" in seen
    assert "C11" in seen
    assert "按名册：" in seen, "a name that is not written as it is registered shows whom it was taken for"
    assert "干滩长度不足" not in browser.get("/hazards?tab=all").text
    done = browser.post(f"{where}/confirm", key=form_key(check), **filled(check, f"{where}/confirm"))
    assert done.status_code == 303, words(done)
    assert "历史台账已导入" in words(browser.follow(done))
    listed = browser.get("/hazards?tab=all").text
    hazard = browser.get(re.search(r'href="(/hazards/\d+)">盖板破损', listed).group(1))  # type: ignore[union-attr]
    assert "历史台账里已经销号" in words(hazard)
    assert "工作表“总台账”第 5 行" in words(hazard)
    assert "历史已销号" in words(browser.get("/hazards?tab=closed"))
    _, again = to_the_dry_run(browser, ledger())
    assert "没有需要登记的隐患" in words(again)
    assert "按本局上次的对法预选" in words(browser.follow(uploaded(browser, ledger())))
    assert browser.get(f"{where}/check").status_code == 404


def test_his_own_workbook_comes_back_with_its_mistakes(browser: Browser) -> None:
    where, check = to_the_dry_run(browser, ledger())
    assert f"{where}/checked.xlsx" in check.text
    page = openpyxl.load_workbook(BytesIO(browser.get(f"{where}/checked.xlsx").content))["总台账"]
    assert page["O3"].value == "导入检查"
    assert "不是日期" in str(page["O11"].value)
    assert page["C11"].comment is not None


def test_a_name_that_is_not_recognised_is_chosen_once(browser: Browser, cast: Cast) -> None:
    content = workbook(("企业名称", "隐患内容", "发现日期"), ("青山矿叶尾矿", "坝体裂缝", "2023.6.5"))
    where, check = to_the_dry_run(browser, content)
    assert "这些企业没认出来" in words(check)
    sent = filled(check, f"{where}/names") | {"enterprise-0": str(cast.pond.id)}
    after = browser.follow(browser.post(f"{where}/names", key=form_key(check), **sent))
    assert "将登记 1 项" in words(after)


def test_columns_that_clash_or_lack_and_files_that_are_none_are_said(browser: Browser) -> None:
    columns = browser.follow(answer := uploaded(browser, ledger()))
    where = answer.headers["location"]
    wrong = filled(columns, f"{where}/columns") | {"column-title": "", "column-grade": "B", "year": "23"}
    refused = browser.post(f"{where}/columns", key=form_key(columns), **wrong)
    assert refused.status_code == 422
    for sentence in ("请选“隐患”是哪一列", "一列只能用一次", "请填四位的年份"):
        assert sentence in words(refused)
    for content in (b"", b"no workbook", workbook(("甲",), ("乙",))):
        assert uploaded(browser, content).status_code == 422
    assert browser.get(f"{where}?top=4&depth=1&sheet=总台账").status_code == 200
    assert browser.get(f"{where}?top=-4").status_code == 404


def test_an_enterprise_and_a_neighbour_import_nothing_of_it(browser: Browser) -> None:
    where, check = to_the_dry_run(browser, ledger())
    browser.sign_in("principal")
    assert browser.get("/hazards/import").status_code == 403
    for number, login in enumerate(("principal", "neighbour.officer", "inspector")):
        browser.sign_in(login)
        assert browser.get(f"{where}/check").status_code == 404, "an upload is its person's own"
        sent = filled(check, f"{where}/confirm")
        assert browser.post(f"{where}/confirm", key=f"a-key-of-a-confirm-{number}", **sent).status_code in (403, 404)
    browser.sign_in("officer")
    stale = filled(check, f"{where}/confirm") | {"fingerprint": "0" * 64}
    assert browser.post(f"{where}/confirm", key="a-key-of-an-old-preview", **stale).status_code == 409
    assert "没有登记过隐患" in words(browser.get("/hazards?tab=all"))
