"""企业微信群机器人: one text message to the robot's group."""

from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from campaigns.settings import Settings
from notifications.channels import robots, web
from notifications.channels.letter import Channel, Letter, Send

MOST_BYTES = 2048
LATER = {-1: "系统繁忙", 45009: "发送太频繁", 45033: "并发太多"}


@contextmanager
def connect(settings: Settings) -> Iterator[Send]:
    """Share one HTTP client over the batch."""
    with web.client() as opened:

        def send(letter: Letter) -> None:
            body = orjson.dumps({"msgtype": "text", "text": {"content": robots.text(letter, MOST_BYTES)}})
            answer = web.post(opened, settings, letter.address, body, {"x-rectify-delivery": letter.delivery})
            robots.check(answer, code="errcode", words="errmsg", later=LATER, label="企业微信")

        yield send


CHANNEL = Channel("企业微信群机器人", connect, web.has_somewhere_to_go, web.why_not, to_groups=True)
