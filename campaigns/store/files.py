"""Stored bytes under random names, in a directory or in a bucket. A file is whole or not there.

Files are written before the row that names them commits, so a row never names a file that is not there. A transaction that
fails leaves a file that nobody names; `sweep` takes it away a day later. A picture's thumbnail lies beside it and goes with it.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from obstore.store import ObjectStore, S3Store

from campaigns.errors import Invalid
from campaigns.settings import Settings

_STORAGE_ID = re.compile(r"[0-9a-f]{32}")
_SMALL = ".small"


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies in a store: its id, and since when."""

    storage_id: str
    written_at: datetime


class FileStore(Protocol):
    """Where attachments lie. Ids that are none of ours raise FileNotFoundError before they touch anything."""

    def put(self, content: bytes, small: bytes = b"") -> str:
        """Keep some bytes, and a thumbnail if there is one; return the random id they are found under."""

    def read(self, storage_id: str) -> bytes:
        """Return the bytes; raises FileNotFoundError."""

    def put_small(self, storage_id: str, small: bytes) -> None:
        """Lay a thumbnail beside its picture; the same again is fine, by two at once too."""

    def small(self, storage_id: str) -> bytes:
        """Return the thumbnail; empty as long as none was drawn, and for a paper."""

    def remove(self, storage_id: str) -> None:
        """Take a file and its thumbnail away; one that is gone already is fine."""

    def stored(self) -> Iterator[Stored]:
        """Every stored file, for `verify` and the sweep."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A directory of attachments, spread over 256 folders; written beside their place, flushed, then renamed."""

    directory: Path

    def put(self, content: bytes, small: bytes = b"") -> str:
        """Keep some bytes and return their id."""
        storage_id = secrets.token_hex(16)
        if small:
            self.put_small(storage_id, small)
        self._write(storage_id, content)
        return storage_id

    def path(self, storage_id: str) -> Path:
        """Return where a file lies."""
        return self.directory / _checked(storage_id)[:2] / storage_id

    def read(self, storage_id: str) -> bytes:
        """Return the bytes."""
        return self.path(storage_id).read_bytes()

    def put_small(self, storage_id: str, small: bytes) -> None:
        """Lay a thumbnail beside its picture."""
        self._write(_checked(storage_id) + _SMALL, small)

    def small(self, storage_id: str) -> bytes:
        """Return the thumbnail."""
        path = self.path(storage_id)
        with suppress(FileNotFoundError):
            return path.with_name(storage_id + _SMALL).read_bytes()
        return b""

    def remove(self, storage_id: str) -> None:
        """Take it away."""
        path = self.path(storage_id)
        path.unlink(missing_ok=True)
        path.with_name(storage_id + _SMALL).unlink(missing_ok=True)

    def stored(self) -> Iterator[Stored]:
        """Every file, by what the directory says."""
        for file in self.directory.glob("??/*"):
            if _STORAGE_ID.fullmatch(file.name):
                yield Stored(file.name, datetime.fromtimestamp(file.stat().st_mtime, UTC))

    def _write(self, name: str, content: bytes) -> None:
        place = self.directory / name[:2] / name
        unfinished = place.with_name(f".{name}.{secrets.token_hex(4)}")  # two may draw one thumbnail
        try:
            self._flush(unfinished, content)
        except FileNotFoundError:  # the first of its folder
            place.parent.mkdir(parents=True, exist_ok=True)
            self._flush(unfinished, content)
        unfinished.rename(place)

    @staticmethod
    def _flush(place: Path, content: bytes) -> None:
        with place.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of an S3-compatible store, for installations with several web servers."""

    objects: ObjectStore

    def put(self, content: bytes, small: bytes = b"") -> str:
        """Keep some bytes and return their id."""
        storage_id = secrets.token_hex(16)
        if small:
            self.put_small(storage_id, small)
        self.objects.put(storage_id, content, use_multipart=False)
        return storage_id

    def read(self, storage_id: str) -> bytes:
        """Return the bytes."""
        return bytes(self.objects.get(_checked(storage_id)).bytes())

    def put_small(self, storage_id: str, small: bytes) -> None:
        """Lay a thumbnail beside its picture."""
        self.objects.put(_checked(storage_id) + _SMALL, small, use_multipart=False)

    def small(self, storage_id: str) -> bytes:
        """Return the thumbnail."""
        name = _checked(storage_id)
        with suppress(FileNotFoundError):
            return bytes(self.objects.get(name + _SMALL).bytes())
        return b""

    def remove(self, storage_id: str) -> None:
        """Take it away."""
        name = _checked(storage_id)
        with suppress(FileNotFoundError):
            self.objects.delete([name, name + _SMALL])

    def stored(self) -> Iterator[Stored]:
        """Every file, page by page."""
        for page in self.objects.list():
            for entry in page:
                if _STORAGE_ID.fullmatch(entry["path"]):
                    yield Stored(entry["path"], entry["last_modified"].astimezone(UTC))


def file_store(settings: Settings) -> FileStore:
    """Return the store of an installation: its directory, or the bucket that RECTIFY_FILES_BUCKET names."""
    if not settings.files_bucket:
        return Folder(settings.files)
    if not settings.files_endpoint:
        raise Invalid("设置了 RECTIFY_FILES_BUCKET，却没有设置 RECTIFY_FILES_ENDPOINT，附件不知道存到哪里。")
    return Bucket(
        S3Store(
            settings.files_bucket,
            endpoint=settings.files_endpoint,
            region=settings.files_region,
            access_key_id=settings.files_key,
            secret_access_key=settings.files_secret.get_secret_value(),
            client_options={"allow_http": settings.files_endpoint.startswith("http://"), "timeout": "30s"},
            retry_config={"max_retries": 3},
        )
    )


def _checked(storage_id: str) -> str:
    if not _STORAGE_ID.fullmatch(storage_id):
        raise FileNotFoundError(storage_id)
    return storage_id
