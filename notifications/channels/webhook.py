"""A signed webhook: JSON to another system of the bureau, which checks the signature and drops repeats by delivery id.

`X-Rectify-Signature` is `sha256=` and the hex HMAC-SHA256 of `{X-Rectify-Timestamp}.{body}` under the shared secret; a receiver
refuses timestamps older than five minutes. `X-Rectify-Delivery` stays the same over every try. What notifications/programs.py
lists leaves at once, one event per delivery with its record; the rest is the day's digest. docs/webhooks.md tells receivers.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from campaigns.settings import Settings
from notifications.channels import web
from notifications.channels.letter import Channel, Letter, Send

SHORTEST_SECRET = 16


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the value of X-Rectify-Signature; a receiver computes the same and compares."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def why_not(address: str, secret: str, settings: Settings) -> str:
    """Return the sentence against an address or a secret that anybody could guess."""
    if len(secret) < SHORTEST_SECRET:
        return f"签名密钥至少{SHORTEST_SECRET}个字符，否则对方无法确认消息是本系统发的。"
    return web.why_not(address, secret, settings)


@contextmanager
def connect(settings: Settings) -> Iterator[Send]:
    """Share one HTTP client over the batch."""
    with web.client() as opened:

        def send(letter: Letter) -> None:
            events = [{"kind": one.kind, "link": one.link, "title": one.title, **one.record} for one in letter.events]
            content = {"delivery": letter.delivery, "title": letter.title, "body": letter.body, "events": events}
            body, timestamp = orjson.dumps(content), str(int(letter.at.timestamp()))
            headers = {
                "x-rectify-delivery": letter.delivery,
                "x-rectify-timestamp": timestamp,
                "x-rectify-signature": signature(letter.secret, timestamp, body),
            }
            web.post(opened, settings, letter.address, body, headers)

        yield send


CHANNEL = Channel("其他业务系统", connect, web.has_somewhere_to_go, why_not, to_groups=True)
