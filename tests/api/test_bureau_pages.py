"""The bureau's pages: lists within sight, empty states with a next step, foreign ids not found."""

import pytest

from tests.api.client import Browser, words
from tests.people import Cast


def test_a_bureau_without_campaigns_is_told_what_to_do_next(browser: Browser) -> None:
    browser.sign_in("officer")
    page = browser.get("/campaigns")
    assert "还没有专项行动" in words(page)
    assert 'href="/launch"' in page.text


def test_an_inspector_sees_why_he_cannot_launch(browser: Browser) -> None:
    browser.sign_in("inspector")
    page = browser.get("/campaigns")
    assert "您没有权限启动专项行动" in words(page)
    assert 'href="/launch"' not in page.text


def test_the_register_shows_the_bureaus_own_enterprises_and_nobody_elses(browser: Browser, cast: Cast) -> None:
    browser.sign_in("officer")
    seen = words(browser.get("/register"))
    assert cast.pond.name in seen
    assert cast.other_pond.name in seen
    assert cast.stranger.name not in seen


def test_the_city_sees_both_counties(browser: Browser, cast: Cast) -> None:
    browser.sign_in("city.officer")
    seen = words(browser.get("/register"))
    assert cast.pond.name in seen
    assert cast.stranger.name in seen


def test_the_register_is_searched_by_a_part_of_the_name_and_wildcards_are_letters(browser: Browser, cast: Cast) -> None:
    browser.sign_in("officer")
    found = words(browser.get(f"/register?words={cast.pond.name[:4]}"))
    assert cast.pond.name in found
    assert cast.other_pond.name not in found
    assert "没有找到单位" in words(browser.get("/register?words=%25"))


def test_an_organisation_shows_who_supervises_it_and_hides_most_of_a_telephone_number(
    browser: Browser, cast: Cast
) -> None:
    browser.sign_in("officer")
    seen = words(browser.get(f"/register/{cast.pond.id}"))
    assert cast.bureau.name in seen
    assert "有外包队伍" in seen
    assert "没有未完成的任务" in seen


@pytest.mark.parametrize("address", ["/register/{stranger}", "/campaigns/999", "/campaigns/999/tasks", "/campaigns/x"])
def test_what_is_out_of_sight_is_not_found(browser: Browser, cast: Cast, address: str) -> None:
    browser.sign_in("officer")
    assert browser.get(address.format(stranger=cast.stranger.id)).status_code == 404


def test_the_trail_shows_what_happened_within_sight(browser: Browser, cast: Cast) -> None:
    browser.sign_in("officer")
    seen = words(browser.get("/trail"))
    assert "登录" in seen
    assert cast.pond.name in seen
    assert cast.stranger.name not in seen
    assert "登记单位" in words(browser.get("/trail?subject=organisation"))


def test_an_enterprise_reads_only_its_own_trail(browser: Browser, cast: Cast) -> None:
    browser.sign_in("principal")
    seen = words(browser.get("/trail"))
    assert cast.pond.name in seen
    assert cast.other_pond.name not in seen
    assert words(browser.get(f"/trail?organisation={cast.stranger.id}")).count("没有记录") == 1


def test_who_may_read_no_trail_is_refused_and_has_no_link_to_it(browser: Browser) -> None:
    browser.sign_in("safety")
    assert 'href="/trail"' not in browser.get("/more").text
    assert browser.get("/trail").status_code == 403


def test_nothing_waits_for_a_new_bureau_and_an_enterprise_has_no_such_page(browser: Browser) -> None:
    browser.sign_in("leader")
    assert "没有等您决定的提交审核" in words(browser.get("/decisions"))
    browser.sign_in("principal")
    assert browser.get("/decisions").status_code == 403
