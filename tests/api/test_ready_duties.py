"""任务库 as a clerk sees it: which duty, who, how often the notice says, whence, and its form."""

from urllib.parse import quote

import pytest

from tests.api.client import Browser, words


@pytest.fixture
def officer(browser: Browser) -> Browser:
    browser.sign_in("officer")
    return browser


def test_the_shelf_is_listed_and_narrowed(officer: Browser) -> None:
    everything = words(officer.get("/duties"))
    assert "全员安全警示教育" in everything
    assert "每月1次" in everything
    assert "频次由本局定" in everything
    open_ones = words(officer.get("/duties?open=true&side=企业&words=图纸"))
    assert "矿山图纸定期交换" in open_ones
    assert "全员安全警示教育" not in open_ones
    assert "没有找到任务" in words(officer.get("/duties?words=火箭"))
    assert "班前会" not in words(officer.get("/duties?notice=004"))


def test_a_duty_shows_its_notice_its_form_and_the_line_that_takes_it(officer: Browser) -> None:
    seen = words(officer.get(f"/duties/{quote('图纸定期交换')}"))
    for expected in (
        "通知没有写明多久做一次",
        "严格落实矿山图纸定期交换制度",
        "泽应急发〔2022〕63号 六（一）",
        "图纸更新日期",
        "取自: 图纸定期交换, 对象: 企业, 频次: 每月1次",
        "非煤矿山企业安全生产主体责任落实行动",
    ):
        assert expected in seen


def test_what_is_not_on_the_shelf_is_not_found_and_an_enterprise_has_no_shelf(
    browser: Browser, officer: Browser
) -> None:
    assert officer.get(f"/duties/{quote('月度会议')}").status_code == 404
    browser.sign_in("principal")
    assert browser.get("/duties").status_code == 403


def test_the_campaign_of_all_duties_asks_for_every_frequency_before_it_can_be_sent_out(officer: Browser) -> None:
    page = officer.get("/launch/enterprise-duties/preview?starts_on=2023-05-01")
    assert "还有 25 个参数文件没有写明" in words(page)
    assert "· ·" not in words(page), "a duty without a period has no empty place for one"
    asked = words(officer.get("/launch/enterprise-duties"))
    assert "通知没有写。例如：3月底" in asked
    assert "。，" not in asked
