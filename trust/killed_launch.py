"""T06: kill -9 in the middle of a launch, at ten moments; each leaves nothing, and the next launch gives everything once."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.register import campaign_text, copied, found
from campaigns.settings import Settings
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.database import Database
from campaigns.store.ledger import DueWork
from campaigns.store.messages import Notice
from campaigns.store.work.tasks import Task
from trust.telling import findings, tell

ENTERPRISES = 2_000
DUTIES = 25
MOMENTS = 10


def launching(home: Path) -> subprocess.Popen[bytes]:
    """Start the console's launch on the register in `home`."""
    told = {**os.environ, "RECTIFY_HOME": str(home), "RECTIFY_DEMO": "true", "RECTIFY_DATABASE_URL": ""}
    command = [sys.executable, "-m", "flows.cli", "launch", str(home / "large.yaml"), "--as", "leader"]
    return subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def counted(settings: Settings) -> dict[str, int]:
    """Count what a launch writes."""
    tables = (Campaign, PlannedOccurrence, Task, Notice, DueWork)
    base = Database(settings.url)
    with base.reading() as session:
        rows = {str(one.__tablename__): session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}
    base.dispose()
    return rows


def main() -> int:
    """Launch once undisturbed for the measure, then kill at moments spread over that time, each on a fresh register."""
    with tempfile.TemporaryDirectory(prefix="rectify-trust-") as folder:
        register = Path(folder, "register.sqlite3")
        found(register, ENTERPRISES)
        seconds, nothing, whole = _undisturbed(_home(register, Path(folder, "undisturbed")))
        partly = after_commit = 0
        for moment in range(MOMENTS):
            settings = _home(register, Path(folder, f"moment-{moment}"))
            process = launching(settings.home)
            time.sleep(seconds * (0.3 + 0.7 * moment / MOMENTS))
            process.send_signal(signal.SIGKILL)
            process.wait()
            left = counted(settings)
            partly += left not in (nothing, whole)
            after_commit += left == whole
        for _ in range(2):
            assert launching(settings.home).wait() == 0
        once = counted(settings) == whole
        base = Database(settings.url)
        wrong = findings(base, settings)
        base.dispose()
    print(*wrong[:5], sep="\n", end="\n" if wrong else "")
    figures = {
        "kill -9 during the launch": MOMENTS,
        "of these after its commit": after_commit,
        "tasks of the whole launch": f"{whole['task']:,}",
        "launch undisturbed, s": f"{seconds:.1f}",
        "half launches seen": partly,
        "findings of rectify verify": len(wrong),
    }
    promises = {
        "a killed launch leaves nothing or everything": partly == 0,
        "launching again gives everything once": once,
        "the record holds every invariant": not wrong,
    }
    return tell("T06 launch killed", figures, promises)


def _home(register: Path, home: Path) -> Settings:
    home.mkdir()
    copied(register, home / "rectify.sqlite3").dispose()
    text = campaign_text(DUTIES).replace("2023年", "2029年")
    (home / "large.yaml").write_text(text, encoding="utf-8")
    return Settings(home=home, demo=True, database_url="")


def _undisturbed(settings: Settings) -> tuple[float, dict[str, int], dict[str, int]]:
    nothing = counted(settings)
    begun = time.monotonic()
    process = launching(settings.home)
    _, said = process.communicate()
    if process.returncode:
        raise SystemExit(said.decode())
    return time.monotonic() - begun, nothing, counted(settings)


if __name__ == "__main__":
    raise SystemExit(main())
