"""站内消息 of one person: unread first, then the newest."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.rules.permissions import Actor
from campaigns.store.messages import Notice


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One notice as the list shows it."""

    id: int
    title: str
    body: str
    late: bool
    unread: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of the inbox with how much there is in all."""

    lines: tuple[InboxLine, ...]
    total: int
    unread: int


def inbox(session: Session, *, actor: Actor, limit: int, offset: int) -> Inbox:
    """Return a page of the actor's own notices."""
    mine = col(Notice.person_id) == actor.person_id
    fresh = col(Notice.read_at).is_(None)
    total, unread = session.execute(
        select(func.count(), func.count().filter(fresh)).select_from(Notice).where(mine)
    ).one()
    columns = (Notice.id, Notice.title, Notice.body, Notice.late)
    rows = session.execute(
        select(*(col(column) for column in columns), fresh, col(Notice.created_at))
        .where(mine)
        .order_by(fresh.desc(), col(Notice.created_at).desc(), col(Notice.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return Inbox(tuple(InboxLine(*row) for row in rows), total, unread)
