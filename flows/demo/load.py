"""Put the demonstration into an empty installation, once."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlmodel import Session, col

from campaigns.store.database import Database
from campaigns.store.people import Person
from flows.demo.places import build


def load(base: Database, *, now: datetime) -> None:
    """Found the demonstration's places and people unless somebody is already there."""
    with base.transaction() as session:
        if not _settled(session):
            build(session, now=now)


def _settled(session: Session) -> bool:
    return bool(session.scalar(select(exists().where(col(Person.id).is_not(None)))))
