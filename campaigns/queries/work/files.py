"""One stored file in the reader's sight, and which of a page's photos nothing can draw."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor, Permission, Relation, may
from campaigns.store.scope import sees
from campaigns.store.work.attachments import named_files
from campaigns.store.work.tasks import Attachment, PaperEntry, RecordUse, Submission, Task


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What a download says of a file. `broken`: no decoder can draw it, so it is only to be saved."""

    storage_id: str
    name: str
    content_type: str
    sha256: str
    broken: bool

    @property
    def is_picture(self) -> bool:
        """Whether a browser can show it."""
        return self.content_type.startswith("image/")


def stored_file(session: Session, *, storage_id: str, actor: Actor) -> StoredFile:
    """Return a file of an organisation in the actor's sight, or of a record that a task he reviews uses; else not found."""
    row = session.execute(
        select(Attachment, col(Task.reviewer_id))
        .outerjoin(Task, col(Task.id) == col(Attachment.task_id))
        .where(col(Attachment.storage_id) == storage_id)
    ).first()
    if row is None:
        raise NotFound
    if not sees(session, actor, row[0].organisation_id, reviewer_id=row[1]) and not _reviews(session, row[0], actor):
        raise NotFound
    return StoredFile(row[0].storage_id, row[0].name, row[0].content_type, row[0].sha256, row[0].broken)


def broken_files(session: Session, storage_ids: Collection[str]) -> frozenset[str]:
    """Return which of some files are pictures that no decoder can draw; the caller has them in sight."""
    if not storage_ids:
        return frozenset()
    these = col(Attachment.storage_id).in_(storage_ids), col(Attachment.broken).is_(True)
    return frozenset(session.scalars(select(col(Attachment.storage_id)).where(*these)))


def _reviews(session: Session, file: Attachment, actor: Actor) -> bool:
    """Whether the file, or the paper, stands in a record that is used for a task which the actor's organisation reviews."""
    if not may(actor, Permission.REVIEW, Relation.SELF):
        return False
    reviewed = (
        select(col(Submission.content), col(PaperEntry.scans))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .outerjoin(RecordUse, col(RecordUse.submission_id) == col(Submission.id))
        .outerjoin(PaperEntry, col(PaperEntry.submission_id) == col(RecordUse.record_id))
        .where(col(Submission.organisation_id) == file.organisation_id)
        .where(col(Task.reviewer_id) == actor.organisation_id)
    )
    return any(
        file.storage_id in named_files({**content, "": scans or []}) for content, scans in session.execute(reviewed)
    )
