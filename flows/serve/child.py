"""One child process in a process group of its own, with a log, a readiness question and a certain end."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

PR_SET_PDEATHSIG = 1
KILL_SECONDS = 5.0


@dataclass(frozen=True)
class Recipe:
    """How to start one part. `title` is what people read while they wait.

    A part is ready when `ready` says so and, if it has a `sign`, when it has written that file. A part done `once` is ready
    when it has ended well.
    """

    name: str
    title: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] = lambda: True
    sign: Path | None = None
    after: tuple[str, ...] = ()
    once: bool = False


class Child:
    """A running recipe. It dies with its supervisor, and its own children die with it."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._family: list[psutil.Process] = []
        self._log: IO[bytes] = recipe.log.open("ab")
        if recipe.sign:
            recipe.sign.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            list(recipe.command),
            env={**os.environ, **recipe.environment},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one thread starts parts
        )

    @property
    def pid(self) -> int:
        """The process number, also its group's."""
        return self._process.pid

    @property
    def ready(self) -> bool:
        """Whether the part answers."""
        return (self.recipe.sign is None or self.recipe.sign.exists()) and self.recipe.ready()

    @property
    def exit_code(self) -> int | None:
        """The exit code, or None while it lives."""
        return self._process.poll()

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the whole group, and remember everything that it had started."""
        self._family = _family(self.pid)
        self._signal(signal.SIGTERM)

    def end(self, *, within: float) -> None:
        """Wait for the process and everything it started; what still lives after `within` seconds is killed."""
        _, alive = psutil.wait_procs(self._family, timeout=within)
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._signal(signal.SIGKILL)
        psutil.wait_procs(alive, timeout=KILL_SECONDS)
        self._process.wait()
        self._log.close()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


def _family(pid: int) -> list[psutil.Process]:
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _die_with_parent() -> None:
    """Ask Linux to stop this process when the supervisor is gone, even by `kill -9`."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
