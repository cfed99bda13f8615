"""Which files belong to a task, and which stored ones no row names: what a failed transaction or a taken back file left."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from campaigns.store.files import FileStore
from campaigns.store.work.tasks import Attachment, RecordUse, Submission

YOUNG = timedelta(days=1)
"""A file without a row may belong to a request that is still running; younger than this it is let be."""


def nameless(session: Session, files: FileStore, *, now: datetime) -> list[str]:
    """Return the ids of the files that no row names and that are not young any more."""
    old = {stored.storage_id for stored in files.stored() if stored.written_at < now - YOUNG}
    return sorted(old - set(session.scalars(select(col(Attachment.storage_id)))))


def of_task(session: Session, task_id: int) -> ColumnElement[bool]:
    """Return the condition on Attachment that a file was kept for a task, or stands in a record that the task uses."""
    uses = select(col(Submission.content)).join(RecordUse, col(RecordUse.submission_id) == col(Submission.id))
    contents = session.scalars(uses.where(col(Submission.task_id) == task_id))
    named = [storage_id for content in contents for storage_id in named_files(content)]
    return or_(col(Attachment.task_id) == task_id, col(Attachment.storage_id).in_(named))


def named_files(content: Mapping[str, Any]) -> list[str]:
    """Return the storage ids of the files that a record's content names."""
    lists = (value for value in content.values() if isinstance(value, list))
    return [item["storage_id"] for items in lists for item in items if isinstance(item, dict) and "storage_id" in item]
