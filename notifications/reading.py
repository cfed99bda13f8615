"""Reading the ledger onward, once: a cursor per reader, moved in the transaction that keeps what was made of the events.

A kill anywhere leaves both or neither. Events get their ids under the chain's lock, so none appears behind a cursor.
"""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from campaigns.store.database import Database, insert_into
from campaigns.store.ledger import Cursor, Event

CHUNK = 400


def is_behind(base: Database, reader: str) -> bool:
    """Whether there are events that this reader has not read."""
    with base.reading() as session:
        read = session.scalar(select(col(Cursor.position)).where(col(Cursor.name) == reader)) or 0
        return _head(session) > read


def next_events(session: Session, reader: str) -> Sequence[Event]:
    """Take the next events of a reader, oldest first, and move its cursor behind them; nobody else reads until the commit."""
    position = _locked(session, reader)
    unread = select(Event).where(col(Event.id) > position).order_by(col(Event.id)).limit(CHUNK)
    events = session.scalars(unread).all()
    if events:
        _move(session, reader, events[-1].id)
    return events


def skip_everything(session: Session, reader: str) -> None:
    """Move a reader's cursor to the end of the ledger: there is nobody whom the events could be told."""
    _locked(session, reader)
    _move(session, reader, _head(session))


def _locked(session: Session, reader: str) -> int:
    session.execute(insert_into(session, Cursor).values(name=reader, position=0).on_conflict_do_nothing())
    mine = select(col(Cursor.position)).where(col(Cursor.name) == reader).with_for_update()
    return session.scalars(mine).one()


def _move(session: Session, reader: str, position: int) -> None:
    session.execute(update(Cursor).where(col(Cursor.name) == reader).values(position=position))


def _head(session: Session) -> int:
    return session.scalar(select(func.max(col(Event.id)))) or 0
