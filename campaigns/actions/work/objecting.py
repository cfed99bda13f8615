"""异议: what an enterprise says against what was typed in for it (代录), and the record that is sent back for it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.stepping import UNCHANGED, check_version, move, reason_of, task_for
from campaigns.actions.work.handing_in import note
from campaigns.actions.work.judging import judge
from campaigns.clock import instant, local, local_date
from campaigns.errors import Conflict, Forbidden, Invalid
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import RequestKind, RequestState, TaskState, check_move
from campaigns.rules.work.objecting import why_not_decide, wrong_day
from campaigns.store.database import locked
from campaigns.store.work.submissions import authors, newest_submission
from campaigns.store.work.tasks import SENT_BACK, PaperEntry, RecordUse, Submission, Task, TaskRequest


def object_to(
    session: Session, *, task_id: int, reason: str, version: int | None = None, by: Actor, now: datetime
) -> Task:
    """异议: the enterprise says that what was typed in for it is wrong.

    While it waits for review the task comes back, and the enterprise hands in itself. What was accepted already stays until its
    bureau decides, because figures may rest on it. The same goes, each by its own state and its own bureau, for the tasks of
    other campaigns that use the record.
    """
    task = task_for(session, task_id, Permission.SUBMIT, by=by)
    check_version(session, task, seen=version)
    submission, entry = _latest(session, task)
    if entry is None:
        raise Conflict("最近一次提交不是代录的，没有可以提异议的内容。", kept=UNCHANGED, advice="请刷新页面查看。")
    if entry.objected_at is not None:
        raise Conflict("这份代录已经提过异议。", kept="先前写的异议保持不变。", advice="请刷新页面查看。")
    state = TaskState(task.state)
    if state not in (TaskState.SUBMITTED, TaskState.ACCEPTED):
        raise Conflict(f"这项任务现在是“{state.label}”，不用再提异议，直接填报就行。", kept=UNCHANGED)
    why = reason_of(reason, what="异议")
    entry.objection, entry.objected_by_id, entry.objected_at = why, by.person_id, now
    for one, of in [(task, submission), *_uses(session, submission)]:
        _object(session, one, of, why, by=by, now=now)
    return task


def reopen(
    session: Session, task: Task, objection: TaskRequest, *, until: date | None, by: Actor, now: datetime
) -> Submission:
    """Send back what was accepted, with the objection as the reason: the enterprise fills in itself until the day `until`.

    The submission stays readable with its receipt; from now on it counts nowhere. What was filed with it stays as it was filed.
    """
    check_move("任务", TaskState(task.state), TaskState.SENT_BACK)
    submission = newest_submission(session, task.id)
    if submission is None or submission.decision == SENT_BACK:
        raise Conflict("没有可以退回的提交。", kept=UNCHANGED, advice="请刷新页面查看。")
    if sentence := wrong_day(until, due_on=task.due_on, today=local_date(now)):
        raise Invalid("重新填报的期限不对，没有退回。", fields={"due_on": sentence}, kept=UNCHANGED)
    moved: dict[str, Any] = {}
    if until is not None and until != task.due_on:
        at = instant(until, local(task.due_at).timetz().replace(tzinfo=None))
        moved = {"due_on": until, "due_at": at, "overdue_on": None}
        objection.due_on = until
    judge(submission, SENT_BACK, by=by, now=now, reason=objection.reason)
    move(session, task, TaskState.SENT_BACK, submitted_at=None, decided_at=None, **moved)
    return submission


def check_decider(session: Session, task: Task, *, by: Actor) -> None:
    """Raise Forbidden for whoever typed in what the objection is about."""
    submission = newest_submission(session, task.id)
    typed_by = authors(session, submission) if submission else frozenset[int]()
    if sentence := why_not_decide(by.person_id, typed_by=typed_by):
        raise Forbidden(sentence, kept=UNCHANGED, advice="请换一位同事决定。")


def _object(session: Session, task: Task, submission: Submission, why: str, *, by: Actor, now: datetime) -> None:
    state = TaskState(task.state)
    if state is TaskState.SUBMITTED:
        judge(submission, SENT_BACK, by=by, now=now, reason=why)
        move(session, task, TaskState.SENT_BACK, submitted_at=None)
    else:
        move(session, task, state)
    waits = state is TaskState.ACCEPTED
    if waits:
        _ask(session, task, why, by=by, now=now)
    note(session, "task.objected", task, by=by, now=now, receipt=submission.receipt, reason=why, waits=waits)


def _ask(session: Session, task: Task, why: str, *, by: Actor, now: datetime) -> None:
    session.add(
        TaskRequest(
            task_id=task.id,
            kind=RequestKind.OBJECTION,
            state=RequestState.ASKED,
            reason=why,
            previous_due_on=task.due_on,
            asked_by_id=by.person_id or 0,
            asked_at=now,
        )
    )


def _uses(session: Session, record: Submission) -> list[tuple[Task, Submission]]:
    """Return the tasks of other campaigns that use a record and did not come back, locked as the record itself."""
    locked(session, Submission, record.id)  # from here on nobody begins to use it
    used = col(RecordUse.submission_id) == col(Submission.id)
    uses = select(Submission).join(RecordUse, used).where(col(RecordUse.record_id) == record.id)
    uses = uses.order_by(col(Submission.task_id))
    task_ids = session.scalars(uses.with_only_columns(col(Submission.task_id))).all()
    tasks = {task_id: locked(session, Task, task_id) for task_id in task_ids}
    found = session.scalars(uses.execution_options(populate_existing=True)).all()  # as they stand under the locks
    return [(task, use) for use in found if (task := tasks[use.task_id]) is not None and use.decision != SENT_BACK]


def _latest(session: Session, task: Task) -> tuple[Submission, PaperEntry | None]:
    submission = newest_submission(session, task.id)
    if submission is None:
        raise Conflict("这项任务还没有提交过，没有可以提异议的内容。", kept=UNCHANGED)
    return submission, session.get(PaperEntry, submission.id)
