"""任务: signed for, drafted, handed in or signed as nil by its doer, and accepted or sent back by its reviewer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.hazards.registering import register
from campaigns.actions.stepping import UNCHANGED, check_version, move, reason_of, task_for, task_to_fill, task_under
from campaigns.actions.work.handing_in import (
    check_filled,
    check_open,
    check_quota,
    hand_in,
    not_yet_registered,
    note,
    occurrence_of,
    settle,
)
from campaigns.actions.work.judging import judge
from campaigns.clock import local_date
from campaigns.errors import Conflict, Forbidden, Invalid
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import TaskState, check_move
from campaigns.rules.work.filling import Filled
from campaigns.store.database import insert_into
from campaigns.store.work.forms import form_of
from campaigns.store.work.submissions import authors, newest_submission
from campaigns.store.work.tasks import ACCEPTED, SENT_BACK, Draft, Submission, Task


def acknowledge(session: Session, *, task_id: int, version: int | None = None, by: Actor, now: datetime) -> Task:
    """签收: note that the doer has seen the task. Handing in without it counts as both."""
    task = task_for(session, task_id, Permission.ACKNOWLEDGE, by=by)
    check_version(session, task, seen=version)
    check_move("任务", TaskState(task.state), TaskState.ACKNOWLEDGED)
    move(session, task, TaskState.ACKNOWLEDGED, acknowledged_at=now)
    note(session, "task.acknowledged", task, by=by, now=now)
    return task


def save_draft(session: Session, *, task_id: int, values: Mapping[str, Any], by: Actor, now: datetime) -> None:
    """Keep what somebody typed, each person his own; nothing is checked and nobody is told."""
    task = task_to_fill(session, task_id, by=by)
    check_open(task)
    insert = insert_into(session, Draft).values(
        task_id=task.id, person_id=by.person_id, content=dict(values), saved_at=now
    )
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["task_id", "person_id"],
            set_={"content": insert.excluded.content, "saved_at": insert.excluded.saved_at},
        )
    )


def submit(
    session: Session, *, task_id: int, values: Mapping[str, Any], version: int | None = None, by: Actor, now: datetime
) -> Submission:
    """提交: check the form, keep it sealed under a receipt, put its hazards into the register, and move the task.

    `values` are the typed blanks by name; files are attached before. Without a reviewer the task is done; an event-driven one
    (每次作业前) keeps taking records. Raises Invalid with one sentence per blank, and then nothing is changed.
    """
    task = task_for(session, task_id, Permission.SUBMIT, by=by)
    check_open(task)
    check_version(session, task, seen=version)
    occurrence = occurrence_of(session, task)
    filled = check_filled(session, task, occurrence, form_of(session, occurrence), values, by=by, now=now)
    submission = hand_in(session, task, filled, nil=False, by=by, now=now)
    _register(session, task, filled, submission, by=by, now=now)
    settle(session, task, occurrence, submission, late=now > task.due_at, by=by, now=now)
    return submission


def sign_nil(
    session: Session, *, task_id: int, signed: bool, version: int | None = None, by: Actor, now: datetime
) -> Submission:
    """零报告: sign that this period had nothing to report. A signed act, and so never the same as a missing report (缺报)."""
    task = task_for(session, task_id, Permission.SIGN_NIL, by=by)
    check_open(task)
    check_version(session, task, seen=version)
    occurrence = occurrence_of(session, task)
    if not form_of(session, occurrence).nil:
        raise Conflict("这项任务不能零报告，请填表提交。", kept=UNCHANGED)
    if not signed:
        raise Invalid("零报告要本人签字。", fields={"signed": "请勾选“本人签字确认”。"}, kept=UNCHANGED)
    today = local_date(now)
    check_quota(session, task, occurrence, today, field="signed", kept=UNCHANGED)
    submission = hand_in(session, task, Filled({"零报告": by.name}, (), today), nil=True, by=by, now=now)
    settle(session, task, occurrence, submission, late=now > task.due_at, by=by, now=now)
    return submission


def accept(session: Session, *, task_id: int, version: int | None = None, by: Actor, now: datetime) -> Task:
    """通过: the reviewer accepts what was handed in, and the task is done."""
    task, submission = _to_review(session, task_id, version, by=by)
    move(session, task, TaskState.ACCEPTED, decided_at=now)
    judge(submission, ACCEPTED, by=by, now=now)
    note(session, "task.accepted", task, by=by, now=now, receipt=submission.receipt)
    return task


def send_back(
    session: Session, *, task_id: int, reason: str, version: int | None = None, by: Actor, now: datetime
) -> Task:
    """退回: the reviewer says what is missing; the doer corrects it in a new submission, the old one stays as it was."""
    task, submission = _to_review(session, task_id, version, by=by)
    why = reason_of(reason, what="退回理由")
    move(session, task, TaskState.SENT_BACK, submitted_at=None)
    judge(submission, SENT_BACK, by=by, now=now, reason=why)
    note(session, "task.sent_back", task, by=by, now=now, receipt=submission.receipt, reason=why)
    return task


def _register(
    session: Session, task: Task, filled: Filled, submission: Submission, *, by: Actor, now: datetime
) -> None:
    """Put what was found into the register; what a submission that was sent back had found is there already."""
    for enterprise_id, finding in not_yet_registered(session, task, filled):
        register(
            session,
            enterprise_id=enterprise_id,
            finding=finding,
            found_on=filled.occurred_on,
            submission=submission,
            by=by,
            now=now,
        )


def _to_review(session: Session, task_id: int, version: int | None, *, by: Actor) -> tuple[Task, Submission]:
    reviewer_id = session.scalar(select(col(Task.reviewer_id)).where(col(Task.id) == task_id))
    task = task_under(session, task_id, Permission.REVIEW, reviewer_id, by=by)
    check_version(session, task, seen=version)
    check_move("任务", TaskState(task.state), TaskState.ACCEPTED)
    if task.state != TaskState.SUBMITTED:  # an open task may become done, but only by being handed in
        state = TaskState(task.state).label
        raise Conflict(f"任务现在是“{state}”，没有等待审核的提交。", kept=UNCHANGED, advice="请等对方提交后再审核。")
    submission = newest_submission(session, task.id)
    if submission is None:
        raise Conflict("这项任务在报表里上报，不在这里审核。", kept=UNCHANGED, advice="请打开报表，接收或退回。")
    if by.person_id in authors(session, submission):
        raise Forbidden("自己提交或代录的不能自己审核。", kept=UNCHANGED, advice="请换一位同事审核。")
    return task, submission
