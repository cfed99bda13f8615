"""站内消息: opened by the person it was sent to. Reading leaves no event: what somebody read is his own affair."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor
from campaigns.store.messages import Notice


def open_notice(session: Session, *, notice_id: int, by: Actor, now: datetime) -> str:
    """Mark one notice read and return the address it leads to; somebody else's is not found."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.person_id != by.person_id:
        raise NotFound
    notice.read_at = notice.read_at or now
    return notice.link or "/notices"


def read_everything(session: Session, *, by: Actor, now: datetime) -> int:
    """Mark everything the person has as read and return how many notices that were."""
    mine = update(Notice).where(col(Notice.person_id) == by.person_id, col(Notice.read_at).is_(None))
    return int(session.execute(mine.values(read_at=now)).rowcount)  # type: ignore[attr-defined]
