"""Mail against a real SMTP server on loopback: what it takes, what it refuses, and what nobody can know."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from campaigns.settings import Settings
from notifications.channels import email
from notifications.channels.letter import ChannelDown, Letter, Refused, SendingFailed, TryLater

AT = datetime(2023, 5, 24, 1, 0, tzinfo=UTC)


@dataclass
class Sink:
    """A mail server that keeps what it takes; `answer` is its reply to DATA, `to` its reply to a recipient."""

    answer: str = "250 OK"
    to: str = "250 OK"
    drop: bool = False
    taken: list[bytes] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept or refuse one recipient."""
        if self.to.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the message, then answer or drop the line without a word."""
        if self.answer.startswith("250"):
            self.taken.append(bytes(envelope.content or b""))
        if self.drop:
            server.transport.abort()
        return self.answer


@contextmanager
def served(sink: Sink) -> Iterator[Settings]:
    """Run the server on a free port and yield settings that point at it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield Settings(smtp_host="127.0.0.1", smtp_port=port, smtp_sender="rectify@example.invalid")
    finally:
        controller.stop()


def letter(title: str = "2条待办与消息", number: int = 1) -> Letter:
    """Return a letter to the principal."""
    return Letter(f"20230524.email.p{number}@rectify.local", "principal@example.invalid", title, "卫矿长，您好：\n", AT)


def test_several_letters_share_one_connection_and_arrive_readable() -> None:
    sink = Sink()
    with served(sink) as settings, email.connect(settings) as send:
        for number in range(3):
            send(letter(number=number))
    assert len(sink.taken) == 3
    assert b"Message-ID: <20230524.email.p2@rectify.local>" in sink.taken[2]
    assert b"X-Rectify-Delivery: 20230524.email.p2@rectify.local" in sink.taken[2]
    assert b"Date: Wed, 24 May 2023 09:00:00 +0800" in sink.taken[2]


def test_a_line_break_in_a_title_forges_no_header() -> None:
    sink = Sink()
    with served(sink) as settings, email.connect(settings) as send:
        send(letter("标题\r\nBcc: everybody@example.invalid"))
    headers = sink.taken[0].split(b"\r\n\r\n")[0]
    assert b"\r\nBcc:" not in headers


@pytest.mark.parametrize(
    ("sink", "failure"),
    [
        (lambda: Sink(to="450 busy"), TryLater),
        (lambda: Sink(answer="451 try later"), TryLater),
        (lambda: Sink(answer="452 full"), TryLater),
        (lambda: Sink(to="550 no such user"), Refused),
        (lambda: Sink(answer="554 refused"), Refused),
    ],
)
def test_the_servers_answer_decides_between_later_and_never(
    sink: Callable[[], Sink], failure: type[SendingFailed]
) -> None:
    with served(sink()) as settings, email.connect(settings) as send, pytest.raises(failure) as raised:
        send(letter())
    assert type(raised.value) is failure
    assert "example.invalid" not in str(raised.value)


def test_a_server_that_takes_the_mail_and_drops_the_line_leads_to_one_copy_more_with_the_same_id() -> None:
    sink = Sink(drop=True)
    with served(sink) as settings, email.connect(settings) as send:
        with pytest.raises(TryLater, match="连接断了"):
            send(letter())
        sink.drop = False
        send(letter())
    assert len(sink.taken) == 2
    assert all(b"Message-ID: <20230524.email.p1@rectify.local>" in mail for mail in sink.taken)


def test_a_server_that_is_not_there_is_a_channel_that_is_down() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings = Settings(smtp_host="127.0.0.1", smtp_port=unused.getsockname()[1], smtp_password="canary-secret")
        with email.connect(settings) as send, pytest.raises(ChannelDown) as raised:
            send(letter())
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b", "a b@example.invalid", "x@example.invalid\r\nRCPT TO:<y@z.cn>", "张@例.cn"]
)
def test_an_address_that_is_none_is_refused_before_any_server_is_asked(address: str) -> None:
    assert "邮箱地址" in email.why_not(address, "", Settings())
    with email.connect(Settings(smtp_host="256.0.0.1")) as send, pytest.raises(Refused):
        send(Letter("x@rectify.local", address, "标题", "正文", AT))
