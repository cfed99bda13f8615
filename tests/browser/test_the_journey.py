"""The main job on the live demonstration, without a line of script: launch, submit from a phone, file the table of the 25th,
return, accept, look down. Every picture of the README is taken here: `make pictures` takes them anew."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlmodel import col

from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.work.tasks import Submission
from tests.browser.office import PHONE, Office
from tests.browser.walk import TAKEN, Walk, walking
from tests.pictures import photo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
READMES = (Path("README.md"), Path("README.zh-CN.md"))
TABLE = "2026年11月 调度表"
REASON = "3.1 帮扶只有1次，请核对"


def test_a_campaign_goes_from_launch_to_the_citys_table(demonstration: Office) -> None:
    a_bureau_launches(demonstration)
    an_enterprise_uses_what_it_filled_in_already(demonstration)
    an_enterprise_submits_from_a_phone(demonstration)
    a_county_files_the_table(demonstration)
    the_city_returns_it(demonstration)
    the_county_files_again_and_the_city_accepts(demonstration)
    everybody_sees_where_it_stands(demonstration)
    shown = re.findall(r"docs/screenshots/([\w-]+\.png)", "".join(one.read_text("utf-8") for one in READMES))
    assert set(shown) <= TAKEN, "a README shows a picture that this journey does not take"


def a_bureau_launches(office: Office) -> None:
    with walking(office, "shijuzhang") as leader:
        leader.go("/campaigns")
        leader.go("/launch")
        leader.page.locator('a[href="/launch/hazard-2023"]').click()
        leader.look()
        leader.page.get_by_label("报送日").fill("31")
        leader.page.get_by_role("button", name="预览").click()
        assert "不能大于28" in leader.page.get_by_role("alert").inner_text()
        leader.page.get_by_label("报送日").fill("25")
        leader.press("预览", "bureau-preview")
        assert leader.reads("现在还没有下发任何东西")
        leader.fill(document_number="聊应急发〔2026〕30号")
        before = campaigns_in(office)
        leader.page.get_by_role("button", name="确认下发").dblclick()
        # the second click breaks off the first one's navigation, which waiting for a load would take amiss
        expect(leader.page).to_have_url(re.compile(r"/campaigns/\d+$"), timeout=20_000)
        leader.look()
        assert leader.reads("聊应急发〔2026〕30号")
        assert campaigns_in(office) == before + 1


def campaigns_in(office: Office) -> int:
    with office.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Campaign)) or 0


def an_enterprise_uses_what_it_filled_in_already(office: Office) -> None:
    with walking(office, "qiye", PHONE) as principal:
        principal.go("/tasks")
        principal.follow("可用已填的")
        principal.press("用这份记录提交")
        assert principal.reads("等茌平区应急管理局审核")
    with walking(office, "quju") as officer:
        officer.go("/decisions?kind=review")
        officer.follow("青山矿业有限公司1号尾矿库")
        officer.press("通过")


def an_enterprise_submits_from_a_phone(office: Office) -> None:
    with walking(office, "qiye", PHONE) as principal:
        principal.look("enterprise-worklist")
        principal.follow("企业自查问题隐患")
        principal.press("签收")
        inspect(principal.page)
        principal.page.get_by_label("带队人").fill("")
        principal.page.get_by_role("button", name="提交", exact=True).click()
        assert "带队人" in principal.page.get_by_role("alert").inner_text()
        assert principal.page.get_by_label("排查日期").input_value() == "2026-11-25"
        assert principal.reads("坝顶.jpg"), "a refused blank costs nobody his photos"
        principal.page.get_by_label("带队人").fill("卫矿长")
        sign(principal.page)
        principal.press("提交", "enterprise-receipt")
        with office.database.reading() as session:
            submission = session.scalars(select(Submission).order_by(col(Submission.id).desc())).first()
        assert submission is not None
        assert principal.page.url.endswith(f"/receipts/{submission.receipt}")
        assert principal.reads(submission.sha256)
        principal.go("/hazards")
        principal.follow("盖板破损")
        principal.go("/notices")


def inspect(page: Page) -> None:
    page.get_by_label("排查日期").fill("2026-11-25")
    for part in ("坝体", "排洪设施"):
        page.get_by_label(part, exact=True).check()
    page.get_by_text("点这里登记").first.click()
    page.get_by_label("什么隐患").first.fill("盖板破损")
    page.get_by_label("在哪里").first.fill("3号排水井")
    page.get_by_label("是，判为重大事故隐患").first.check()
    page.get_by_label("判定标准条款").first.fill("矿安〔2022〕88号 三（一）")
    picture = {"name": "坝顶.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(1200, 900))}
    page.get_by_label("拍照或选照片").set_input_files(picture)
    sign(page)


def sign(page: Page) -> None:
    page.get_by_role("group", name="主要负责人签字").get_by_role("checkbox").check()


def open_table(walk: Walk, picture: str = "") -> None:
    walk.go("/reports")
    walk.follow(TABLE, picture)


def type_in(walk: Walk, helped: str) -> None:
    """Type what no row tells; `helped` is how often the bureau helped."""
    walk.follow("补录和修改")
    for blank in walk.page.locator('main input[type="text"][name^="month-"]:visible').all():
        blank.fill("0")
    walk.page.locator('[name="month-3.1"]').fill(helped)
    walk.page.locator('[name="month-4.6"]').select_option("否")
    walk.press("保存")


def a_county_files_the_table(office: Office) -> None:
    with walking(office, "quju") as officer:
        officer.look()
        officer.go("/campaigns/1", "bureau-campaign")
        open_table(officer)
        officer.page.get_by_role("button", name="重新取数").click()
        officer.page.locator('a[href$="/cells/1.1"]').click()
        officer.look()
        assert officer.reads("盖板破损"), "the number opens the hazard that the phone handed in"
        open_table(officer)
        type_in(officer, "2")
    with walking(office, "juzhang") as leader:
        open_table(leader)
        leader.press("签字上报", "monthly-table")


def the_city_returns_it(office: Office) -> None:
    with walking(office, "shiju") as city:
        city.go("/decisions?kind=report")
        city.follow("茌平区应急管理局")
        city.page.get_by_role("button", name="退回", exact=True).click()
        assert city.page.locator("textarea[name=reason]").is_visible(), "without a reason nothing happens"
        city.fill(reason=REASON)
        city.press("退回")


def the_county_files_again_and_the_city_accepts(office: Office) -> None:
    with walking(office, "quju") as officer:
        open_table(officer)
        assert officer.reads(REASON)
        type_in(officer, "1")
    with walking(office, "juzhang") as leader:
        open_table(leader)
        leader.press("签字上报")
        for address in ("/decisions", "/tasks", "/register", "/trail"):
            leader.go(address)
    with walking(office, "shiju") as city:
        city.go("/decisions?kind=report")
        city.follow("茌平区应急管理局")
        city.press("接收")
        assert city.reads("已接收")


def everybody_sees_where_it_stands(office: Office) -> None:
    with walking(office, "shiju") as city:
        city.go("/progress")
        city.go("/progress/1", "superior-progress")
        assert city.reads("落在哪项，从哪天起")
        city.go("/progress/1/missing")
        assert city.reads("阳谷县应急管理局")
    with walking(office, "guanli") as administrator:
        for address in ("/people", "/people/new?organisation=3", "/register/import", "/calendar", "/settings/channels"):
            administrator.go(address)
