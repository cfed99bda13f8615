"""延期, 豁免 and 异议: asked for by the doer with a reason, decided by the bureau that answers for the task."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select
from sqlmodel import Session, col

from campaigns.actions.stepping import UNCHANGED, move, reason_of, task_for, task_under
from campaigns.actions.work.handing_in import check_open, note
from campaigns.actions.work.objecting import check_decider, reopen
from campaigns.clock import instant, local, local_date
from campaigns.date_words import day_words
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.rules.dates.far_dates import too_far
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import RequestKind, RequestState, TaskState, check_move
from campaigns.store.database import locked
from campaigns.store.scope import decider_of
from campaigns.store.work.tasks import Task, TaskRequest


def ask(
    session: Session,
    *,
    task_id: int,
    kind: RequestKind,
    reason: str,
    due_on: date | None = None,
    by: Actor,
    now: datetime,
) -> TaskRequest:
    """申请: ask for a later date (延期, with the date) or to be let off (豁免). One open request per task."""
    task = task_for(session, task_id, Permission.ASK, by=by)
    check_open(task)
    why = reason_of(reason, what="申请理由")
    later = _later_date(task, due_on, today=local_date(now)) if kind is RequestKind.EXTENSION else None
    asked = exists().where(col(TaskRequest.task_id) == task.id, col(TaskRequest.state) == RequestState.ASKED)
    if session.scalar(select(asked)):
        raise Conflict("这项任务已有一份申请在等决定。", kept=UNCHANGED, advice="请等监管部门决定后再申请。")
    request = TaskRequest(
        task_id=task.id,
        kind=kind,
        state=RequestState.ASKED,
        reason=why,
        due_on=later,
        previous_due_on=task.due_on,
        asked_by_id=by.person_id or 0,
        asked_at=now,
    )
    session.add(request)
    session.flush()
    _record(session, "request.asked", request, task, by=by, now=now, reason=why)
    return request


def grant(
    session: Session, *, request_id: int, reason: str = "", due_on: date | None = None, by: Actor, now: datetime
) -> TaskRequest:
    """同意: an extension moves the due date, so that every later message shows the new one; a waiver ends the task.

    An objection to what was typed in (代录) sends the accepted record back; the doer fills in itself until `due_on`, which an
    objection alone takes and needs only where the deadline has passed.
    """
    request, task = _to_decide(session, request_id, by=by)
    check_move("申请", RequestState(request.state), RequestState.GRANTED)
    words = reason_of(reason, what="决定理由", required=False)
    kind, said = "request.granted", {"reason": words}
    if request.kind == RequestKind.WAIVER:
        move(session, task, TaskState.WAIVED, decided_at=now)
    elif request.kind == RequestKind.OBJECTION:
        kind = "objection.granted"
        said["receipt"] = reopen(session, task, request, until=due_on, by=by, now=now).receipt
    else:
        _extend(session, task, request.due_on or task.due_on, now=now)
    _decide(request, RequestState.GRANTED, words, by=by, now=now)
    _record(session, kind, request, task, by=by, now=now, **said)
    return request


def decline(session: Session, *, request_id: int, reason: str, by: Actor, now: datetime) -> TaskRequest:
    """不同意, with the reason; the task stays as it is."""
    request, task = _to_decide(session, request_id, by=by)
    check_move("申请", RequestState(request.state), RequestState.DECLINED)
    why = reason_of(reason, what="不同意的理由")
    _decide(request, RequestState.DECLINED, why, by=by, now=now)
    kind = "objection.declined" if request.kind == RequestKind.OBJECTION else "request.declined"
    _record(session, kind, request, task, by=by, now=now, reason=why)
    return request


def _extend(session: Session, task: Task, due_on: date, *, now: datetime) -> None:
    check_open(task)
    if due_on < task.due_on:  # a granted objection has put it off further meanwhile
        raise Conflict(
            f"现在的期限是{day_words(task.due_on)}，比申请的日期还晚，不用再延期。",
            kept=UNCHANGED,
            advice="请选“不同意”，写明期限已经改过。",
        )
    due_at = instant(due_on, local(task.due_at).timetz().replace(tzinfo=None))
    overdue_on = None if due_at > now else task.overdue_on
    move(session, task, TaskState(task.state), due_on=due_on, due_at=due_at, overdue_on=overdue_on)


def _later_date(task: Task, due_on: date | None, *, today: date) -> date:
    earliest = max(task.due_on, today)
    if due_on is None or due_on <= task.due_on or due_on < today:
        raise Invalid(
            "延期要写明延到哪一天，没有提交。",
            fields={"due_on": f"请选一个晚于{day_words(earliest)}的日期。"},
            kept=UNCHANGED,
        )
    if sentence := too_far(due_on, today=today):
        raise Invalid("延期的日期不对，没有提交。", fields={"due_on": sentence}, kept=UNCHANGED)
    return due_on


def _to_decide(session: Session, request_id: int, *, by: Actor) -> tuple[TaskRequest, Task]:
    known = session.get(TaskRequest, request_id)
    task = session.get(Task, known.task_id) if known else None
    if task is None:
        raise NotFound
    task_under(session, task.id, Permission.DECIDE_REQUEST, decider_of(session, task), by=by)
    request = locked(session, TaskRequest, request_id)
    if request is None:
        raise NotFound
    if request.asked_by_id == by.person_id:
        raise Forbidden("自己的申请不能自己决定。", kept=UNCHANGED, advice="请换一位同事决定。")
    if request.kind == RequestKind.OBJECTION:
        check_decider(session, task, by=by)
    return request, task


def _decide(request: TaskRequest, state: RequestState, reason: str, *, by: Actor, now: datetime) -> None:
    request.state, request.decided_by_id, request.decided_at = state, by.person_id, now
    request.decision_reason = reason


def _record(
    session: Session, kind: str, request: TaskRequest, task: Task, *, by: Actor, now: datetime, **data: Any
) -> None:
    session.flush()
    note(
        session,
        kind,
        task,
        by=by,
        now=now,
        request_id=request.id,
        request=request.kind,
        due_on=request.due_on.isoformat() if request.due_on else None,
        previous_due_on=request.previous_due_on.isoformat(),
        **data,
    )
