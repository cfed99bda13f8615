"""Uploaded workbooks that wait for a decision: in a folder of the person's own, until they are imported or for a day."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path as Directory
from typing import Annotated

from fastapi import Path, Request

from api.deps import Effect, settings_of
from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor
from campaigns.store.files import Folder

KEPT_FOR = timedelta(days=1)
StorageId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


def keep(effect: Effect, content: bytes) -> str:
    """Keep an upload for its person and return its id."""
    return waiting_of(effect.request, effect.actor).put(content)


def waiting_of(request: Request, actor: Actor) -> Folder:
    """Return the folder of a person's uploads, nobody else's on this machine to read."""
    return Folder(_waiting_room(request) / str(actor.person_id))


def kept(request: Request, actor: Actor, storage_id: str) -> bytes:
    """Return an upload of the actor's own; NotFound when it was imported, or left for more than a day."""
    try:
        return waiting_of(request, actor).path(storage_id).read_bytes()
    except FileNotFoundError:
        raise NotFound from None


def forget(request: Request, now: datetime) -> None:
    """Take away what nobody decided on for a day."""
    for person in _waiting_room(request).iterdir():
        store = Folder(person)
        for left in [one for one in store.stored() if one.written_at < now - KEPT_FOR]:
            store.remove(left.storage_id)


def sha256_of(content: bytes) -> str:
    """Return the fingerprint of an upload."""
    return hashlib.sha256(content).hexdigest()


def _waiting_room(request: Request) -> Directory:
    waiting: Directory = settings_of(request).home / "imports"
    waiting.mkdir(mode=0o700, parents=True, exist_ok=True)
    waiting.chmod(0o700)
    return waiting
