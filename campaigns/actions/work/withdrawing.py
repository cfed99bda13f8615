"""撤销: open tasks that nobody has to do any more, because an enterprise closed or was handed over, with what hung on them."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlmodel import Session, col

from campaigns.actions.time.proposals import withdraw_drafts
from campaigns.rules.states import OPEN_TASK_STATES, RequestKind, RequestState, TaskState
from campaigns.store.work.tasks import Proposal, Task, TaskRequest


def withdraw_tasks(
    session: Session, *which: ColumnElement[bool], reason: str, now: datetime, by_id: int | None = None
) -> list[int]:
    """Withdraw the open tasks that meet the conditions and return their ids.

    Applications for them that wait are declined, drafted steps of a ladder taken back, both with the reason; so are objections
    to what is done already, because nobody is left to do it again. What was typed or handed in stays readable, and a task that
    was late keeps the date since when.
    """
    ids = list(
        session.scalars(
            update(Task)
            .where(col(Task.state).in_(OPEN_TASK_STATES), *which)
            .values(state=TaskState.WITHDRAWN, version=col(Task.version) + 1, decided_at=now)
            .returning(col(Task.id))
            .execution_options(synchronize_session=False)
        )
    )
    objected = and_(
        col(TaskRequest.kind) == RequestKind.OBJECTION, col(TaskRequest.task_id).in_(select(col(Task.id)).where(*which))
    )
    session.execute(
        update(TaskRequest)
        .where(col(TaskRequest.state) == RequestState.ASKED, or_(col(TaskRequest.task_id).in_(ids), objected))
        .values(state=RequestState.DECLINED, decided_at=now, decided_by_id=by_id, decision_reason=reason)
        .execution_options(synchronize_session=False)
    )
    withdraw_drafts(session, col(Proposal.task_id).in_(ids), reason=reason, now=now)
    return ids
