"""Which stored files no row names: what a transaction that failed, or a file taken back, has left behind."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.store.files import FileStore
from campaigns.store.tasks import Attachment

YOUNG = timedelta(days=1)
"""A file without a row may belong to a request that is still running; younger than this it is let be."""


def nameless(session: Session, files: FileStore, *, now: datetime) -> list[str]:
    """Return the ids of the files that no row names and that are not young any more."""
    old = {stored.storage_id for stored in files.stored() if stored.written_at < now - YOUNG}
    return sorted(old - set(session.scalars(select(col(Attachment.storage_id)))))
