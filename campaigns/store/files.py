"""Stored bytes under random names. A file is whole or not there: written beside its place, flushed, then renamed.

Files are written before the row that names them commits, so a row never names a file that is not there. A transaction that
fails leaves a file that nobody names; `rectify verify` lists those.
"""

import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_STORAGE_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class FileStore:
    """A directory of attachments, spread over 256 folders."""

    directory: Path

    def put(self, content: bytes) -> str:
        """Keep some bytes and return the random id they are found under."""
        storage_id = secrets.token_hex(16)
        place = self.path(storage_id)
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_name(f".{storage_id}")
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(place)
        return storage_id

    def path(self, storage_id: str) -> Path:
        """Return where a file lies; anything that is no id of ours is refused before it touches a path."""
        if not _STORAGE_ID.fullmatch(storage_id):
            raise FileNotFoundError(storage_id)
        return self.directory / storage_id[:2] / storage_id

    def remove(self, storage_id: str) -> None:
        """Take a file away; one that is gone already is fine."""
        self.path(storage_id).unlink(missing_ok=True)

    def all_ids(self) -> Iterator[str]:
        """Every stored id, for `verify`."""
        return (file.name for file in self.directory.glob("??/*") if _STORAGE_ID.fullmatch(file.name))
