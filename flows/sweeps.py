"""What time does, as plain functions of rows and an instant: no Prefect here, so every one of them is tested by a call.

Each executor may be called twice for the same item, by two workers, or days late: it re-derives what is due from rows.
"""

from datetime import datetime

from campaigns.actions.due_work import WorkKind
from campaigns.actions.heartbeats import beat
from campaigns.store.database import Database
from campaigns.store.ledger import SCHEDULER
from flows.due import Executor, Outcome, run_everything
from flows.rollup import roll_up
from notifications.compose import compose

EXECUTORS: dict[str, Executor] = {WorkKind.ROLL_UP: roll_up}
"""What each kind of due work does (campaigns.actions.due_work.WorkKind)."""


def pass_of_everything(base: Database, *, now: datetime) -> Outcome:
    """Do everything due at `now` once, tell it in the inboxes and leave a heartbeat: the minute's tick and `rectify tick`."""
    outcome = run_everything(base, EXECUTORS, now=now)
    compose(base, now=now)
    with base.transaction() as session:
        beat(session, SCHEDULER, now=now, detail=f"完成 {len(outcome.done)} 项，待重试 {len(outcome.failed)} 项")
    return outcome
