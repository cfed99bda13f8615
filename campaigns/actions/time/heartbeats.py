"""Heartbeats: the sign that a part of the machinery is awake, shown on every page (调度心跳)."""

from datetime import datetime

from sqlmodel import Session

from campaigns.store.database import insert_into
from campaigns.store.ledger import SCHEDULER, Heartbeat

__all__ = ["SCHEDULER", "beat"]


def beat(session: Session, name: str, *, now: datetime, detail: str = "") -> None:
    """Note that `name` worked at `now`; an older instant never replaces a newer one."""
    insert = insert_into(session, Heartbeat).values(name=name, at=now, detail=detail[:200])
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["name"],
            set_={"at": insert.excluded.at, "detail": insert.excluded.detail},
            where=Heartbeat.at <= insert.excluded.at,
        )
    )
