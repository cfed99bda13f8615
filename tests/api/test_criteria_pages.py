"""判定标准 on the page: the administrator imports a set, an enterprise finds its clause without script, the hazard shows it."""

import re
from pathlib import Path

import pytest
from httpx2 import Response

from campaigns.settings import Settings
from tests.api.client import Browser, Clock, form_key, words
from tests.api.test_on_behalf import send as typed_in
from tests.api.test_task_pages import address, names
from tests.campaigns import at, launched
from tests.documents.test_register_workbook import workbook
from tests.people import Cast

HEAD = {
    "number": "样例〔2022〕1号",
    "title": "样例判定标准",
    "issued_on": "2022-07-08",
    "in_force_on": "2022-09-01",
    "ended_on": "",
    "sectors": "非煤矿山",
    "parts": "露天矿山、尾矿库",
}
HEADINGS = ("条", "款", "内容", "适用")
ROWS = (
    ("（一）", None, "样例甲情形", "尾矿库"),
    ("（二）", "1", "样例乙情形", None),
    ("（一）", None, "样例丙情形", "露天矿山"),
)
FINDING = {"title": "坝体裂缝", "major": "是", "found_on": "2023-05-12"}


@pytest.fixture
def browser(cast: Cast, clock: Clock, tmp_path: Path) -> Browser:
    """Return a browser on 12 May 2023."""
    clock.instant = at(5, 12, 10)
    return Browser(cast.database, clock, Settings(demo=True, home=tmp_path))


def upload(browser: Browser, *rows: tuple[object, ...], **head: str) -> Response:
    key = form_key(browser.get("/criteria/import"))
    files = {"file": ("标准.xlsx", workbook(HEADINGS, *rows))} if rows else None
    return browser.http.post("/criteria/upload", data={"form_key": key, **HEAD, **head}, files=files)


def import_set(browser: Browser, *rows: tuple[object, ...]) -> Response:
    browser.sign_in("administrator")
    preview = browser.get(upload(browser, *rows).headers["location"])
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', preview.text))
    address = str(preview.url.path) + "/confirm"
    return browser.post(address, key=sent.pop("form_key"), **sent)


def option(page: Response, words_: str) -> str:
    found = re.search(rf'<option value="(\d+)"[^>]*>[^<]*{words_}', page.text)
    assert found, f"no option with {words_}"
    return found[1]


def test_a_set_is_imported_and_a_clause_is_found_and_cited_without_script(browser: Browser) -> None:
    seen = words(browser.follow(import_set(browser, *ROWS)))
    assert "已导入新版" in seen
    assert "尾矿库（二）1" in seen
    browser.sign_in("safety")
    asked = "/hazards/new?title=坝体裂缝&major=是&found_on=2023-05-12&clause_part=尾矿库&clause_words=乙"
    page = browser.get(asked)
    assert 'value="坝体裂缝"' in page.text, "what was typed stays while the clauses are narrowed"
    assert "样例甲情形" not in page.text
    done = browser.post("/hazards/register", key=form_key(page), clause=option(page, "样例乙"), **FINDING)
    seen = words(browser.follow(done))
    assert "尾矿库（二）1 样例乙情形" in seen
    assert "样例判定标准（样例〔2022〕1号）第1版" in seen


def test_an_older_version_stays_readable_and_a_regrading_picks_from_the_new_one(browser: Browser) -> None:
    import_set(browser, *ROWS)
    browser.sign_in("officer")
    where = browser.post(
        "/hazards/register", key="a-key-of-a-hazard", title="盖板破损", enterprise_id=_pond(browser)
    ).headers["location"]
    import_set(browser, ("（九）", None, "样例新情形", "尾矿库"))
    browser.sign_in("officer")
    page = browser.get(f"{where}/regrade")
    assert "样例甲情形" not in page.text
    sent = {"clause": option(page, "样例新情形"), "reason": "专家认定", "version": "1"}
    assert "样例新情形" in words(browser.follow(browser.post(f"{where}/regrade", key=form_key(page), **sent)))
    listed = browser.get("/criteria")
    assert "第2版，1 条" in words(listed)
    old = re.search(r'href="(/criteria/\d+)">第1版', listed.text)
    assert old is not None
    assert "这是旧版，只供查阅" in words(browser.get(old[1]))
    assert "样例丙情形" not in words(browser.get(f"{old[1]}?part=尾矿库"))


def _pond(browser: Browser) -> str:
    return option(browser.get("/hazards/new"), "青山矿业尾矿库")


def test_what_is_wrong_stands_at_its_cell_and_nothing_is_imported(browser: Browser) -> None:
    browser.sign_in("administrator")
    preview = browser.get(upload(browser, *ROWS, ("（三）", None, None, "地下矿山")).headers["location"])
    seen = words(preview)
    assert "C5" in seen
    assert "这一条没有内容" in seen
    assert "这一套没有“地下矿山”这个部分" in seen
    assert "确认导入" not in seen
    assert "还没有导入" in words(browser.get("/criteria"))


def test_a_form_that_does_not_pass_keeps_what_was_typed(browser: Browser) -> None:
    browser.sign_in("administrator")
    refused = upload(browser, in_force_on="2022-01-01", sectors="")
    assert refused.status_code == 422
    seen = words(refused)
    for sentence in ("施行日期不能早于印发日期", "请写适用的行业", "请选择要导入的 Excel 文件"):
        assert sentence in seen
    assert 'value="样例〔2022〕1号"' in refused.text
    files = {"file": ("名册.xlsx", workbook(("企业名称", "所在乡镇"), ("甲", "乙")))}
    key = form_key(browser.get("/criteria/import"))
    other = browser.http.post("/criteria/upload", data={"form_key": key, **HEAD}, files=files)
    assert "没有找到“条”和“内容”两列" in words(other)
    page = browser.get("/criteria/import?number=矿安〔2022〕88号")
    assert 'value="2022-09-01"' in page.text
    assert browser.get("/criteria/template.xlsx?number=矿安〔2022〕88号").status_code == 200
    assert browser.get("/criteria/999").status_code == 404


def test_a_clause_that_does_not_fit_is_told_beside_the_choice(browser: Browser) -> None:
    import_set(browser, *ROWS)
    browser.sign_in("safety")
    page = browser.get("/hazards/new")
    chosen = option(page, "样例甲")
    ordinary = browser.post("/hazards/register", key=form_key(page), **(FINDING | {"major": "", "clause": chosen}))
    assert ordinary.status_code == 422
    assert "条款请不选" in words(ordinary)
    assert f'<option value="{chosen}" selected' in ordinary.text
    early = FINDING | {"found_on": "2022-08-31", "clause": chosen}
    refused = browser.post("/hazards/register", key=form_key(ordinary), **early)
    assert "在发现那天还没有施行" in words(refused)
    unchosen = browser.post("/hazards/register", key="a-third-key-of-it", **FINDING)
    assert "请写明对应判定标准的哪一条" in words(unchosen)


def test_a_records_hazard_picks_its_clause_without_script_and_a_draft_keeps_it(browser: Browser, cast: Cast) -> None:
    import_set(browser, *ROWS)
    launched(cast)
    browser.sign_in("principal")
    here = address(cast)
    page = browser.get(here)
    list_name = names(page)["发现隐患"]
    chosen = option(page, "样例乙")
    assert f'name="{list_name}.0.clause"' in page.text
    line = {f"{list_name}.0.title": "坝体裂缝", f"{list_name}.0.clause": chosen}
    browser.http.post(f"{here}/submit", data={"form_key": "a-key-of-a-draft", "intent": "draft", **line})
    page = browser.get(here)
    assert f'<option value="{chosen}" selected' in page.text
    line = {f"{list_name}.0.title": "坝体裂缝", f"{list_name}.0.clause": chosen}
    refused = browser.http.post(f"{here}/submit", data={"form_key": form_key(page), **line})
    assert "第1条：选了判定标准的条款，就是重大事故隐患" in words(refused)


def test_a_correction_opens_with_the_clause_that_was_picked(browser: Browser, cast: Cast) -> None:
    import_set(browser, *ROWS)
    launched(cast)
    browser.sign_in("officer")
    here = address(cast)
    list_name = names(browser.get(f"{here}/enter"))["发现隐患"]
    chosen = option(browser.get(f"{here}/enter"), "样例乙")
    picked = {"title": "坝体裂缝", "major": "是", "clause": chosen}
    line = {f"{list_name}.0.{column}": value for column, value in picked.items()}
    browser.follow(typed_in(browser, cast, 无隐患声明="", **line))
    browser.sign_in("safety")
    browser.post(f"{here}/object", key="a-key-of-objecting", reason="日期不对")
    again = browser.get(here)
    assert f'<option value="{chosen}" selected' in again.text
    assert 'value="样例〔2022〕1号 尾矿库' not in again.text, "the words do not stand there twice"


def test_without_an_imported_set_a_records_hazard_cites_in_words(browser: Browser, cast: Cast) -> None:
    launched(cast)
    browser.sign_in("principal")
    page = browser.get(address(cast))
    assert ".0.criterion" in page.text
    assert ".0.clause" not in page.text
