"""The main job as people do it: launch at a desk, submit on a phone without JavaScript, file the table of the 25th."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from campaigns.actions.reporting.reports import open_period
from campaigns.store.campaigns import Campaign
from tests.browser.office import PHONE, Office, faults
from tests.campaigns import at
from tests.monthly import MAY, TABLE
from tests.pictures import photo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_the_2023_action_from_launch_to_the_table_of_the_25th(empty_office: Office, tmp_path: Path) -> None:
    office = empty_office
    with office.signed_in("officer") as page:
        launch_by_a_double_click(office, page)
    with office.signed_in("principal", PHONE, scripts=False) as page:
        hand_in_on_a_phone(office, page, tmp_path)
    office.clock.instant = at(5, 25)
    with office.cast.database.transaction() as session:
        campaign = session.scalars(select(Campaign)).one()
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=office.clock.instant)
    with office.signed_in("officer") as page:
        type_what_no_row_tells(office, page)
    with office.signed_in("leader") as page:
        sign_and_file(office, page)
    with office.signed_in("city.leader") as page:
        receive(office, page)


def launch_by_a_double_click(office: Office, page: Page) -> None:
    page.goto("/campaigns")
    page.get_by_role("link", name="发起行动").first.click()
    page.locator('a[href="/launch/hazard-2023"]').click()
    page.get_by_label("报送日").fill("31")
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("alert")).to_contain_text("不能大于28")
    page.get_by_label("报送日").fill("25")
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("heading", name="每个日期")).to_be_visible()
    office.look_at(page, "bureau-preview")
    assert faults(page) == []
    page.get_by_label("文号").fill("茌应急〔2023〕12号")
    page.get_by_role("button", name="确认下发").dblclick()
    expect(page.get_by_text("已下发")).to_be_visible()
    expect(page.get_by_text("茌应急〔2023〕12号")).to_be_visible()
    office.look_at(page, "bureau-campaign-launched")
    with office.cast.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Campaign)) == 1


def hand_in_on_a_phone(office: Office, page: Page, folder: Path) -> None:
    picture = folder / "坝顶照片.jpg"
    picture.write_bytes(photo("green"))
    page.goto("/tasks")
    office.look_at(page, "enterprise-worklist")
    page.get_by_role("link", name="重大事故隐患排查治理（2023年5月第1次）").click()
    page.get_by_role("button", name="签收").click()
    page.get_by_label("排查日期").fill("2023-05-04")
    page.get_by_label("坝体").check()
    page.get_by_label("拍照或选照片").set_input_files(picture)
    for signature in page.get_by_label("本人签字：").all():
        signature.check()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("带队人")
    expect(page.get_by_label("排查日期")).to_have_value("2023-05-04")
    expect(page.get_by_text("坝顶照片.jpg")).to_be_visible()
    office.look_at(page, "enterprise-form-refused")
    page.get_by_label("带队人").fill("卫矿长")
    for signature in page.get_by_label("本人签字：").all():
        signature.check()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("已提交")).to_be_visible()
    assert "/receipts/" in page.url
    office.look_at(page, "enterprise-receipt")


def type_what_no_row_tells(office: Office, page: Page) -> None:
    page.goto("/reports")
    page.get_by_role("link", name="2023-05 调度表").first.click()
    office.look_at(page, "monthly-table-to-fill")
    assert faults(page) == []
    page.get_by_role("link", name="补录和修改").click()
    for blank in page.locator('input[name^="month-"]:visible').all():
        blank.fill("0")
    page.locator('select[name="month-4.6"]').select_option("否")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("没有要改的，可以上报")).to_be_visible()


def sign_and_file(office: Office, page: Page) -> None:
    page.goto("/reports")
    page.get_by_role("link", name="2023-05 调度表").first.click()
    page.get_by_role("button", name="签字上报").click()
    expect(page.get_by_text("已签发上报")).to_be_visible()


def receive(office: Office, page: Page) -> None:
    page.goto("/reports")
    office.look_at(page, "city-reports")
    page.get_by_role("link", name="2023-05 调度表").first.click()
    page.get_by_role("link", name=office.cast.bureau.name).first.click()
    page.get_by_role("button", name="接收").click()
    expect(page.get_by_text("已接收").first).to_be_visible()
    office.look_at(page, "monthly-table")
    assert faults(page) == []
