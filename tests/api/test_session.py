"""Signing in and out, and how guessing is slowed."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.directory.people import disable_account
from campaigns.actions.directory.signing_in import SignInRefused, begin_attempt
from campaigns.store.directory.people import SignIn
from tests.api.client import Browser, Clock, words
from tests.people import Cast


def test_a_page_asked_for_without_a_session_is_reached_after_signing_in(browser: Browser) -> None:
    refused = browser.get("/more?x=1")
    assert refused.headers["location"] == "/sign-in?next=/more%3Fx%3D1"
    assert 'value="/more?x=1"' in browser.follow(refused).text
    signed_in = browser.sign_in("officer", back="/more?x=1")
    assert "区局王经办" in words(browser.follow(signed_in))


def test_signing_in_leads_nowhere_outside(browser: Browser) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/sign-out"):
        assert browser.sign_in("officer", back=elsewhere).headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_login_read_the_same(browser: Browser) -> None:
    wrong = browser.sign_in("officer", "nonsense")
    unknown = browser.sign_in("nobody", "nonsense")
    assert wrong.status_code == unknown.status_code == 422
    assert words(wrong).replace("officer", "") == words(unknown).replace("nobody", "")
    assert "登录名或密码不对" in words(wrong)


def test_five_failures_close_a_login_for_a_quarter_of_an_hour_even_to_the_right_password(
    browser: Browser, clock: Clock
) -> None:
    for _ in range(5):
        assert browser.sign_in("officer", "nonsense").status_code == 422
    closed = browser.sign_in("officer")
    assert closed.status_code == 429
    assert "连续5次登录失败" in words(closed)
    assert browser.sign_in("leader").status_code == 303
    clock.instant += timedelta(minutes=16)
    assert browser.sign_in("officer").status_code == 303


def test_guesses_at_the_same_moment_are_counted_before_any_password_is_looked_at(cast: Cast, clock: Clock) -> None:
    for _ in range(5):
        with cast.database.transaction() as session:
            begin_attempt(session, login="officer", now=clock.instant)
    with pytest.raises(SignInRefused), cast.database.transaction() as session:
        begin_attempt(session, login="officer", now=clock.instant)


def test_a_success_forgets_the_failures_before_it(browser: Browser) -> None:
    for _ in range(4):
        browser.sign_in("officer", "nonsense")
    assert browser.sign_in("officer").status_code == 303
    browser.post("/sign-out")
    for _ in range(4):
        browser.sign_in("officer", "nonsense")
    assert browser.sign_in("officer").status_code == 303


def test_signing_out_ends_the_session_on_the_server(browser: Browser) -> None:
    browser.sign_in("officer")
    cookie = browser.http.cookies["rectify"]
    assert browser.get("/more").status_code == 200
    browser.post("/sign-out")
    browser.http.cookies.set("rectify", cookie)
    assert browser.get("/more").status_code == 303


def test_a_cookie_that_was_touched_is_nobodys(browser: Browser) -> None:
    browser.sign_in("officer")
    token, _, signature = browser.http.cookies["rectify"].rpartition(".")
    browser.http.cookies.clear()
    browser.http.cookies.set("rectify", f"{token[:-1]}x.{signature}")
    assert browser.get("/more").status_code == 303


def test_the_token_itself_is_never_stored(browser: Browser, cast: Cast) -> None:
    browser.sign_in("officer")
    token = browser.http.cookies["rectify"].rpartition(".")[0]
    with cast.database.reading() as session:
        stored = session.scalars(select(col(SignIn.token_hash))).all()
    assert len(stored) == 1
    assert token not in stored


def test_half_an_hour_without_a_click_or_twelve_hours_in_all_end_a_session(browser: Browser, clock: Clock) -> None:
    browser.sign_in("officer")
    for _ in range(3):
        clock.instant += timedelta(minutes=25)
        assert browser.get("/more").status_code == 200
    clock.instant += timedelta(minutes=31)
    assert browser.get("/more").status_code == 303
    browser.sign_in("officer")
    for _ in range(35):
        clock.instant += timedelta(minutes=20)
        assert browser.get("/more").status_code == 200
    clock.instant += timedelta(minutes=25)
    assert browser.get("/more").status_code == 303


def test_a_closed_account_is_out_at_once(browser: Browser, cast: Cast, clock: Clock) -> None:
    browser.sign_in("officer")
    with cast.database.transaction() as session:
        disable_account(session, person_id=cast.officer.person_id or 0, by=cast.administrator, now=clock.instant)
    assert browser.get("/more").status_code == 303
    assert browser.sign_in("officer").status_code == 422
