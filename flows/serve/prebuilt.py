"""The demonstration as the installation built it: a year's replay is computed once, so that a start has only to copy it."""

import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from campaigns.settings import Settings

PLACE = Path(sys.prefix) / "demonstration"
"""Where `make install` leaves it: a data directory like any other, inside the virtual environment."""
FRESH = timedelta(days=2)
"""An older one would show a campaign that nobody has worked on since; it is replayed again instead."""
DATABASE = "rectify.sqlite3"


def take(settings: Settings, *, now: datetime, place: Path = PLACE) -> bool:
    """Copy the prebuilt demonstration into an installation that has no database yet; say whether that was done."""
    source, target = place / DATABASE, settings.home / DATABASE
    if settings.database_url or target.exists() or not source.exists():
        return False
    if now - datetime.fromtimestamp(source.stat().st_mtime, UTC) > FRESH:
        return False
    if (place / "files").exists():
        shutil.copytree(place / "files", settings.files, dirs_exist_ok=True)
    aside = target.with_suffix(".copying")
    shutil.copyfile(source, aside)
    aside.replace(target)
    return True
