"""钉钉群机器人: one text message, signed (加签) with the millisecond timestamp when a secret is set."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import orjson

from campaigns.settings import Settings
from notifications.channels import robots, web
from notifications.channels.letter import Channel, Letter, Send

MOST_BYTES = 18_000
LATER = {-1: "系统繁忙", 130101: "发送太频繁", 410100: "发送太频繁"}


def signed(letter: Letter) -> str:
    """Return the address with `timestamp` and `sign`: HMAC-SHA256 of “timestamp↵secret” under the secret, base64."""
    if not letter.secret:
        return letter.address
    timestamp = str(int(letter.at.timestamp() * 1000))
    digest = hmac.new(letter.secret.encode(), f"{timestamp}\n{letter.secret}".encode(), hashlib.sha256).digest()
    query = urlencode({"timestamp": timestamp, "sign": base64.b64encode(digest).decode()})
    return f"{letter.address}{'&' if '?' in letter.address else '?'}{query}"


@contextmanager
def connect(settings: Settings) -> Iterator[Send]:
    """Share one HTTP client over the batch."""
    with web.client() as opened:

        def send(letter: Letter) -> None:
            body = orjson.dumps({"msgtype": "text", "text": {"content": robots.text(letter, MOST_BYTES)}})
            answer = web.post(opened, settings, signed(letter), body, {"x-rectify-delivery": letter.delivery})
            robots.check(answer, code="errcode", words="errmsg", later=LATER, label="钉钉")

        yield send


CHANNEL = Channel("钉钉群机器人", connect, web.has_somewhere_to_go, web.why_not, to_groups=True)
