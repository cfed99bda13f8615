"""隐患 on the page: registered, planned, rectified, rechecked by somebody else, each step a form that needs no script."""

import re
from pathlib import Path

import pytest
from httpx2 import Response

from api.pages.hazards.steps import STEPS
from campaigns.settings import Settings
from tests.api.client import Browser, Clock, words
from tests.campaigns import at
from tests.people import Cast
from tests.pictures import PAPER, photo

FIVE = {
    "responsible": "卫矿长",
    "measures": "更换盖板",
    "funds": "35000",
    "deadline_on": "2023-06-10",
    "contingency": "降雨时停止排放",
}


@pytest.fixture
def browser(cast: Cast, clock: Clock, tmp_path: Path) -> Browser:
    """Return the safety officer's browser on 12 May 2023."""
    clock.instant = at(5, 12, 10)
    browser = Browser(cast.database, clock, Settings(demo=True, home=tmp_path))
    browser.sign_in("safety")
    return browser


def step(browser: Browser, where: str, name: str, **fields: object) -> Response:
    """Send one step of a hazard with a key of its own and the version that its page shows, as the page's form does."""
    page = browser.get(f"{where}/{STEPS[name].page}".rstrip("/"))
    shown = re.search(r'name="version" value="(\d+)"', page.text)
    seen = {"version": shown.group(1)} if shown else {}
    return browser.post(f"{where}/{name}", key=f"a-key-of-{name}-{len(fields)}-x", **(seen | fields))


def registered(browser: Browser, **fields: object) -> str:
    answer = browser.post("/hazards/register", key="a-key-of-a-hazard", title="盖板破损", location="库区东侧", **fields)
    assert answer.status_code == 303, words(answer)
    return str(answer.headers["location"])


def test_from_the_register_to_its_closing(browser: Browser, clock: Clock) -> None:
    where = registered(browser)
    page = browser.get(where)
    assert "企业自查" in words(page)
    assert "整改方案：五落实" in words(page)
    assert step(browser, where, "plan", **FIVE).status_code == 303
    clock.instant = at(6, 5)
    browser.sign_in("safety")
    assert step(browser, where, "rectify", rectification="已更换").status_code == 303
    assert "要由另一个人复查" in words(browser.get(where))
    browser.sign_in("officer")
    assert "盖板破损" in words(browser.get("/hazards?tab=recheck"))
    assert step(browser, where, "close", opinion="现场复查合格").status_code == 303
    seen = words(browser.get(where))
    assert "已销号" in seen
    assert "现场复查合格" in seen


def test_a_photo_goes_with_it_and_a_paper_does_not(browser: Browser) -> None:
    fields = {"form_key": "a-key-of-a-photo1", "title": "盖板破损"}
    wrong = browser.http.post("/hazards/register", data=fields, files={"photos": ("a.pdf", PAPER, "application/pdf")})
    assert wrong.status_code == 422
    assert "不是照片" in words(wrong)
    right = browser.http.post("/hazards/register", data=fields, files={"photos": ("现场.jpg", photo(), "image/jpeg")})
    page = browser.follow(right)
    picture = re.search(r'src="(/files/[0-9a-f]{32})/small"', page.text)
    assert picture is not None
    assert browser.get(picture.group(1)).status_code == 200
    browser.sign_in("other.principal")
    assert browser.get(picture.group(1)).status_code == 404


def test_a_plan_with_a_gap_is_shown_again_with_what_was_typed(browser: Browser) -> None:
    where = registered(browser)
    refused = step(browser, where, "plan", **(FIVE | {"contingency": ""}))
    assert refused.status_code == 422
    assert "预案没有落实" in words(refused)
    assert 'value="35000"' in refused.text


def test_a_major_hazard_without_its_criterion_is_refused(browser: Browser) -> None:
    refused = browser.post("/hazards/register", key="a-key-of-a-hazard", title="坝体裂缝", major="是")
    assert refused.status_code == 422
    assert "判定标准的哪一条" in words(refused)
    assert 'value="坝体裂缝"' in refused.text


def test_fixed_at_once_needs_no_plan(browser: Browser) -> None:
    where = registered(browser, rectification="当场更换")
    assert "立查立改" in words(browser.get(where))
    browser.sign_in("principal")
    assert step(browser, where, "close", opinion="看过了").status_code == 303


def test_a_bureau_names_the_enterprise_and_lists_what_is_major(browser: Browser, cast: Cast) -> None:
    browser.sign_in("inspector")
    assert "请选是哪家企业的隐患" in words(
        browser.post("/hazards/register", key="a-key-of-a-hazard", title="干滩长度不足")
    )
    foreign = {"title": "干滩长度不足", "enterprise_id": str(cast.stranger.id)}
    assert browser.post("/hazards/register", key="a-key-of-a-hazard", **foreign).status_code == 404
    where = registered(browser, enterprise_id=str(cast.pond.id), major="是", criterion="三（三）")
    assert "部门检查" in words(browser.get(where))
    browser.sign_in("leader")
    assert "请填写督办文号" in words(step(browser, where, "list", number=""))
    assert step(browser, where, "list", number="茌应急督〔2023〕1号").status_code == 303
    assert "茌应急督〔2023〕1号" in words(browser.get(where))
    assert "不能摘牌" in words(browser.get(where))


def test_a_stale_step_is_a_conflict_and_a_replay_is_not(browser: Browser) -> None:
    where = registered(browser)
    first = browser.post(f"{where}/plan", key="a-key-of-the-plan", version="1", **FIVE)
    again = browser.post(f"{where}/plan", key="a-key-of-the-plan", version="1", **FIVE)
    assert first.headers["location"] == again.headers["location"]
    stale = browser.post(f"{where}/fix", key="a-key-of-the-fix1", version="1", rectification="换了")
    assert stale.status_code == 409
    assert "您打开的是这项隐患的第1版，现在已是第2版" in words(stale)


def test_a_form_that_does_not_say_what_was_looked_at_is_refused(browser: Browser) -> None:
    where = registered(browser)
    for number, name in enumerate(STEPS):
        blind = browser.post(
            f"{where}/{name}", key=f"a-key-of-blindness-{number}", **FIVE, reason="x", rectification="x"
        )
        assert blind.status_code == 422, name
        assert "没有带上您看到的版本" in words(blind), name
    assert "待整改" in words(browser.get(where))
    step(browser, where, "plan", **FIVE)
    browser.sign_in("officer")
    stale = browser.post(
        f"{where}/stop", key="a-key-of-a-stale-stop", version="1", scope="whole", number="1", reason="x"
    )
    assert stale.status_code == 409
    assert "现在已是第2版“整改中”，由青山沈安全员于" in words(stale)


def test_who_took_the_grade_down_is_told_that_somebody_else_closes(browser: Browser, clock: Clock) -> None:
    where = registered(browser, major="是", criterion="三（一）")
    step(browser, where, "plan", **FIVE)
    browser.sign_in("officer")
    assert "要由本局另一位经办人员复查、销号" in words(browser.get(f"{where}/regrade"))
    assert step(browser, where, "regrade", reason="专家认定不构成").status_code == 303
    assert "区局王经办从重大改判为一般" in words(browser.get(where))
    clock.instant = at(5, 13, 10)
    browser.sign_in("safety")
    step(browser, where, "rectify", rectification="已更换")
    browser.sign_in("principal")
    assert "仍由监管部门复查、销号" in words(browser.get(where))
    browser.sign_in("officer")
    assert "是您从重大改判为一般的" in words(browser.get(where))
    assert step(browser, where, "close", version="4", opinion="合格").status_code == 403
    browser.sign_in("inspector")
    assert step(browser, where, "close", opinion="现场复查合格").status_code == 303


def test_a_foreign_hazard_is_not_found_by_any_step(browser: Browser) -> None:
    where = registered(browser)
    for login in ("other.principal", "stranger", "neighbour.leader"):
        browser.sign_in(login)
        assert browser.get(where).status_code == 404
        for name in STEPS:
            fields = FIVE | {"rectification": "x", "opinion": "x", "reason": "x", "number": "1", "criterion": "x"}
            assert step(browser, where, name, **fields).status_code == 404
        assert "盖板破损" not in words(browser.get("/hazards?tab=all"))


@pytest.mark.parametrize("query", ["?source=self&major=true", "?words=%25&tab=closed", "?page=-3", "?source=x"])
def test_the_list_takes_any_filter(browser: Browser, query: str) -> None:
    registered(browser)
    assert browser.get(f"/hazards{query}").status_code == 200


def test_an_empty_register_says_how_it_fills(browser: Browser) -> None:
    assert "提交后会自动进来" in words(browser.get("/hazards"))


def test_a_later_deadline_is_asked_for_and_granted_on_pages_of_their_own(browser: Browser) -> None:
    where = registered(browser)
    step(browser, where, "plan", **FIVE)
    assert "申请延长整改期限" in words(browser.get(where))
    refused = step(browser, where, "extend", deadline_on="2023-06-01", reason="等备件")
    assert refused.status_code == 422
    assert "请选一个晚于2023年6月10日的日期" in words(refused)
    assert "等备件" in refused.text
    assert step(browser, where, "extend", deadline_on="2023-07-01", reason="等备件", x="1").status_code == 303
    browser.sign_in("officer")
    assert "申请延到 2023年7月1日" in words(browser.get(where))
    assert "等备件" in words(browser.get(f"{where}/decide_extension"))
    assert step(browser, where, "grant-extension").status_code == 303
    assert "2023年6月10日 → 2023年7月1日" in words(browser.get(where))
    assert "现在不用办这一步" in words(browser.get(f"{where}/decide_extension"))


def test_a_changed_grade_stands_in_the_trail_with_its_clause(browser: Browser) -> None:
    where = registered(browser)
    browser.sign_in("officer")
    assert "改判隐患等级" in words(browser.get(where))
    assert "判定标准的哪一条" in words(step(browser, where, "regrade", reason="专家认定"))
    assert step(browser, where, "regrade", reason="专家认定", criterion="三（一）").status_code == 303
    seen = words(browser.get(where))
    assert "一般隐患 → 重大事故隐患" in seen
    assert "三（一）" in seen
    assert "专家认定" in seen


def test_before_and_after_stand_side_by_side(browser: Browser) -> None:
    where = registered(browser)
    fields = {"form_key": "a-key-of-a-photo2", "rectification": "换了", "version": "1"}
    browser.http.post(f"{where}/fix", data=fields, files={"photos": ("后.jpg", photo(), "image/jpeg")})
    page = browser.get(where)
    assert page.text.index("<h3>整改前</h3>") < page.text.index("<h3>整改后</h3>")
    assert "整改后照片：后.jpg" in page.text


def test_a_major_hazard_shows_both_receipts_and_the_three_facts(browser: Browser, clock: Clock) -> None:
    where = registered(browser, major="是", criterion="三（一）")
    assert "没有报告，应当立即报告" in words(browser.get(where))
    clock.instant = at(5, 14, 10)
    browser.sign_in("safety")
    assert "没有报告，登记已 2 天" in words(browser.get(where))
    assert step(browser, where, "report_up", content="裂缝").status_code == 303
    fields = {"received_by": "孙主席", "received_on": "2023-05-13", "content": "职代会通报"}
    assert step(browser, where, "report_workers", **fields).status_code == 303
    step(browser, where, "plan", **FIVE)
    browser.sign_in("officer")
    assert "裂缝" in words(browser.get(f"{where}/receive"))
    assert step(browser, where, "receive").status_code == 303
    seen = words(browser.get(where))
    assert "双报齐" in seen
    assert "三项事实都有记录" in seen
    assert "是否处罚由执法人员依法决定" in seen


def test_a_stop_and_a_request_to_the_superior_are_forms_of_their_own(browser: Browser) -> None:
    where = registered(browser, major="是", criterion="三（一）")
    browser.sign_in("officer")
    refused = step(browser, where, "stop", scope="partial", reason="威胁人员安全")
    assert "局部停产要写明停哪里" in words(refused)
    sent = {"scope": "partial", "place": "3号采场", "number": "停1号", "reason": "威胁人员安全"}
    assert step(browser, where, "stop", **sent).status_code == 303
    assert "局部停产：3号采场" in words(browser.get(where))
    asked = {"difficulty": "缺资料", "tried": "已降水位", "wanted": "请派专家"}
    assert step(browser, where, "escalate", **asked).status_code == 303
    browser.sign_in("city.leader")
    assert "请派专家" in words(browser.get(f"{where}/answer"))
    assert f"{where}/lift" not in browser.get(where).text
    assert "恢复生产" not in words(browser.get(where)), "the stop is the county's to lift"
    assert step(browser, where, "answer", reply="周三到场").status_code == 303
    assert "周三到场" in words(browser.get(where))


def test_a_look_back_is_drawn_and_a_relapse_leads_to_the_old_closure(browser: Browser, clock: Clock) -> None:
    where = registered(browser, rectification="当场更换")
    browser.sign_in("officer")
    step(browser, where, "close", opinion="合格")
    clock.instant = at(6, 5)
    browser.sign_in("officer")
    assert "请选从哪一天起" in words(browser.post("/look-backs/draw", key="a-key-of-the-draw0"))
    sent = {"starts_on": "2023-05-01", "ends_on": "2023-05-31", "size": "5"}
    drawn = browser.follow(browser.post("/look-backs/draw", key="a-key-of-the-draw1", **sent))
    assert "种子" in words(drawn)
    link = re.search(r'href="(/look-backs/\d+/\d+)"', drawn.text)
    assert link is not None
    assert "合格" in words(browser.get(link.group(1)))
    assert "请选合格还是反弹" in words(browser.post(link.group(1), key="a-key-of-result-0", opinion="x"))
    elsewhere = f"/look-backs/9/{link.group(1).rpartition('/')[2]}"
    assert browser.post(elsewhere, key="a-key-of-result-9", held="yes", opinion="好").status_code == 404
    fields = {"form_key": "a-key-of-result-1", "held": "no", "opinion": "又破了"}
    files = {"photos": ("又破.jpg", photo(), "image/jpeg")}
    seen = browser.follow(browser.http.post(link.group(1), data=fields, files=files))
    assert "反弹，重新登记为" in words(seen)
    relapse = re.search(r'href="(/hazards/\d+)">重新登记为', browser.get(where).text)
    assert relapse is not None
    assert "整改前照片：又破.jpg" in browser.get(relapse.group(1)).text
    assert "已反弹" in words(browser.get(where))
    browser.sign_in("neighbour.leader")
    assert browser.get(link.group(1)).status_code == 404


def test_the_old_stock_and_the_definition_stand_on_one_page(browser: Browser, clock: Clock) -> None:
    registered(browser, major="是", criterion="三（一）")
    clock.instant = at(6, 5)
    browser.sign_in("officer")
    page = browser.get("/hazards/stock?day=2023-05-31&major=true")
    assert "没有清零" in words(page)
    assert "到了整改期限还没有销号" in words(page)
    assert "用表格看数字" in words(page)
    assert "2023年5月31日存量隐患还剩多少" in page.text
    assert "2023-0" not in words(page)
    assert "enterprise=" in page.text
    assert browser.get("/hazards/stock?day=2023-02-30").status_code == 200


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1", ""])
def test_a_forged_enterprise_is_a_refusal_and_no_breakdown(browser: Browser, number: str) -> None:
    browser.sign_in("inspector")
    refused = browser.post("/hazards/register", key="a-key-of-a-hazard", title="盖板破损", enterprise_id=number)
    assert refused.status_code == 422
    assert "请选是哪家企业的隐患" in words(refused)


def test_what_no_keyboard_types_is_not_kept(browser: Browser) -> None:
    refused = browser.post("/hazards/register", key="a-key-of-a-hazard", title="盖板\x00破损")
    assert refused.status_code == 422
    assert "看不见的控制字符" in words(refused)


def test_whoever_weighs_a_penalty_sees_how_long_a_find_waited_for_its_entry(browser: Browser) -> None:
    """The finder says on which day he found it; only the day of its entry is the server's."""
    where = registered(browser, major="是", criterion="三（一）", found_on="2023-05-01")
    assert "所填发现日期过后11天才登记" in words(browser.get(where))


def test_signs_that_nobody_sees_are_left_out_of_what_was_pasted(browser: Browser) -> None:
    page = words(browser.get(registered(browser, description="\u202e排洪\x1f口\u202c，第一行\x0b第二行")))
    assert "排洪口，第一行 第二行" in " ".join(page.split())


def test_looking_back_is_the_officials_page_and_asking_for_time_the_enterprises(browser: Browser) -> None:
    where = registered(browser)
    assert step(browser, where, "plan", **FIVE).status_code == 303
    assert f'href="{where}/extend"' in browser.get(where).text
    assert browser.get("/look-backs").status_code == 403
    browser.sign_in("officer")
    assert browser.get("/look-backs").status_code == 200
    assert "申请延长整改期限" not in words(browser.get(where))


def test_what_is_taken_away_is_what_the_page_shows_and_no_formula(browser: Browser) -> None:
    registered(browser)
    browser.post("/hazards/register", key="a-key-of-a-second", title="=HYPERLINK(1)", location="坝顶")
    page = browser.get("/hazards?tab=all&words=HYPER")
    link = re.search(r'href="(/hazards/table\.csv[^"]*)"', page.text)
    assert link is not None
    taken = browser.get(link.group(1).replace("&amp;", "&")).text
    assert "'=HYPERLINK(1)" in taken
    assert "盖板破损" not in taken
    assert "历史台账行号" in taken
    assert browser.get("/hazards/table.csv?tab=closed").text.count("\n") == 1
    browser.sign_in("stranger")
    assert "HYPERLINK" not in browser.get("/hazards/table.csv").text


def test_what_is_typed_about_a_hazard_waits_on_the_device_until_the_step_is_taken(browser: Browser) -> None:
    where = registered(browser)
    page = browser.get(where)
    draft = f'data-draft="{where.replace("/hazards/", "hazard-")}-plan"'
    assert draft in page.text
    assert page.text.count("data-draft=") == page.text.count("data-kept"), "each form can say that there is no line"
    assert step(browser, where, "plan", **FIVE).status_code == 303
    page = browser.get(where)
    assert draft.replace("data-draft", "data-draft-sent") in page.text
    alone = browser.get(f"{where}/extend").text
    assert "filling.js" in alone
    assert "data-draft=" in alone


def test_a_photo_may_be_taken_now_or_chosen_from_those_taken_underground(browser: Browser) -> None:
    where = registered(browser)
    for address in (where, "/hazards/new"):
        page = browser.get(address).text
        assert 'type="file"' in page
        assert "capture=" not in page


def test_fixed_at_once_shows_both_sides(browser: Browser) -> None:
    fields = {"form_key": "a-key-of-both-sides", "title": "盖板破损"}
    before, after = ("前.jpg", photo(), "image/jpeg"), ("后.jpg", photo("blue"), "image/jpeg")
    refused = browser.http.post("/hazards/register", data=fields, files={"photos": before, "after": after})
    assert refused.status_code == 422
    assert "请写明当场怎么改的" in words(refused)
    fields |= {"rectification": "换了盖板"}
    page = browser.follow(browser.http.post("/hazards/register", data=fields, files={"photos": before, "after": after}))
    assert "整改前照片：前.jpg" in page.text
    assert "整改后照片：后.jpg" in page.text


def test_a_photo_from_before_can_follow_until_the_rectification_is_reported(browser: Browser) -> None:
    where = registered(browser)
    assert f"{where}/photograph" in browser.get(where).text
    fields = {"form_key": "a-key-of-a-later-photo", "version": "1"}
    sent = browser.http.post(f"{where}/photograph", data=fields, files={"photos": ("补.jpg", photo(), "image/jpeg")})
    page = browser.follow(sent)
    assert "整改前照片：补.jpg" in page.text
    assert "补整改前照片" in words(page)
    step(browser, where, "fix", rectification="换了")
    assert f"{where}/photograph" not in browser.get(where).text


def test_a_relapse_leads_to_its_own_page_with_its_photo(browser: Browser) -> None:
    where = registered(browser, rectification="当场更换")
    browser.sign_in("officer")
    step(browser, where, "close", opinion="合格")
    shown = re.search(r'name="version" value="(\d+)"', browser.get(f"{where}/reopen").text)
    assert shown is not None
    fields = {"form_key": "a-key-of-a-relapse-1", "version": shown.group(1), "description": "又破了"}
    files = {"photos": ("又破.jpg", photo(), "image/jpeg")}
    page = browser.follow(browser.http.post(f"{where}/reopen", data=fields, files=files))
    assert "整改前照片：又破.jpg" in page.text
    assert f'href="{where}"' in page.text, "it leads back to the old closure"
    assert "又破.jpg" not in browser.get(where).text


def test_the_two_reports_stand_first_until_both_are_signed_for(browser: Browser) -> None:
    where = registered(browser, major="是", criterion="三（一）")
    page = browser.get(where).text
    assert page.index("没有报告，应当立即报告") < page.index("整改方案：五落实")
    assert page.index(f"{where}/report_up") < page.index("整改方案：五落实")


def test_money_may_be_said_in_ten_thousands(browser: Browser) -> None:
    where = registered(browser)
    assert "例如 3500，或写 2万" in words(step(browser, where, "plan", **(FIVE | {"funds": "两万"})))
    assert step(browser, where, "plan", **(FIVE | {"funds": "2.5万元"})).status_code == 303
    assert "25,000 元" in words(browser.get(where))
