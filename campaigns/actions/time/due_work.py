"""Work that the business calendar makes due once: planned, claimed under a lease, finished, and marked late (补发).

A row of `due_work` is the only truth about whether something of the calendar was done. Whoever wakes up (Prefect at the
exact instant, the minute's tick, an operator with `rectify tick`) claims the row by one conditional UPDATE; a holder that
dies leaves a lease that runs out, and the next one does the work again, so what an executor does must be idempotent.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlmodel import Session, col

from campaigns.rules.states import Stated
from campaigns.store.database import insert_into
from campaigns.store.ledger import DueWork

LEASE = timedelta(minutes=4)
"""How long a holder may work before another may take over: stuck work is done again within five minutes."""
GRACE = timedelta(minutes=5)
"""Work begun later than this after its instant is marked 补发."""
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)
_CHUNK = 500


class WorkKind(Stated):
    """What the calendar makes due. Each kind is one Prefect deployment (flows/deployments.py) and one executor."""

    STAGE_OPENS = "stage_opens", "阶段启动"
    STAGE_CLOSES = "stage_closes", "阶段到期"
    DAILY = "daily", "每日催办与逾期"
    ROLL_UP = "roll_up", "调度表汇总"
    DISPATCH = "dispatch", "通知派送"


@dataclass(frozen=True)
class Item:
    """One thing to be done once at an instant; `title` is what people read in the schedule, `key` makes it unique.

    `period` is the 期 it belongs to, as the plan writes it (`2023-05`), or empty.
    """

    key: str
    kind: str
    due_at: datetime
    campaign_id: int | None = None
    period: str = ""
    title: str = ""


def plan(session: Session, items: Iterable[Item]) -> None:
    """Write items down once each. An item already planned moves to its new instant unless it was done."""
    wanted = list({item.key: asdict(item) for item in items}.values())
    for start in range(0, len(wanted), _CHUNK):
        insert = insert_into(session, DueWork).values(
            [_fresh(values) for values in wanted[start : start + _CHUNK]],
        )
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["key"],
                set_={"due_at": insert.excluded.due_at, "title": insert.excluded.title},
                where=col(DueWork.done_at).is_(None),
            )
        )


def withdraw(session: Session, *, campaign_id: int, kind: str | None = None) -> int:
    """Take back what is not yet done of a campaign (of one kind, if given) and return how many items that were."""
    undone = delete(DueWork).where(col(DueWork.campaign_id) == campaign_id, col(DueWork.done_at).is_(None))
    return _count(session.execute(undone if kind is None else undone.where(col(DueWork.kind) == kind)))


def due(session: Session, *, now: datetime, limit: int = 200) -> tuple[Item, ...]:
    """Return what is due, undone and held by nobody, the oldest first."""
    query = select(*_ITEM).where(*_free(now)).order_by(col(DueWork.due_at), col(DueWork.id)).limit(limit)
    return tuple(Item(*row) for row in session.execute(query))


def claim(session: Session, key: str, *, holder: str, now: datetime) -> Item | None:
    """Take a due item for `LEASE`, or return None: done, not due yet, or somebody else's."""
    taken = session.execute(
        update(DueWork)
        .where(col(DueWork.key) == key, *_free(now))
        .values(leased_until=now + LEASE, leased_by=holder, attempts=col(DueWork.attempts) + 1)
    )
    if _count(taken) != 1:
        return None
    return Item(*session.execute(select(*_ITEM).where(col(DueWork.key) == key)).one())


def finish(session: Session, key: str, *, holder: str, now: datetime, flow_run_id: str = "") -> bool:
    """Mark a claimed item done, 补发 if it began more than `GRACE` late; False if the lease had passed to another."""
    done = (
        update(DueWork)
        .where(*_held(key, holder))
        .values(
            done_at=now,
            late=col(DueWork.due_at) < now - GRACE,
            leased_until=None,
            last_error="",
            flow_run_id=flow_run_id,
        )
    )
    return _count(session.execute(done)) == 1


def fail(session: Session, key: str, *, holder: str, now: datetime, error: str) -> bool:
    """Give a claimed item back with its error; the wait before the next try doubles up to an hour, and never ends."""
    attempts = session.scalar(select(col(DueWork.attempts)).where(col(DueWork.key) == key)) or 1
    wait = min(FIRST_RETRY * 2 ** min(attempts - 1, 10), LONGEST_RETRY)
    released = (
        update(DueWork).where(*_held(key, holder)).values(leased_until=now + wait, leased_by="", last_error=error[:500])
    )
    return _count(session.execute(released)) == 1


_ITEM = (
    col(DueWork.key),
    col(DueWork.kind),
    col(DueWork.due_at),
    col(DueWork.campaign_id),
    col(DueWork.period),
    col(DueWork.title),
)


def _free(now: datetime) -> tuple[Any, ...]:
    lease = col(DueWork.leased_until)
    return col(DueWork.done_at).is_(None), col(DueWork.due_at) <= now, or_(lease.is_(None), lease <= now)


def _held(key: str, holder: str) -> tuple[Any, ...]:
    return col(DueWork.key) == key, col(DueWork.done_at).is_(None), col(DueWork.leased_by) == holder


def _fresh(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"leased_by": "", "attempts": 0, "last_error": "", "late": False, "flow_run_id": ""}


def _count(result: Any) -> int:
    return int(result.rowcount)
