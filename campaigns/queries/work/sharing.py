"""用已报的记录, as its doer sees it: which record does for a task, and which other tasks a record does for (减负)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor, Permission, may
from campaigns.rules.states import OPEN_TASK_STATES, CampaignState
from campaigns.rules.work.sharing import Likeness, last_day, likeness, why_not_usable
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.directory.regions import Organisation
from campaigns.store.scope import relation
from campaigns.store.work.forms import form_of
from campaigns.store.work.sharing import filled_in, in_period, record_of, wanted_now, wanted_of
from campaigns.store.work.tasks import SENT_BACK, RecordUse, Submission, Task

LOOKED_AT = 50
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Usable:
    """A record handed in for another campaign that does for a task as it stands; `likeness` says how sure that is."""

    receipt: str
    campaign: str
    title: str
    occurred_on: date
    submitted_at: datetime
    nil: bool
    content: Mapping[str, Any]
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Offer:
    """A task of another campaign that a record does for. `version` is the task's as it was looked at."""

    task_id: int
    version: int
    campaign: str
    title: str
    period: str
    due_on: date
    reviewer: str
    likeness: Likeness


def usable_records(session: Session, task_id: int, *, actor: Actor) -> tuple[Usable, ...]:
    """Return the records that the actor may use for a task instead of filling it in, the latest first.

    The caller has made sure that the task is in sight and that the actor may hand in for it.
    """
    task = session.get_one(Task, task_id)
    occurrence = session.get_one(PlannedOccurrence, task.occurrence_id)
    rows = session.execute(_handed_in_elsewhere(task, occurrence)).all()
    if not rows:
        return ()
    wanted, taken = wanted_now(session, task, occurrence)
    nil_allowed = form_of(session, occurrence).nil and _may(session, actor, task, nil=True)
    found = []
    for submission, campaign, title in rows:
        record = record_of(session, submission)
        like = likeness(record.wanted, wanted)
        if like and not why_not_usable(record, wanted, nil_allowed=nil_allowed, taken=taken):
            day, at = submission.occurred_on, submission.submitted_at
            found.append(Usable(submission.receipt, campaign, title, day, at, submission.nil, submission.content, like))
    return tuple(found[:SHOWN])


def also_for(session: Session, submission_id: int, *, actor: Actor) -> tuple[Offer, ...]:
    """Return the open tasks of other running campaigns that a submission's record does for, one of each, the earliest due.

    Empty for whoever may not hand them in.
    """
    behind = session.scalar(select(col(RecordUse.record_id)).where(col(RecordUse.submission_id) == submission_id))
    submission = session.get_one(Submission, behind or submission_id)
    own = session.get_one(Task, submission.task_id)
    if not _may(session, actor, own, nil=submission.nil):
        return ()
    found: dict[int, Offer] = {}
    record = record_of(session, submission)
    for task, occurrence, campaign, reviewer in session.execute(_open_elsewhere(session, own)).all():
        if task.campaign_id in found or likeness(record.wanted, wanted_of(session, occurrence)) is None:
            continue
        wanted, taken = wanted_now(session, task, occurrence)
        like = likeness(record.wanted, wanted)
        nil_allowed = form_of(session, occurrence).nil
        if like and not why_not_usable(record, wanted, nil_allowed=nil_allowed, taken=taken):
            period = period_label(occurrence.period, occurrence.seq, occurrence.quota)
            found[task.campaign_id] = Offer(
                task.id, task.version, campaign, occurrence.title, period, task.due_on, reviewer or "", like
            )
    return tuple(found.values())


def _may(session: Session, actor: Actor, task: Task, *, nil: bool) -> bool:
    permission = Permission.SIGN_NIL if nil else Permission.SUBMIT
    return may(actor, permission, relation(session, actor, task.organisation_id))


def _handed_in_elsewhere(task: Task, occurrence: PlannedOccurrence) -> Select[Any]:
    begins = (
        select(func.min(col(PlannedOccurrence.opens_on)))
        .where(*in_period(occurrence))
        .correlate(None)
        .scalar_subquery()
    )
    return (
        select(Submission, col(Campaign.title), col(PlannedOccurrence.title))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Campaign, col(Campaign.id) == col(Task.campaign_id))
        .where(
            col(Submission.organisation_id) == task.organisation_id,
            col(Submission.subject_id) == task.subject_id,
            col(Submission.decision) != SENT_BACK,
            col(Task.campaign_id) != task.campaign_id,
            col(PlannedOccurrence.form).is_not_distinct_from(occurrence.form),
            col(Submission.occurred_on).between(begins, last_day(occurrence.period)),
            filled_in(),
        )
        .order_by(col(Submission.id).desc())
        .limit(LOOKED_AT)
    )


def _open_elsewhere(session: Session, own: Task) -> Select[Any]:
    occurrence = session.get_one(PlannedOccurrence, own.occurrence_id)
    return (
        select(Task, PlannedOccurrence, col(Campaign.title), col(Organisation.name))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Campaign, col(Campaign.id) == col(Task.campaign_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Task.reviewer_id))
        .where(
            col(Task.organisation_id) == own.organisation_id,
            col(Task.subject_id) == own.subject_id,
            col(Task.state).in_(OPEN_TASK_STATES),
            col(Task.campaign_id) != own.campaign_id,
            col(Campaign.state) == CampaignState.RUNNING,
            col(PlannedOccurrence.form).is_not_distinct_from(occurrence.form),
            col(PlannedOccurrence.report).is_(None),
        )
        .order_by(col(Task.due_at), col(Task.id))
    )
