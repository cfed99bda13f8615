"""How the command line speaks: plain Chinese lines, refusals without a stack, exit code 1."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cyclopts.exceptions import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from campaigns.errors import Refusal

MISUSED = 2
_REASONS = {
    errno.ENOENT: "没有这个位置",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "这里只能读，不能写",
    errno.ENOSPC: "磁盘满了",
    errno.ENAMETOOLONG: "名称太长",
}


def say(line: str) -> None:
    """Print one line at once, so that who waits sees it."""
    print(line, flush=True)


def refuse(refusal: Refusal) -> None:
    """Print what happened, what was kept and what to do."""
    what = str(refusal)
    fields = [sentence for sentence in getattr(refusal, "fields", {}).values() if sentence not in what]
    for line in (what, *fields, refusal.kept, refusal.advice):
        if line:
            print(line, file=sys.stderr, flush=True)


def why(error: OSError) -> str:
    """Say why the system would not open or write a file; its own words are English."""
    return _REASONS.get(error.errno or 0, f"系统错误 {error.errno}")


def misused(error: CycloptsError) -> str:
    """Say what is wrong with a command line that no command understands."""
    name = error.argument.name if error.argument else ""
    match error:
        case MissingArgumentError() if error.keyword:
            sentence = f"“{error.keyword}”后面没有写内容。"
        case MissingArgumentError():
            sentence = f"没有写“{name}”。"
        case CoercionError():
            sentence = f"看不懂“{name}”的内容“{error.token.value if error.token else ''}”。"
        case UnknownOptionError():
            sentence = f"没有“{error.token.keyword or error.token.value}”这个选项。"
        case RepeatArgumentError():
            sentence = f"“{error.token.keyword or name}”写了两次。"
        case UnknownCommandError():
            sentence = f"没有“{' '.join(error.unused_tokens or ())}”这个命令。"
        case UnusedCliTokensError():
            sentence = f"多写了“{' '.join(error.unused_tokens or ())}”。"
        case _:
            sentence = "看不懂这条命令。"
    return f"{sentence}\n用法见：{' '.join(('rectify', *(error.command_chain or ()), '--help'))}"


@contextmanager
def speaking() -> Iterator[None]:
    """Turn a refusal into its sentences and exit code 1, a command line that is wrong into its own and 2.

    A reader that closed the pipe (`| head`) is no failure.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except CycloptsError as error:
        print(misused(error), file=sys.stderr, flush=True)
        raise SystemExit(MISUSED) from None
    except Refusal as refusal:
        refuse(refusal)
        raise SystemExit(1) from None
