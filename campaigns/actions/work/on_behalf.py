"""代录: what an enterprise wrote and signed on paper, typed in by its supervising bureau and marked so; and the enterprise's say.

The bureau adds nothing of its own: it types what stands on the paper, keeps the scan, and somebody else reviews. The enterprise
is told at once, may object, and then hands in itself.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.hazards.registering import Origin
from campaigns.actions.hazards.registering import enter as enter_hazard
from campaigns.actions.stepping import UNCHANGED, check_version, move, reason_of, task_for
from campaigns.actions.work.handing_in import (
    check_filled,
    check_open,
    hand_in,
    not_yet_registered,
    note,
    occurrence_of,
    settle,
)
from campaigns.clock import local_date
from campaigns.date_words import day_words
from campaigns.errors import Conflict
from campaigns.rules.filling import Filled
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.paper import Paper, check_enterable, check_signatures, is_nil, on_paper, paper_alone, taken_apart
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import HazardSource, TaskState
from campaigns.store.database import locked
from campaigns.store.forms import form_of
from campaigns.store.tasks import SENT_BACK, PaperEntry, RecordUse, Submission, Task


def enter(
    session: Session, *, task_id: int, values: Mapping[str, Any], version: int | None = None, by: Actor, now: datetime
) -> Submission:
    """代录: hand in for an enterprise what stands on its signed paper.

    `values` are the blanks of `rules.paper.on_paper`: the form's own, names in place of signatures, and the paper's. A task that
    nobody reviews gets the bureau as its reviewer, because whoever types it in does not judge it. Late is what the bureau had
    late, whenever it was typed in. Raises Invalid with one sentence per blank, and then nothing is changed.
    """
    task = task_for(session, task_id, Permission.ENTER_ON_BEHALF, by=by)
    check_open(task)
    check_version(session, task, seen=version)
    occurrence = occurrence_of(session, task)
    check_enterable(event_driven=occurrence.event_driven)
    form = form_of(session, occurrence)
    nil = is_nil(form, values)
    asked = paper_alone(form) if nil else on_paper(form)
    if not nil:
        check_signatures(form, values)
    filled, paper = taken_apart(form, check_filled(session, task, occurrence, asked, values, by=by, now=now))
    if nil:
        filled = replace(filled, content={"零报告": paper.signed_by})
    late = paper.received_on > task.due_on
    task.reviewer_id = task.reviewer_id or by.organisation_id
    task.overdue_on = task.overdue_on if late else None
    submission = hand_in(session, task, filled, nil=nil, by=by, now=now, paper=_row(paper))
    _register(session, task, filled, submission, by=by, now=now)
    words = f"纸面签字人{paper.signed_by}，{day_words(paper.received_on)}收到纸质表，原件{len(paper.scans)}份"
    settle(session, task, occurrence, submission, kind="task.entered", late=late, by=by, now=now, words=words)
    return submission


def object_to(
    session: Session, *, task_id: int, reason: str, version: int | None = None, by: Actor, now: datetime
) -> Task:
    """异议: the enterprise says that what was typed in for it is wrong.

    While it waits for review the task comes back, and the enterprise hands in itself. What was accepted already stays as it is,
    for figures may rest on it; the objection stands beside it and its reviewer is told. The same goes, each by its own state, for
    the tasks of other campaigns that use the record.
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
        _undo(session, one, of, why, by=by, now=now)
    return task


def _undo(session: Session, task: Task, submission: Submission, why: str, *, by: Actor, now: datetime) -> None:
    if task.state == TaskState.SUBMITTED:
        submission.decision, submission.decided_by_id, submission.decided_at = SENT_BACK, by.person_id, now
        submission.reason = why
        move(session, task, TaskState.SENT_BACK, submitted_at=None)
    else:
        move(session, task, TaskState(task.state))
    note(session, "task.objected", task, by=by, now=now, receipt=submission.receipt, reason=why)


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
    newest = col(Submission.number).desc()
    submission = session.scalars(
        select(Submission).where(col(Submission.task_id) == task.id).order_by(newest).limit(1)
    ).first()
    if submission is None:
        raise Conflict("这项任务还没有提交过，没有可以提异议的内容。", kept=UNCHANGED)
    return submission, session.get(PaperEntry, submission.id)


def _row(paper: Paper) -> PaperEntry:
    return PaperEntry(
        submission_id=0,  # until the submission has its id
        signed_by=paper.signed_by,
        received_on=paper.received_on,
        scans=list(paper.scans),
    )


def _register(
    session: Session, task: Task, filled: Filled, submission: Submission, *, by: Actor, now: datetime
) -> None:
    """Put what the enterprise found into the register as its own find; who typed it stands in the trail.

    What the paper says about a cure on the spot stays words: whoever typed it did not see it, and the recheck has still to come.
    """
    for enterprise_id, finding in not_yet_registered(session, task, filled):
        origin = Origin(HazardSource.SELF, _found_on(filled, now), submission=submission)
        enter_hazard(session, _as_words(finding), origin, enterprise_id=enterprise_id, by=by, now=now)


def _found_on(filled: Filled, now: datetime) -> date:
    return min(filled.occurred_on, local_date(now))


def _as_words(finding: Finding) -> Finding:
    if not finding.rectification:
        return finding
    told = f"{finding.description}\n纸面写明当场整改：{finding.rectification}".strip()
    return replace(finding, description=told, rectification="")
