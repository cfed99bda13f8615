"""In a browser: comments at the cells, 审核, 代报, 解锁 and 更正 with what changed, 催报."""

import pytest

from campaigns.actions.reporting.reports import open_period
from tests.api.client import Browser, Clock, words
from tests.api.test_monthly import fill
from tests.monthly import MAY, TABLE, instant_of, report_of, reporting
from tests.people import Cast


@pytest.fixture
def report_id(cast: Cast, clock: Clock) -> int:
    """Open May's table of 茌平."""
    clock.instant = instant_of(5, 22)
    with cast.database.transaction() as session:
        campaign = reporting(session, cast)
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 22))
        return report_of(session, campaign, cast.bureau).id


def do(browser: Browser, path: str, **fields: str) -> str:
    do.count = getattr(do, "count", 0) + 1  # type: ignore[attr-defined]
    response = browser.post(path, f"key-of-one-step-{do.count:06}", **fields)  # type: ignore[attr-defined]
    return words(response) if response.status_code != 303 else words(browser.follow(response))


def file_it(browser: Browser, report_id: int, **fields: str) -> str:
    page = browser.get(f"/reports/{report_id}")
    seen = page.text.split('name="seen" value="')[1].split('"')[0]
    return do(browser, f"/reports/{report_id}/file", seen=seen, **fields)


def test_a_table_is_reviewed_returned_by_cell_and_the_comment_stands_at_the_cell(
    browser: Browser, report_id: int
) -> None:
    browser.sign_in("officer")
    fill(browser, report_id, **{"month-3.1": "3"})
    browser.sign_in("leader")
    assert "还没有人审核" in words(browser.get(f"/reports/{report_id}"))
    assert "审核人：区局郑局长" in do(browser, f"/reports/{report_id}/review")
    file_it(browser, report_id)
    browser.sign_in("city.officer")
    assert "逐格写意见" in words(browser.get(f"/reports/{report_id}"))
    do(browser, f"/reports/{report_id}/send-back", reason="", **{"comment-3.1": "与台账差1次"})
    browser.sign_in("officer")
    for page in ("", "/fill", "?show=compare"):
        assert "上级意见：与台账差1次" in words(browser.get(f"/reports/{report_id}{page}")), page


def test_the_city_files_on_behalf_and_the_table_says_so_everywhere(browser: Browser, report_id: int) -> None:
    browser.sign_in("city.officer")
    fill(browser, report_id)
    browser.sign_in("city.leader")
    assert "请写明为什么由上级代报" in file_it(browser, report_id)
    assert "由聊城市应急管理局代为上报。原因：区局断网" in file_it(browser, report_id, behalf="区局断网")
    browser.sign_in("leader")
    assert "聊城市应急管理局代报" in words(browser.get(f"/reports/{report_id}"))
    assert "代报" in words(browser.get("/reports"))


def test_a_correction_shows_what_changed_and_the_old_version_stays_readable(browser: Browser, report_id: int) -> None:
    browser.sign_in("officer")
    fill(browser, report_id, **{"month-3.1": "3"})
    browser.sign_in("leader")
    file_it(browser, report_id)
    browser.sign_in("city.leader")
    do(browser, f"/reports/{report_id}/accept")
    browser.sign_in("leader")
    assert "需要更正的，要先请上级解锁" in words(browser.get(f"/reports/{report_id}"))
    browser.sign_in("city.leader")
    refused = do(browser, f"/reports/{report_id}/unlock", until="2023-05-30", reason="")
    assert "请写明为什么解锁" in refused
    do(browser, f"/reports/{report_id}/unlock", until="2023-05-30", reason="区局来电")
    browser.sign_in("leader")
    assert "更正第 2 版" in do(browser, f"/reports/{report_id}/correct", reason="漏了一次")
    fill_again(browser, report_id)
    page = browser.get(f"/reports/{report_id}")
    assert "3.1“帮扶指导县区” 3 4" in words(page)
    old = page.text.split('href="/reports/')
    earlier = next(part.split('"')[0] for part in old[1:] if "第 1 版" in part[:200])
    assert "这是第 1 版，已被更正" in words(browser.get(f"/reports/{earlier}"))
    assert browser.get(f"/reports/{earlier}/cells/1.1").status_code == 200
    assert browser.get(f"/reports/{earlier}/table.xlsx").status_code == 200
    browser.sign_in("neighbour.leader")
    assert browser.get(f"/reports/{earlier}").status_code == 404


def fill_again(browser: Browser, report_id: int) -> None:
    page = browser.get(f"/reports/{report_id}/fill")
    version = page.text.split('name="edit_version" value="')[1].split('"')[0]
    do(browser, f"/reports/{report_id}/fill", edit_version=version, **{"month-3.1": "4"})


def test_one_click_reminds_those_missing_and_the_list_counts_it(browser: Browser, report_id: int) -> None:
    browser.sign_in("city.officer")
    assert "催报 2 家" in words(browser.get("/progress/1/missing"))
    told = do(browser, "/progress/1/remind", form=TABLE, period=MAY)
    assert "已催报" in told
    assert "本期已催 1 次" in told
    browser.sign_in("officer")
    assert "催报：2023年5月的调度表还没有上报" in words(browser.get("/notices"))


def test_who_filed_and_got_it_back_is_not_said_to_have_filed_nothing(
    browser: Browser, clock: Clock, report_id: int
) -> None:
    browser.sign_in("officer")
    fill(browser, report_id)
    clock.instant = instant_of(5, 26)
    browser.sign_in("leader")
    file_it(browser, report_id)
    browser.sign_in("city.officer")
    do(browser, f"/reports/{report_id}/send-back", reason="3.1与台账不符")
    missing = words(browser.get("/progress/1/missing"))
    assert "应报2家，已报0家，以下1家还没有上报：东阿县应急管理局，1家退回后还没有重报：茌平区应急管理局" in missing
    assert "其中逾期" not in missing, "what was sent back is not among those filed"
    behind = words(browser.get("/progress/1/timeliness/reports?by=period&count=missing"))
    assert "退回后还没有重报" in behind
    assert "迟报" not in behind
    do(browser, "/progress/1/remind", form=TABLE, period=MAY)
    browser.sign_in("officer")
    assert "催报：2023年5月的调度表退回后还没有重报" in words(browser.get("/notices"))


@pytest.mark.parametrize("step", ["review", "unlock", "correct"])
def test_no_step_of_a_foreign_table_is_found(browser: Browser, report_id: int, step: str) -> None:
    browser.sign_in("neighbour.leader")
    fields = {"reason": "x", "until": "2023-05-30"}
    assert browser.post(f"/reports/{report_id}/{step}", "a-key-that-is-long-enough", **fields).status_code == 404


def test_timeliness_opens_its_reports_and_a_stranger_finds_nothing(
    browser: Browser, clock: Clock, report_id: int
) -> None:
    browser.sign_in("city.officer")
    assert "还没有到期的表" in words(browser.get("/progress/1/timeliness"))
    clock.instant = instant_of(5, 26)
    browser.sign_in("city.officer")
    page = words(browser.get("/progress/1/timeliness?by=region"))
    assert "及时率（按延期后期限）" in page
    assert "茌平区" in page
    rows = words(browser.get("/progress/1/timeliness/reports?by=period&key=2023-05&count=expected"))
    assert "茌平区应急管理局" in rows
    assert "没有收到" in rows
    file = browser.get("/progress/1/timeliness/table.csv?by=region").content.decode("utf-8-sig").splitlines()
    assert file[0].startswith("地区,应报,已报,按原期限按时")
    assert "茌平区,1,0,0,0,0,1,0.0%,0.0%" in file
    assert browser.get("/progress/1/timeliness/table.xlsx").status_code == 200
    assert (
        "/progress/1/timeliness/table.csv?form=&amp;by=region" in browser.get("/progress/1/timeliness?by=region").text
    )
    assert browser.get("/progress/9/timeliness").status_code == 404
    browser.sign_in("principal")
    for address in ("", "/table.csv"):
        assert browser.get(f"/progress/1/timeliness{address}").status_code == 404
