"""What the chat robots have in common: text in, and an error code in a 200 answer that must be read."""

from collections.abc import Mapping
from typing import Any

import orjson

from notifications.channels.letter import Letter, Refused, TryLater


def text(letter: Letter, most_bytes: int) -> str:
    """Return title and body as one text, cut at a whole character so that it fits the robot's limit in bytes."""
    whole = f"{letter.title}\n{letter.body}"
    if len(whole.encode()) <= most_bytes:
        return whole
    ending = "…\n（内容较长，请登录系统查看）"
    return whole.encode()[: most_bytes - len(ending.encode())].decode(errors="ignore") + ending


def check(answer: bytes, *, code: str, words: str, later: Mapping[int, str], label: str) -> None:
    """Raise unless the answer's error code is 0. `code` and `words` name its fields; `later` lists codes that pass."""
    try:
        said: Any = orjson.loads(answer)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict) or not isinstance(said.get(code), int):
        raise TryLater(f"{label}机器人的回答看不懂，稍后自动重试。")
    found = said[code]
    if found == 0:
        return
    if found in later:
        raise TryLater(f"{label}机器人{later[found]}（{found}），稍后自动重试。")
    raise Refused(f"{label}机器人拒绝接收（{found}：{str(said.get(words, ''))[:80]}），请核对机器人的网址和安全设置。")
