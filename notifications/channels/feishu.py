"""飞书群机器人: one text message, signed in the body with the second's timestamp when a secret is set."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from campaigns.settings import Settings
from notifications.channels import robots, web
from notifications.channels.letter import Channel, Letter, Send

MOST_BYTES = 18_000
LATER = {11232: "发送太频繁", 99991400: "发送太频繁"}


def signature(letter: Letter) -> dict[str, str]:
    """Return `timestamp` and `sign`: HMAC-SHA256 of nothing under the key “timestamp↵secret”, base64."""
    if not letter.secret:
        return {}
    timestamp = str(int(letter.at.timestamp()))
    digest = hmac.new(f"{timestamp}\n{letter.secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": timestamp, "sign": base64.b64encode(digest).decode()}


@contextmanager
def connect(settings: Settings) -> Iterator[Send]:
    """Share one HTTP client over the batch."""
    with web.client() as opened:

        def send(letter: Letter) -> None:
            content = {"msg_type": "text", "content": {"text": robots.text(letter, MOST_BYTES)}}
            body = orjson.dumps(signature(letter) | content)
            answer = web.post(opened, settings, letter.address, body, {"x-rectify-delivery": letter.delivery})
            robots.check(answer, code="code", words="msg", later=LATER, label="飞书")

        yield send


CHANNEL = Channel("飞书群机器人", connect, web.has_somewhere_to_go, web.why_not, to_groups=True)
