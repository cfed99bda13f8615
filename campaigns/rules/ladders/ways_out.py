"""渠道 of a reminder ladder: through which ways out of the house a notice may go. The inbox (站内) is always one."""

from collections.abc import Iterable, Mapping

WAYS_OUT: Mapping[str, tuple[str, ...]] = {
    "站内": (),
    "邮件": ("email",),
    "群机器人": ("wecom", "dingtalk", "feishu"),
    "业务系统": ("webhook",),
    "短信": (),
}
"""By the language's word, the channels it stands for. 短信 has none yet: the checks say so."""

EVERYWHERE = ""
"""What a notice bears that may go wherever its reader is reached."""


def outward(words: Iterable[str]) -> str:
    """Return the channels in the form a notice bears, `,email,wecom,`; EVERYWHERE when a ladder names none."""
    named = list(words)
    if not named:
        return EVERYWHERE
    return f",{','.join(channel for word in named for channel in WAYS_OUT[word])},"


def bears(channel: str) -> str:
    """Return what stands in a notice that may go through a channel."""
    return f",{channel},"
