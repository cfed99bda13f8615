"""拟稿: a document is kept for the named official who drafted it, and the ledger remembers what was handed out."""

import hashlib
from datetime import datetime

from sqlmodel import Session

from campaigns.actions.events import record
from campaigns.errors import NotFound
from campaigns.rules.documents import Written
from campaigns.rules.permissions import Actor, Permission, Relation, check
from campaigns.store.work.tasks import Attachment

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LONGEST_NAME = 180
LABEL = "文书拟稿"


def keep_draft(
    session: Session,
    *,
    campaign_id: int,
    written: Written,
    storage_id: str,
    by: Actor,
    now: datetime,
) -> Attachment:
    """Keep a drafted document of the actor's bureau and record its hash. Nothing is sent to anybody.

    `storage_id` is where its bytes lie, written before the transaction. What is then refused is left to the orphan sweep.
    """
    check(by, Permission.DRAFT_DOCUMENT, Relation.SELF)
    if by.organisation_id is None or by.person_id is None:
        raise NotFound
    kept = _row(written, storage_id, by.organisation_id, by.person_id, now)
    session.add(kept)
    session.flush()
    record(
        session,
        "document.drafted",
        by=by,
        now=now,
        about=kept,
        campaign_id=campaign_id,
        organisation_id=by.organisation_id,
        document=written.kind.value,
        which=written.about,
        title=written.title,
        storage_id=kept.storage_id,
        sha256=kept.sha256,
    )
    return kept


def _row(written: Written, storage_id: str, organisation_id: int, person_id: int, now: datetime) -> Attachment:
    return Attachment(
        storage_id=storage_id,
        organisation_id=organisation_id,
        name=f"{written.title[:LONGEST_NAME]}（拟稿）.docx",
        label=LABEL,
        content_type=DOCX,
        size=len(written.content),
        sha256=hashlib.sha256(written.content).hexdigest(),
        uploaded_by_id=person_id,
        uploaded_at=now,
    )
