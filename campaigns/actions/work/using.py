"""用已报的记录: what was handed in for one campaign is handed in for another one's task too, and nothing is typed anew (减负)."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.actions.stepping import UNCHANGED, check_version, task_for
from campaigns.actions.work.handing_in import check_open, hand_in, occurrence_of, settle, take_turns
from campaigns.errors import Conflict, NotFound
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.work.filling import Filled
from campaigns.rules.work.sharing import why_not_usable
from campaigns.store.database import locked
from campaigns.store.work.forms import form_of
from campaigns.store.work.sharing import record_of, same_doer, wanted_now
from campaigns.store.work.tasks import RecordUse, Submission


def use_record(
    session: Session, *, task_id: int, receipt: str, version: int | None = None, by: Actor, now: datetime
) -> Submission:
    """Hand in, for this task, the record with that receipt; whoever does it does so in his own name.

    The record stays with its own task, with its paper and the hazards it registered. What it is worth here the task's own
    reviewer decides. Raises NotFound for a record of somebody else, Conflict with the reason when it does not do.
    """
    record = locked(session, Submission, _filled_in(session, receipt) or 0)  # before the task, as object_to takes them
    task = task_for(session, task_id, Permission.SUBMIT, by=by)
    check_open(task)
    check_version(session, task, seen=version)
    if record is None or not same_doer(record, task):
        raise NotFound
    if record.nil:
        task_for(session, task_id, Permission.SIGN_NIL, by=by)
    occurrence = occurrence_of(session, task)
    take_turns(session, task, occurrence)
    wanted, taken = wanted_now(session, task, occurrence)
    nil_allowed = form_of(session, occurrence).nil
    if why := why_not_usable(record_of(session, record), wanted, nil_allowed=nil_allowed, taken=taken):
        raise Conflict(f"{why}，没有使用。", kept=UNCHANGED, advice="请在任务页面填表提交。")
    same = Filled(dict(record.content), (), record.occurred_on)
    submission = hand_in(session, task, same, nil=record.nil, by=by, now=now)
    session.add(RecordUse(submission_id=submission.id, record_id=record.id, campaign_id=task.campaign_id))
    settle(
        session,
        task,
        occurrence,
        submission,
        kind="task.record_used",
        late=now > task.due_at,
        by=by,
        now=now,
        record=record.receipt,
        words=f"用的是回执号 {record.receipt} 的记录",
    )
    return submission


def _filled_in(session: Session, receipt: str) -> int | None:
    """Return the id of the record behind a receipt: the one that was filled in, whichever of its uses the receipt is of."""
    return session.scalar(
        select(func.coalesce(col(RecordUse.record_id), col(Submission.id)))
        .select_from(Submission)
        .outerjoin(RecordUse, col(RecordUse.submission_id) == col(Submission.id))
        .where(col(Submission.receipt) == receipt)
    )
