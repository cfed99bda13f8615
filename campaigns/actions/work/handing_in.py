"""From a filled-in form to a sealed submission: what `submit`, `sign_nil`, `on_behalf.enter` and `use_record` share."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.actions.hazards.citing import with_clauses
from campaigns.actions.stepping import UNCHANGED, move
from campaigns.clock import local_date
from campaigns.definition.form import Form
from campaigns.definition.periods import is_calendar
from campaigns.errors import Conflict, NotFound
from campaigns.rules.dates.quota import check_day
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.permissions import Actor, OrganisationKind
from campaigns.rules.quotes import quoted
from campaigns.rules.states import OPEN_TASK_STATES, TaskState
from campaigns.rules.work.fields import FileRef
from campaigns.rules.work.filling import KEPT, Filled, date_field, fill
from campaigns.rules.work.receipts import receipt_number, seal
from campaigns.rules.work.signing import Signer
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.work.attachments import of_task
from campaigns.store.work.receipts import sealed
from campaigns.store.work.sharing import in_period, period_of
from campaigns.store.work.tasks import ACCEPTED, SENT_BACK, Attachment, Draft, PaperEntry, RecordUse, Submission, Task


def check_open(task: Task) -> None:
    """Raise Conflict unless the doer may still hand in."""
    state = TaskState(task.state)
    if state not in OPEN_TASK_STATES:
        raise Conflict(f"这项任务现在是“{state.label}”，不能再填报。", kept=UNCHANGED, advice="请刷新页面查看。")


def occurrence_of(session: Session, task: Task) -> PlannedOccurrence:
    """Return the task's line of the plan; raises Conflict if it is discharged by filing a report, not by a form."""
    occurrence = session.get(PlannedOccurrence, task.occurrence_id)
    if occurrence is None:
        raise NotFound
    if occurrence.report:
        raise Conflict(
            f"{quoted(occurrence.title)}在“{occurrence.report}”里填写和上报，不在这里填。",
            kept=UNCHANGED,
            advice=f"请打开“{occurrence.report}”。",
        )
    return occurrence


def check_filled(
    session: Session,
    task: Task,
    occurrence: PlannedOccurrence,
    form: Form,
    values: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> Filled:
    """Return what would be handed in; raises Invalid with one sentence per blank."""
    subject = session.get(Organisation, task.subject_id)
    filled = fill(
        form,
        values,
        files=files_of(session, task.id, by=by),
        signer=Signer(by.name, by.roles),
        today=local_date(now),
        choose_enterprise=subject is None or subject.kind != OrganisationKind.ENTERPRISE,
    )
    day = date_field(form)
    check_quota(session, task, occurrence, filled.occurred_on, field=day.title if day else "")
    return with_clauses(session, form, filled)


def check_quota(
    session: Session, task: Task, occurrence: PlannedOccurrence, day: date, *, field: str, kept: str = KEPT
) -> None:
    """Raise Invalid beside `field` unless a record of that day counts in the task's period; `kept` says what became of it.

    A duty done once, or at each event, has no period whose days are counted.
    """
    if occurrence.event_driven or not is_calendar(occurrence.period):
        return
    take_turns(session, task, occurrence)
    opens_on, taken = period_of(session, task, occurrence)
    check_day(day, field=field, opens_on=opens_on, taken=taken, quota=occurrence.quota, kept=kept)


def files_of(session: Session, task_id: int, *, by: Actor) -> Sequence[FileRef]:
    """Return the files that the actor's organisation kept for a task, and those of any submission of it or of its record."""
    columns = col(Attachment.storage_id), col(Attachment.label), col(Attachment.name), col(Attachment.sha256)
    own = col(Attachment.submission_id).is_not(None) | kept_by(by)
    files = select(*columns).where(of_task(session, task_id), own).order_by(col(Attachment.id))
    return [FileRef(*row) for row in session.execute(files)]


def hand_in(
    session: Session,
    task: Task,
    filled: Filled,
    *,
    nil: bool,
    by: Actor,
    now: datetime,
    paper: PaperEntry | None = None,
) -> Submission:
    """Write the sealed submission, with the paper it was typed in from; a correction is a new one with the next number.

    Without a reviewer it is accepted as it comes.
    """
    if by.person_id is None:
        raise Conflict("提交要由本人登录办理。", kept=UNCHANGED)
    earlier = session.scalar(select(func.max(col(Submission.number))).where(col(Submission.task_id) == task.id)) or 0
    submission = Submission(
        task_id=task.id,
        number=earlier + 1,
        organisation_id=task.organisation_id,
        subject_id=task.subject_id,
        person_id=by.person_id,
        submitted_at=now,
        occurred_on=filled.occurred_on,
        nil=nil,
        content=filled.content,
        receipt=receipt_number(task.id, earlier + 1, now),
        sha256="",
    )
    if task.reviewer_id is None:
        submission.decision, submission.decided_at = ACCEPTED, now
    submission.sha256 = seal(sealed(submission, signer=by.name, paper=paper))
    session.add(submission)
    session.flush()
    if paper is not None:
        paper.submission_id = submission.id
        session.add(paper)
    return submission


def settle(
    session: Session,
    task: Task,
    occurrence: PlannedOccurrence,
    submission: Submission,
    *,
    kind: str = "task.submitted",
    late: bool,
    by: Actor,
    now: datetime,
    **data: Any,
) -> None:
    """Move a task whose form was handed in, give the submission its files, drop the drafts, and record it."""
    done = submission.decision == ACCEPTED
    handed_in = TaskState.ACCEPTED if done else TaskState.SUBMITTED
    state = TaskState.ACKNOWLEDGED if occurrence.event_driven else handed_in
    move(
        session,
        task,
        state,
        submitted_at=now,
        decided_at=now if state is TaskState.ACCEPTED else None,
        acknowledged_at=task.acknowledged_at or now,
    )
    _take_along(session, task, submission, by=by)
    note(
        session,
        kind,
        task,
        by=by,
        now=now,
        receipt=submission.receipt,
        sha256=submission.sha256,
        nil=submission.nil,
        accepted=done,
        late=late and not occurrence.event_driven,
        **data,
    )


def _take_along(session: Session, task: Task, submission: Submission, *, by: Actor) -> None:
    """Give a submission the files its side kept for it, and drop the drafts of its side, nobody else's."""
    loose = col(Attachment.task_id) == task.id, col(Attachment.submission_id).is_(None), kept_by(by)
    unread = {"synchronize_session": False}  # neither is looked at again in this transaction
    session.execute(update(Attachment).where(*loose).values(submission_id=submission.id).execution_options(**unread))
    drafts = col(Draft.task_id) == task.id, col(Draft.person_id).in_(colleagues(by))
    session.execute(delete(Draft).where(*drafts).execution_options(**unread))


def not_yet_registered(session: Session, task: Task, filled: Filled) -> Iterator[tuple[int, Finding]]:
    """Yield what a form found, with its enterprise, except what a submission that was sent back, or its record, had found."""
    if not filled.findings:
        return
    back = (
        select(func.coalesce(col(RecordUse.record_id), col(Submission.id)))
        .select_from(Submission)
        .outerjoin(RecordUse, col(RecordUse.submission_id) == col(Submission.id))
        .where(col(Submission.task_id) == task.id, col(Submission.decision) == SENT_BACK)
    )
    known = select(col(Hazard.enterprise_id), col(Hazard.title), col(Hazard.location))
    there = {tuple(row) for row in session.execute(known.where(col(Hazard.submission_id).in_(back)))}
    for finding in filled.findings:
        enterprise_id = finding.enterprise_id or task.subject_id
        if (enterprise_id, finding.title, finding.location) not in there:
            yield enterprise_id, finding


def note(session: Session, kind: str, task: Task, *, by: Actor, now: datetime, **data: Any) -> None:
    """Record what happened to a task, in its campaign's and its doer's trail."""
    record(
        session,
        kind,
        by=by,
        now=now,
        about=task,
        campaign_id=task.campaign_id,
        organisation_id=task.organisation_id,
        **data,
    )


def kept_by(by: Actor) -> ColumnElement[bool]:
    """Return the condition on Attachment that somebody of the actor's organisation uploaded it."""
    return col(Attachment.uploaded_by_id).in_(colleagues(by))


def colleagues(by: Actor) -> Select[tuple[int]]:
    """Return who belongs to the actor's organisation, for a condition."""
    return select(col(Person.id)).where(col(Person.organisation_id) == by.organisation_id)


def take_turns(session: Session, task: Task, occurrence: PlannedOccurrence) -> None:
    """Lock the period's first task, so that of two records handed in at once the second one sees the first one's day."""
    of_period = (
        select(col(Task.id))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(
            *in_period(occurrence),
            col(Task.organisation_id) == task.organisation_id,
            col(Task.subject_id) == task.subject_id,
        )
    )
    session.execute(of_period.order_by(col(Task.id)).limit(1).with_for_update(key_share=True, of=Task)).all()
