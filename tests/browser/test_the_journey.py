"""The whole way through the browser, without a line of script: launch, submit from a phone, file, return, accept, look down."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.store.campaigns import Campaign
from campaigns.store.tasks import Submission
from flows.sweeps import pass_of_everything
from tests.browser.office import PHONE, Office
from tests.browser.walk import Walk, walking
from tests.campaigns import at
from tests.monthly import report_of
from tests.pictures import photo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.mark.timeout(600)
def test_a_campaign_goes_from_launch_to_the_citys_table(empty_office: Office) -> None:
    office = empty_office
    a_bureau_launches(office)
    time_passes(office, at(5, 10))
    an_enterprise_submits_from_a_phone(office)
    time_passes(office, at(5, 24))
    the_table_goes_up_and_comes_back(office)
    time_passes(office, at(6, 21))
    the_superior_looks_down(office)


def time_passes(office: Office, to: object) -> None:
    """Let the day come: what is due happens as the scheduler would do it."""
    office.clock.instant = to  # type: ignore[assignment]
    pass_of_everything(office.cast.database, now=office.clock())


def a_bureau_launches(office: Office) -> None:
    with walking(office, "city.leader") as leader:
        leader.look()
        leader.go("/launch")
        leader.page.locator("section", has_text="重大事故隐患专项排查整治").get_by_role(
            "link", name="用这个模板"
        ).click()
        leader.look()
        leader.press("预览", "bureau-preview")
        assert leader.reads("现在还没有下发任何东西")
        leader.fill(document_number="聊应急发〔2023〕15号")
        leader.press("确认下发", "bureau-launched")
        with office.cast.database.reading() as session:
            campaign = session.scalars(select(Campaign)).one()
        assert leader.page.url.endswith(f"/campaigns/{campaign.id}")
        assert campaign.document_number == "聊应急发〔2023〕15号"


def an_enterprise_submits_from_a_phone(office: Office) -> None:
    with walking(office, "principal", PHONE) as principal:
        principal.look("enterprise-worklist")
        principal.follow("重大事故隐患排查治理")
        principal.press("签收")
        fill_in_the_inspection(principal)
        principal.press("提交", "enterprise-receipt")
        with office.cast.database.reading() as session:
            submission = session.scalars(select(Submission).order_by(col(Submission.id).desc())).first()
        assert submission is not None
        assert principal.page.url.endswith(f"/receipts/{submission.receipt}")
        assert principal.reads(submission.sha256)
        principal.go("/hazards")
        principal.follow("盖板破损")
        principal.go("/notices")


def fill_in_the_inspection(principal: Walk) -> None:
    page = principal.page
    page.get_by_label("排查日期").fill("2023-05-10")
    page.get_by_label("带队人").fill("卫矿长")
    for part in ("坝体", "排洪设施"):
        page.get_by_label(part, exact=True).check()
    page.get_by_text("点这里登记").first.click()
    page.get_by_label("什么隐患").first.fill("盖板破损")
    page.get_by_label("在哪里").first.fill("3号排水井")
    page.get_by_label("是，判为重大事故隐患").first.check()
    page.get_by_label("判定标准条款").first.fill("矿安〔2022〕88号 三（一）")
    picture = {"name": "坝顶.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(1200, 900))}
    page.get_by_label("拍照或选照片").set_input_files(picture)
    page.get_by_role("group", name="主要负责人签字").get_by_role("checkbox").check()


def the_table_goes_up_and_comes_back(office: Office) -> None:
    table = report_address(office)
    with walking(office, "officer") as officer:
        officer.go("/reports")
        officer.go(table)
        officer.follow("1个，看明细")
        assert officer.reads("盖板破损"), "the number opens the hazard that the phone handed in"
        officer.go(table)
        officer.follow("补录和修改")
        for blank in officer.page.locator('main input[type="text"][name^="month-"]:visible').all():
            blank.fill("0")
        officer.page.locator('[name="month-3.1"]').fill("2")
        officer.page.locator('[name="month-4.6"]').select_option("否")
        officer.press("保存", "monthly-table")
    with walking(office, "leader") as leader:
        leader.go(table)
        leader.press("签字上报")
    with walking(office, "city.officer") as city:
        city.go(table)
        city.fill(reason="3.1 帮扶只有1次，请核对")
        city.press("退回")
    with walking(office, "officer") as officer:
        officer.go(table)
        assert officer.reads("3.1 帮扶只有1次，请核对")
        officer.follow("补录和修改")
        officer.page.locator('[name="month-3.1"]').fill("1")
        officer.press("保存")
    with walking(office, "leader") as leader:
        leader.go(table)
        leader.press("签字上报")
    with walking(office, "city.officer") as city:
        city.go(table)
        city.press("接收")
        assert city.reads("已接收")


def report_address(office: Office) -> str:
    """Return the address of 茌平's table of May."""
    with office.cast.database.reading() as session:
        campaign = session.scalars(select(Campaign)).one()
        return f"/reports/{report_of(session, campaign, office.cast.bureau).id}"


def the_superior_looks_down(office: Office) -> None:
    with walking(office, "city.leader") as leader:
        leader.go("/campaigns")
        leader.go("/campaigns/1", "bureau-campaign")
        leader.go("/progress")
        leader.go("/progress/1", "superior-progress")
        leader.go("/progress/1/missing")
        assert leader.reads("东阿县应急管理局")
    with walking(office, "leader") as leader:
        for address in ("/decisions", "/tasks", "/register", "/trail"):
            leader.go(address)
