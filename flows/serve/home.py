"""The directory of one installation: our database, Prefect's own, the keys made for it, and the logs of its parts."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from campaigns.errors import Conflict
from campaigns.settings import Settings

LOG_LIMIT = 5_000_000


@dataclass(frozen=True)
class Home:
    """Where one installation keeps what it owns; only its operating-system user may look inside."""

    root: Path
    demo: bool

    @property
    def prefect(self) -> Path:
        """Prefect's own directory: its SQLite file may be deleted at any time, ours rebuilds it."""
        return self.root / "prefect"

    @property
    def accounts(self) -> Path:
        """The demonstration's public accounts, written down where it was loaded and read out at every start."""
        return self.root / "accounts.txt"

    def log(self, name: str) -> Path:
        """Return the log of one part, with the previous file moved aside once it is large."""
        path = self.root / "logs" / f"{name}.log"
        path.parent.mkdir(exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".1.log"))
        return path

    def key(self, name: str) -> str:
        """Return a secret of this installation, made at first use and readable by its owner alone."""
        path = self.root / "keys" / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()


def kept_key(root: Path, name: str) -> str:
    """Return a secret that an installation made for itself, or nothing where it made none or keeps it from the asker."""
    try:
        return (root / "keys" / name).read_text().strip()
    except OSError:
        return ""


@contextmanager
def opened(settings: Settings, *, demo: bool) -> Iterator[Home]:
    """Open the installation's directory for one supervisor; refuse a second one, and demonstration mixed with real use."""
    root = settings.home.absolute()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (root / "lock").open("a+") as lock:
        _lock(lock.fileno(), root)
        _agree(root, demo)
        (root / "prefect").mkdir(exist_ok=True)
        yield Home(root, demo)


def _lock(descriptor: int, root: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Conflict(
            f"数据目录 {root} 正由另一个 rectify run 使用。",
            kept="没有启动第二份，数据未动。",
            advice="请先在那个窗口按 Ctrl-C 停止，或用 RECTIFY_HOME 指定另一个目录。",
        ) from None


def _agree(root: Path, demo: bool) -> None:
    """Remember what the directory is for: demonstration accounts have public passwords and must never serve real work."""
    marker = root / "purpose"
    purpose = "demonstration" if demo else "production"
    known = marker.read_text().strip() if marker.exists() else purpose
    if known != purpose:
        held, asked = ("演示", "正式") if demo is False else ("正式", "演示")
        raise Conflict(
            f"数据目录 {root} 里是{held}数据，不能用于{asked}运行。",
            kept="什么都没有启动，数据未动。",
            advice="请用 RECTIFY_HOME 指定另一个目录，例如 RECTIFY_HOME=./正式 rectify run。",
        )
    marker.write_text(purpose + "\n")
