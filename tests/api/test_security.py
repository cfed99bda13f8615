"""The outer walls: who may write from where, and what every response carries."""

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.security import HEADERS, Walls, secret
from campaigns.errors import Invalid
from campaigns.settings import DEMO_SECRET, Settings
from tests.api.client import SETTINGS, Browser, Clock, words
from tests.people import Cast

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "", "Origin": "null"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_write_from_elsewhere_is_refused(browser: Browser, headers: dict[str, str]) -> None:
    browser.sign_in("officer")
    answer = browser.http.post("/sign-out", headers=headers)
    assert answer.status_code == 403
    assert browser.get("/more").status_code == 200


def test_an_old_browser_without_fetch_metadata_is_judged_by_its_origin(browser: Browser) -> None:
    browser.sign_in("officer")
    del browser.http.headers["sec-fetch-site"]
    assert browser.http.post("/sign-out").status_code == 403
    assert browser.http.post("/sign-out", headers={"Origin": "http://testserver"}).status_code == 303


@pytest.mark.parametrize("address", ["/sign-in", "/more", "/nothing-here", "/livez", "/static/rectify.js", "/_parts"])
def test_every_response_carries_the_headers(browser: Browser, address: str) -> None:
    answer = browser.get(address)
    assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)
    assert answer.headers.get("cache-control") == (None if address.startswith("/static/") else "no-store")


def test_a_fingerprinted_file_may_be_kept_for_ever(browser: Browser) -> None:
    assert "immutable" in browser.get("/static/rectify.js?v=1").headers["cache-control"]


def test_no_page_has_script_or_style_of_its_own(browser: Browser) -> None:
    page = browser.get("/_parts").text
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<script") == page.count("<script src=")


def test_the_session_cookie_is_closed_to_scripts_and_to_other_sites(browser: Browser) -> None:
    cookie = browser.sign_in("officer").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_over_tls_the_cookie_is_bound_to_the_host(cast: Cast, clock: Clock) -> None:
    browser = Browser(cast.database, clock, Settings(demo=True, secure_cookies=True))
    answer = browser.sign_in("officer")
    assert answer.headers["set-cookie"].startswith("__Host-rectify=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


def test_an_oversized_body_is_refused_before_it_is_read(browser: Browser) -> None:
    answer = browser.http.post("/sign-in", content=b"x", headers={"Content-Length": str(10**12)})
    assert answer.status_code == 413


@pytest.mark.parametrize("value", ["", "short", DEMO_SECRET])
def test_production_does_not_start_with_a_missing_or_default_secret(value: str) -> None:
    with pytest.raises(Invalid, match="RECTIFY_SECRET"):
        secret(Settings(demo=False, secret=value))


def test_long_pages_travel_compressed(browser: Browser) -> None:
    page = browser.get("/sign-in")
    assert page.headers["content-encoding"] == "gzip"
    assert "登录" in page.text


def test_a_body_that_does_not_say_its_length_is_told_in_words_when_it_is_too_large(cast: Cast, clock: Clock) -> None:
    app = Walls(create_app(lambda: cast.database, lambda: SETTINGS, clock), largest_body=1000, https=False)
    pieces = (b"login=" + b"x" * 300 for _ in range(5))
    headers = {"content-type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    answer = TestClient(app).post("/sign-in", content=pieces, headers=headers)
    assert answer.status_code == 413
    assert "超过了大小限制" in words(answer)
