"""One stored file in the reader's sight."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor
from campaigns.store.scope import sees
from campaigns.store.tasks import Attachment, Task


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What a download says of a file."""

    storage_id: str
    name: str
    content_type: str
    sha256: str


def stored_file(session: Session, *, storage_id: str, actor: Actor) -> StoredFile:
    """Return a file of an organisation in the actor's sight, or of a task he reviews; anything else is not found."""
    row = session.execute(
        select(Attachment, col(Task.reviewer_id))
        .outerjoin(Task, col(Task.id) == col(Attachment.task_id))
        .where(col(Attachment.storage_id) == storage_id)
    ).first()
    if row is None or not sees(session, actor, row[0].organisation_id, reviewer_id=row[1]):
        raise NotFound
    return StoredFile(row[0].storage_id, row[0].name, row[0].content_type, row[0].sha256)
