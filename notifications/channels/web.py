"""The one way an HTTP channel leaves the house: only to hosts an operator listed, no proxy, no redirect, little time.

On an intranet every honest host is private, so “block private addresses” protects nothing; and a loopback can be spelled in
many ways (2130706433, 0x7f.1, 127.1). Therefore the host and port must stand, literally, in `RECTIFY_WEBHOOK_ALLOW`.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx

from campaigns.settings import Settings
from notifications.channels.letter import Refused, TryLater

SECONDS = 10.0
LARGEST_ANSWER = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(
        logging.WARNING
    )  # their INFO lines carry the address, and a robot's address is its key


def why_not(address: str, _secret: str, settings: Settings) -> str:
    """Return the sentence against a web address, empty when it may be called."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return "网址写得不对，请从对方系统复制完整的网址。"
    if parts.scheme not in _PORTS or not parts.hostname:
        return "网址必须以 http:// 或 https:// 开头。"
    if parts.username or parts.password or "@" in parts.netloc or "\\" in address:
        return "网址里不能带用户名、密码或反斜杠。"
    if f"{parts.hostname}:{port}" not in _allowed(settings):
        return "这个地址不在允许外发的名单里，请系统管理员把“主机:端口”加入 RECTIFY_WEBHOOK_ALLOW。"
    return ""


def has_somewhere_to_go(settings: Settings) -> bool:
    """Whether the operator listed any host at all."""
    return bool(_allowed(settings))


@contextmanager
def client() -> Iterator[httpx.Client]:
    """Open an HTTP client that ignores the environment's proxies and follows no redirect."""
    with httpx.Client(timeout=SECONDS / 2, trust_env=False, follow_redirects=False) as opened:
        yield opened


def post(opened: httpx.Client, settings: Settings, address: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Post JSON to an allowed address and return the answer's first 64 kB; SendingFailed never names the address."""
    if reason := why_not(address, "", settings):
        raise Refused(reason)
    sent = {"content-type": "application/json; charset=utf-8", **headers}
    try:
        with opened.stream("POST", address, content=body, headers=sent) as response:
            answer = _read(response)
            status = response.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise TryLater(f"没有连上对方系统（{type(error).__name__}），稍后自动重试。") from None
    _judge(status)
    return answer


def _read(response: httpx.Response) -> bytes:
    answer, until = b"", time.monotonic() + SECONDS
    for piece in response.iter_raw(4096):
        answer += piece
        if len(answer) > LARGEST_ANSWER or time.monotonic() > until:
            raise TryLater("对方系统的回答太长或太慢，没有读完，稍后自动重试。")
    return answer


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    if status in _LATER:
        raise TryLater(f"对方系统暂时不能接收（HTTP {status}），稍后自动重试。")
    raise Refused(f"对方系统拒绝接收（HTTP {status}），请核对网址。")


def _allowed(settings: Settings) -> frozenset[str]:
    return frozenset(entry.strip().lower() for entry in settings.webhook_allow.split(",") if ":" in entry)
