"""What stands around every page: whose desk it is, what waits on it, and whether the scheduler is awake."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.queries.campaign.decisions import how_many_wait
from campaigns.rules.permissions import Actor
from campaigns.store.directory.regions import Organisation
from campaigns.store.ledger import SCHEDULER, Heartbeat
from campaigns.store.messages import Notice


@dataclass(frozen=True, slots=True)
class Frame:
    """The organisation's name, when the scheduler last worked (None: never), the unread notices and what waits for a decision."""

    organisation: str
    scheduler_at: datetime | None
    unread: int
    waiting: int = 0


def frame(session: Session, *, actor: Actor) -> Frame:
    """Answer in one statement, because every page asks."""
    organisation = select(col(Organisation.name)).where(col(Organisation.id) == actor.organisation_id)
    beat = select(col(Heartbeat.at)).where(col(Heartbeat.name) == SCHEDULER)
    unread = select(func.count()).where(col(Notice.person_id) == actor.person_id, col(Notice.read_at).is_(None))
    row = session.execute(
        select(organisation.scalar_subquery(), beat.scalar_subquery(), unread.scalar_subquery(), how_many_wait(actor))
    ).one()
    return Frame(row[0] or "", row[1], row[2], row[3])


def scheduler_beat(session: Session) -> datetime | None:
    """When the scheduler last worked, None if it never did."""
    return session.scalar(select(col(Heartbeat.at)).where(col(Heartbeat.name) == SCHEDULER))
