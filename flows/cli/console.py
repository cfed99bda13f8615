"""How the command line speaks: plain Chinese lines, refusals without a stack, exit code 1."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from campaigns.errors import Refusal


def say(line: str) -> None:
    """Print one line at once, so that who waits sees it."""
    print(line, flush=True)


def refuse(refusal: Refusal) -> None:
    """Print what happened, what was kept and what to do."""
    fields = getattr(refusal, "fields", {})
    for line in (str(refusal), *fields.values(), refusal.kept, refusal.advice):
        if line:
            print(line, file=sys.stderr, flush=True)


@contextmanager
def speaking() -> Iterator[None]:
    """Turn a refusal into its sentences and exit code 1; a reader that closed the pipe (`| head`) is no failure."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Refusal as refusal:
        refuse(refusal)
        raise SystemExit(1) from None
