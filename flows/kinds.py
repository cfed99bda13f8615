"""One Prefect flow per kind of work. A flow decides nothing: it wakes a row's executor or the pass over everything.

Prefect shows these names and when each runs next; whether something was done is on our rows alone.
"""

from prefect import flow
from prefect.runtime import flow_run

from campaigns.actions.time.due_work import WorkKind
from campaigns.clock import now
from campaigns.store.database import database
from flows import schedules
from flows.due import run
from flows.engine import TICK_NAME
from flows.sweeps import EXECUTORS, pass_of_everything


@flow(name=TICK_NAME, flow_run_name=TICK_NAME, persist_result=False)
def tick() -> None:
    """Do whatever is due, leave the heartbeat, and make Prefect's calendar agree with our rows."""
    pass_of_everything(database(), now=now())
    schedules.reconcile(database(), now=now())


@flow(name=WorkKind.STAGE_OPENS.label, persist_result=False)
def open_stage(key: str) -> None:
    """Open a stage on its day."""
    _wake(key)


@flow(name=WorkKind.STAGE_CLOSES.label, persist_result=False)
def close_stage(key: str) -> None:
    """Let a stage's term end; its unfinished work stays alive."""
    _wake(key)


@flow(name=WorkKind.DAILY.label, persist_result=False)
def daily(key: str) -> None:
    """Mark what is overdue, remind and propose escalations for one campaign's day."""
    _wake(key)


@flow(name=WorkKind.ROLL_UP.label, persist_result=False)
def roll_up(key: str) -> None:
    """Roll a period's table up the tree at the template's hour."""
    _wake(key)


@flow(name=WorkKind.DISPATCH.label, persist_result=False)
def dispatch(key: str) -> None:
    """Hand the day's digests to the channels."""
    _wake(key)


def _wake(key: str) -> None:
    if run(database(), EXECUTORS, key, now=now(), flow_run_id=str(flow_run.id)) is False:
        raise RuntimeError(f"{key} 没有完成，原因已记在到期工作上，将自动重试。")
