"""E-mail over SMTP: one connection per batch, opened again when the server drops it.

A server may take a message and drop the line before saying so. Then nobody knows, the letter is sent again with the same
Message-ID, and the reader may see it twice: exactly-once mail does not exist (measured); the inbox is the exact one.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime

from campaigns.clock import local
from campaigns.settings import Settings
from notifications.channels.letter import Channel, ChannelDown, Letter, Refused, Send, TryLater

SECONDS = 15.0
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def why_not(address: str, _secret: str, _settings: Settings) -> str:
    """Return the sentence against an address that no mail server would take."""
    return "" if _ADDRESS.fullmatch(address) else "邮箱地址写得不对，应当像 name@example.gov.cn。"


@contextmanager
def connect(settings: Settings) -> Iterator[Send]:
    """Share one SMTP connection over the batch; it is opened by the first letter."""
    line: list[smtplib.SMTP] = []

    def send(letter: Letter) -> None:
        if reason := why_not(letter.address, "", settings):
            raise Refused(reason)
        if not line:
            line.append(_open(settings))
        try:
            line[0].send_message(message(letter, settings.smtp_sender), settings.smtp_sender, [letter.address])
        except (OSError, smtplib.SMTPException) as error:
            line.pop().close()
            raise _failure(error) from None

    try:
        yield send
    finally:
        for open_line in line:
            with suppress(OSError, smtplib.SMTPException):
                open_line.quit()


def message(letter: Letter, sender: str) -> EmailMessage:
    """Return the mail of a letter; its headers are the same at every try but for the date."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = letter.address
    mail["Subject"] = " ".join(letter.title.split())
    mail["Date"] = format_datetime(local(letter.at))
    mail["Message-ID"] = f"<{letter.delivery}>"
    mail["X-Rectify-Delivery"] = letter.delivery
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body)
    return mail


def _open(settings: Settings) -> smtplib.SMTP:
    try:
        line = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SECONDS)
        if settings.smtp_starttls:
            line.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            line.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except (OSError, smtplib.SMTPException) as error:
        raise ChannelDown(f"没有连上邮件服务器（{type(error).__name__}），稍后自动重试。") from None
    return line


def _failure(error: Exception) -> TryLater | Refused:
    code = _code(error)
    if isinstance(error, smtplib.SMTPSenderRefused):  # our own sender: every letter would fare the same
        return ChannelDown(f"邮件服务器不接受发件地址（{code}），请系统管理员核对邮件设置。")
    if code >= 500:
        return Refused(f"邮件服务器拒收（{code}），请核对邮箱地址。")
    if code:
        return TryLater(f"邮件服务器暂时不收（{code}），稍后自动重试。")
    if isinstance(error, TimeoutError):
        return ChannelDown("邮件服务器没有回应，稍后自动重试。")
    return TryLater(f"与邮件服务器的连接断了（{type(error).__name__}），稍后自动重试。")


def _code(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


CHANNEL = Channel("邮件", connect, lambda settings: bool(settings.smtp_host), why_not)
