"""The administrator's pages: accounts, the work calendar, channels; and one's own settings."""

import pytest
from httpx2 import Response

from campaigns.actions.messages.channels import set_group_channel
from campaigns.rules.states import DeliveryState
from campaigns.store.messages import Delivery
from tests.api.client import SETTINGS, Browser, Clock, form_key, words
from tests.people import FOUNDED, PASSWORD, Cast

NEW = {"name": "新安全员", "login": "new.officer", "roles": "officer", "password": PASSWORD}


def test_an_account_is_opened_and_its_owner_led_to_change_his_password(browser: Browser, cast: Cast) -> None:
    browser.sign_in("administrator")
    page = browser.get(f"/people/new?organisation={cast.bureau.id}")
    opened = browser.post("/people/open", key=form_key(page), organisation=cast.bureau.id, **NEW)
    assert "已为新安全员开通账号" in words(browser.follow(opened))
    browser.post("/sign-out")
    assert browser.sign_in("new.officer").headers["location"] == "/settings/password"
    assert browser.get("/register").headers["location"] == "/settings/password"
    assert browser.post("/notices/read").headers["location"] == "/settings/password"
    assert browser.get("/settings/password").status_code == 200
    changed = browser.post("/settings/password/change", current=PASSWORD, password="Another-1x", again="Another-1x")
    assert changed.headers["location"] == "/sign-in"
    assert browser.get("/notices").status_code == 303
    assert browser.sign_in("new.officer", "Another-1x", back="/notices").headers["location"] == "/notices"


def test_a_refused_account_keeps_what_was_typed(browser: Browser, cast: Cast) -> None:
    browser.sign_in("administrator")
    answer = browser.post("/people/open", organisation=cast.bureau.id, **{**NEW, "login": "?", "password": "short"})
    assert answer.status_code == 422
    assert "登录名用3到60个字母" in words(answer)
    assert 'value="新安全员"' in answer.text


def test_roles_are_changed_a_password_reset_and_an_account_closed(browser: Browser, cast: Cast) -> None:
    browser.sign_in("administrator")
    person = f"/people/{cast.officer.person_id}"
    assert "角色已更新" in words(browser.follow(browser.post(f"{person}/roles", key="k" * 20, roles="inspector")))
    assert "密码已重置" in words(
        browser.follow(browser.post(f"{person}/password", key="l" * 20, password="Another-1x"))
    )
    unsure = browser.post(f"{person}/disable", key="m" * 20)
    assert (unsure.status_code, "请勾选这里" in words(unsure)) == (422, True)
    assert "已停用" in words(browser.follow(browser.post(f"{person}/disable", key="o" * 20, sure="yes")))
    assert browser.post(f"{person}/roles", key="n" * 20, roles="leader").status_code == 409
    assert "已重新启用" in words(browser.follow(browser.post(f"{person}/enable", key="p" * 20, password="Another-2x")))


def test_an_officer_sees_no_accounts_and_an_administrator_none_next_door(browser: Browser, cast: Cast) -> None:
    browser.sign_in("officer")
    assert browser.get("/people").status_code in {403, 404}
    browser.post("/sign-out")
    browser.sign_in("administrator")
    assert browser.get(f"/people?organisation={cast.stranger.id}").status_code == 404
    assert browser.get(f"/people/{cast.stranger_principal.person_id}").status_code == 404


def test_a_day_is_set_in_the_calendar_and_taken_back(browser: Browser) -> None:
    browser.sign_in("administrator")
    page = browser.get("/calendar?year=2023")
    assert "2023年10月1日" in words(page).replace(" ", "") or "中秋" in words(page)
    key = form_key(page)
    set_ = browser.post("/calendar/days", key=key, day="2023-08-05", working="yes", note="防汛抢险")
    seen = words(browser.follow(set_))
    assert "防汛抢险" in seen
    assert "工作日历已更新" in seen
    back = browser.post("/calendar/days/2023-08-05/forget", key="k" * 20)
    assert "防汛抢险" not in words(browser.follow(back))


def test_everybody_reads_the_calendar_and_only_an_administrator_changes_it(browser: Browser) -> None:
    browser.sign_in("principal")
    assert "您没有权限维护工作日历" in words(browser.get("/calendar?year=2023"))
    assert browser.post("/calendar/days", day="2023-08-05", working="yes").status_code == 403
    assert browser.get("/calendar?year=99999").status_code == 404


def save(browser: Browser, form: str, address: str) -> Response:
    """Save a channel under a key of its own."""
    fields = {"form_key": f"key-for-{len(address):08}", "address": address, "secret": "canary", "enabled": "yes"}
    return browser.http.post(f"/settings/channels/{form}", data=fields)


def test_a_mail_address_is_checked_and_a_robot_must_be_on_the_list(cast: Cast, clock: Clock) -> None:
    browser = Browser(cast.database, clock, SETTINGS.model_copy(update={"webhook_allow": "robot.test:443"}))
    browser.sign_in("administrator")
    wrong = save(browser, "email/save", "nobody")
    assert wrong.status_code == 422
    assert "邮箱地址写得不对" in words(wrong)
    evil = save(browser, "wecom/group", "https://evil.test/")
    assert "不在允许外发的名单里" in words(evil)
    good = save(browser, "wecom/group", "https://robot.test/?key=1")
    page = browser.follow(good)
    assert "企业微信群机器人已保存" in words(page)
    assert "canary" not in page.text


@pytest.mark.parametrize(("login", "status"), [("principal", 303), ("stranger", 404)])
def test_a_failed_message_is_seen_with_its_reason_and_sent_again_by_its_owner(
    browser: Browser, cast: Cast, login: str, status: int
) -> None:
    with cast.database.transaction() as session:
        failed = Delivery(
            channel="email",
            person_id=cast.principal.person_id,
            day=FOUNDED.date(),
            address="x@example.invalid",
            title="2条待办与消息",
            body="",
            state=DeliveryState.FAILED,
            next_try_at=FOUNDED,
            last_error="邮件服务器拒收（550），请核对邮箱地址。",
            message_id="m",
        )
        session.add(failed)
        session.flush()
        number = failed.id
    browser.sign_in(login)
    assert ("邮件服务器拒收" in words(browser.get("/settings/channels"))) is (status == 303)
    assert browser.post(f"/settings/deliveries/{number}/again").status_code == status


def test_an_administrator_comes_from_an_enterprise_to_its_accounts(browser: Browser, cast: Cast) -> None:
    browser.sign_in("administrator")
    assert f'href="/people?organisation={cast.pond.id}"' in browser.get(f"/register/{cast.pond.id}").text
    accounts = words(browser.get(f"/people?organisation={cast.pond.id}"))
    assert cast.principal.name in accounts
    assert cast.other_principal.name not in accounts


def test_an_administrator_queues_everything_again_that_another_system_refused(cast: Cast, browser: Browser) -> None:
    with cast.database.transaction() as session:
        by = cast.administrator
        set_group_channel(
            session,
            channel="webhook",
            address="https://hooks.test/in",
            secret="x" * 20,
            enabled=True,
            by=by,
            now=FOUNDED,
        )
        for number in (1, 2):
            failed = Delivery(
                channel="webhook",
                day=FOUNDED.date(),
                address="https://hooks.test/in",
                body="",
                organisation_id=cast.administrator.organisation_id,
                event_id=number,
                title="上报了调度表",
                state=DeliveryState.FAILED,
                next_try_at=FOUNDED,
                last_error="对方系统拒绝接收（HTTP 404），请核对网址。",
                message_id=f"event{number}",
            )
            session.add(failed)
    browser.sign_in("administrator")
    assert "2 条没有发出去，已不再重试" in words(browser.get("/settings/channels"))
    again = browser.post("/settings/channels/webhook/again")
    seen = words(browser.follow(again))
    assert "没有发出的都已重新排队" in seen
    assert "已不再重试" not in seen
    assert browser.post("/settings/channels/fax/again", key="key-for-a-fax-01").status_code == 404
    browser.sign_in("principal")
    assert browser.post("/settings/channels/webhook/again", key="key-of-another-1").status_code == 403
