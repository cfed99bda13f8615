"""Webhooks and robots: signed, only to listed hosts, through no proxy, and an error code in a 200 answer is an error."""

import base64
import hashlib
import hmac
import logging
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import orjson
import pytest
from pytest_httpx import HTTPXMock

from campaigns.settings import Settings
from notifications.channels import CHANNELS, robots, web
from notifications.channels.letter import Happened, Letter, Refused, SendingFailed, TryLater
from notifications.channels.webhook import signature

AT = datetime(2023, 5, 24, 1, 0, tzinfo=UTC)
SETTINGS = Settings(webhook_allow="robot.test:443, hooks.test:8443")
ADDRESS = "https://robot.test/send?key=canary-key"


def letter(address: str = ADDRESS, secret: str = "canary-secret-0123", body: str = "正文") -> Letter:
    """Return a letter to a robot."""
    return Letter("20230524.x.o1@rectify.local", address, "2条待办与消息", body, AT, secret)


def send(name: str, one: Letter) -> None:
    """Send one letter through a channel."""
    with CHANNELS[name].connect(SETTINGS) as sending:
        sending(one)


def test_a_webhook_is_signed_over_timestamp_and_body_and_names_its_delivery(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=204)
    send("webhook", letter("https://hooks.test:8443/in"))
    request = httpx_mock.get_requests()[0]
    timestamp = request.headers["x-rectify-timestamp"]
    assert timestamp == str(int(AT.timestamp()))
    assert request.headers["x-rectify-signature"] == signature("canary-secret-0123", timestamp, request.content)
    assert request.headers["x-rectify-signature"] != signature("another-secret-012", timestamp, request.content)
    assert request.headers["x-rectify-delivery"] == orjson.loads(request.content)["delivery"]


def test_a_webhook_names_the_kind_and_the_page_of_what_happened(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=204)
    filed = Happened("report.filed", "/reports/17", "茌平区上报了2023年5月的调度表")
    send("webhook", replace(letter("https://hooks.test:8443/in"), events=(filed,)))
    events = orjson.loads(httpx_mock.get_requests()[0].content)["events"]
    assert events == [{"kind": "report.filed", "link": "/reports/17", "title": filed.title}]


@pytest.mark.parametrize(
    ("status", "failure"), [(500, TryLater), (429, TryLater), (503, TryLater), (404, Refused), (302, Refused)]
)
def test_the_status_decides_between_later_and_never(
    httpx_mock: HTTPXMock, status: int, failure: type[SendingFailed]
) -> None:
    httpx_mock.add_response(status_code=status, headers={"location": "https://robot.test/elsewhere"})
    with pytest.raises(failure, match=str(status)):
        send("webhook", letter())
    assert len(httpx_mock.get_requests()) == 1, "a redirect is not followed"


@pytest.mark.parametrize("name", ["wecom", "dingtalk", "feishu"])
def test_a_robot_takes_one_text(httpx_mock: HTTPXMock, name: str) -> None:
    httpx_mock.add_response(json={"errcode": 0, "code": 0, "errmsg": "ok"})
    send(name, letter())
    assert "2条待办与消息" in httpx_mock.get_requests()[0].content.decode()


@pytest.mark.parametrize(
    ("name", "answer", "failure"),
    [
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, Refused),
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, TryLater),
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, Refused),
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, TryLater),
        ("feishu", {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}, Refused),
        ("feishu", {"code": 11232, "msg": "frequency limited"}, TryLater),
        ("feishu", ["not", "an", "object"], TryLater),
        ("wecom", {"errmsg": "no code at all"}, TryLater),
    ],
)
def test_an_error_code_inside_a_good_answer_is_an_error(
    httpx_mock: HTTPXMock, name: str, answer: object, failure: type[SendingFailed]
) -> None:
    httpx_mock.add_response(json=answer)
    with pytest.raises(failure) as raised:
        send(name, letter())
    assert type(raised.value) is failure
    assert "canary" not in str(raised.value)


def test_dingtalk_signs_the_address_and_feishu_the_body(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(json={"errcode": 0, "code": 0}, is_reusable=True)
    send("dingtalk", letter(secret="SECret"))
    send("feishu", letter(secret="SECret"))
    ding, fei = httpx_mock.get_requests()
    query = parse_qs(urlsplit(str(ding.url)).query)
    milliseconds = str(int(AT.timestamp() * 1000))
    expected = hmac.new(b"SECret", f"{milliseconds}\nSECret".encode(), hashlib.sha256).digest()
    assert (query["timestamp"], query["sign"]) == ([milliseconds], [base64.b64encode(expected).decode()])
    assert query["key"] == ["canary-key"]
    body = orjson.loads(fei.content)
    key = f"{body['timestamp']}\nSECret".encode()
    assert body["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()


def test_a_long_digest_is_cut_at_a_whole_character_and_says_so() -> None:
    cut = robots.text(letter(body="整改" * 2000), 2048)
    assert len(cut.encode()) <= 2048
    assert cut.endswith("（内容较长，请登录系统查看）")
    assert "�" not in cut


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/",
        "http://127.0.0.1:4200/api",
        "https://robot.test:4200/",
        "http://robot.test/",
        "https://robot.test.evil.test/",
        "https://robot.test@evil.test/",
        "https://evil.test\\@robot.test/",
        "https://user:pass@robot.test/",
        "file:///etc/passwd",
        "gopher://robot.test:443/",
        "https://robot.test:99999/",
        "//robot.test/",
        "",
    ],
)
def test_only_listed_hosts_and_ports_are_called(httpx_mock: HTTPXMock, address: str) -> None:
    with pytest.raises(Refused):
        send("wecom", letter(address))
    assert httpx_mock.get_requests() == []


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    with web.client() as opened:
        assert not opened.trust_env
        assert not opened.follow_redirects
        assert not opened._mounts, "a proxy would be mounted as another transport"


def test_no_key_and_no_secret_reaches_a_log(httpx_mock: HTTPXMock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    httpx_mock.add_exception(httpx.ConnectError("no route to https://robot.test/send?key=canary-key"))
    with pytest.raises(TryLater) as raised:
        send("wecom", letter())
    httpx_mock.add_response(json={"errcode": 0})
    send("wecom", letter())
    assert "canary" not in caplog.text + str(raised.value) + repr(raised.value.__cause__)


def test_an_endless_answer_is_not_read_to_its_end(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(content=b"x" * (web.LARGEST_ANSWER + 1))
    with pytest.raises(TryLater, match="太长"):
        send("webhook", letter())


def test_a_webhook_without_a_real_secret_is_not_accepted_as_a_setting() -> None:
    assert "至少16个字符" in CHANNELS["webhook"].why_not(ADDRESS, "short", SETTINGS)
    assert CHANNELS["webhook"].why_not(ADDRESS, "long-enough-secret", SETTINGS) == ""
