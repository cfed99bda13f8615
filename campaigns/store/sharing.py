"""What a line of a running campaign asks for and what a record is, as rules/sharing compares them (减负)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from campaigns.definition import library
from campaigns.rules.filling import blank
from campaigns.rules.sharing import Record, Rhythm, Wanted, fingerprint, last_day, rhythm
from campaigns.store.campaigns import Campaign, PlannedOccurrence
from campaigns.store.definitions import definition_of
from campaigns.store.tasks import SENT_BACK, PaperEntry, RecordUse, Submission, Task


def wanted_of(session: Session, occurrence: PlannedOccurrence) -> Wanted:
    """Return what a line of a running campaign's plan asks for."""
    definition = definition_of(session, session.get_one(Campaign, occurrence.campaign_id))
    form = library.form(definition, occurrence.form)
    beat = rhythm(occurrence.period, event_driven=occurrence.event_driven)
    return Wanted(
        campaign_id=occurrence.campaign_id,
        title=occurrence.title,
        rhythm=beat,
        form=occurrence.form or "",
        blanks=fingerprint(form),
        asks=frozenset(field.title for field in blank(form, occurrence.evidence).fields),
        evidence=tuple(occurrence.evidence),
        sole=_is_sole(session, occurrence, beat),
        opens_on=occurrence.opens_on,
        closes_on=last_day(occurrence.period),
    )


def wanted_now(session: Session, task: Task, occurrence: PlannedOccurrence) -> tuple[Wanted, Collection[date]]:
    """Return what a task asks for, from its period's first day on, and the days of the period that have a record already."""
    wanted = wanted_of(session, occurrence)
    if wanted.rhythm is not Rhythm.RECURRING:
        return wanted, ()
    opens_on, taken = period_of(session, task, occurrence)
    return replace(wanted, opens_on=opens_on), taken


def period_of(session: Session, task: Task, occurrence: PlannedOccurrence) -> tuple[date, Collection[date]]:
    """Return the first day of a task's period and the days its other records are about, those sent back left out."""
    same = in_period(occurrence)
    opens_on = session.scalar(select(func.min(col(PlannedOccurrence.opens_on))).where(*same))
    others = (
        select(col(Submission.occurred_on))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(
            *same,
            col(Task.organisation_id) == task.organisation_id,
            col(Task.subject_id) == task.subject_id,
            col(Task.id) != task.id,
            col(Submission.decision) != SENT_BACK,
        )
    )
    return opens_on or occurrence.opens_on, set(session.scalars(others))


def in_period(occurrence: PlannedOccurrence) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on PlannedOccurrence that a line is of the same duty and period."""
    return (
        col(PlannedOccurrence.campaign_id) == occurrence.campaign_id,
        col(PlannedOccurrence.duty) == occurrence.duty,
        col(PlannedOccurrence.period) == occurrence.period,
    )


def record_of(session: Session, submission: Submission) -> Record:
    """Return a record that was filled in, as the rules compare it with a task."""
    own = session.get_one(Task, submission.task_id)
    uses = session.scalars(select(col(RecordUse.campaign_id)).where(col(RecordUse.record_id) == submission.id))
    entry = session.get(PaperEntry, submission.id)
    return Record(
        wanted=wanted_of(session, session.get_one(PlannedOccurrence, own.occurrence_id)),
        occurred_on=submission.occurred_on,
        nil=submission.nil,
        content=submission.content,
        campaigns=frozenset({own.campaign_id, *uses}),
        sent_back=submission.decision == SENT_BACK or (entry is not None and entry.objected_at is not None),
    )


def same_doer(submission: Submission, task: Task) -> bool:
    """Whether a record is of the task's doer, about the organisation that the task is about: nothing else is ever used."""
    theirs = submission.organisation_id, submission.subject_id
    return theirs == (task.organisation_id, task.subject_id)


def filled_in() -> ColumnElement[bool]:
    """Return the condition on Submission that it was filled in for its own task, and does not use another record."""
    return col(Submission.id).not_in(select(col(RecordUse.submission_id)))


def from_paper() -> ColumnElement[bool]:
    """Return the condition on PaperEntry and Submission that what was handed in, or the record it uses, was typed in (代录)."""
    used = select(col(RecordUse.record_id)).where(col(RecordUse.submission_id) == col(Submission.id))
    record = func.coalesce(used.correlate(Submission).scalar_subquery(), col(Submission.id))
    return col(PaperEntry.submission_id) == record


def _is_sole(session: Session, occurrence: PlannedOccurrence, beat: Rhythm) -> bool:
    same = select(
        col(PlannedOccurrence.duty), col(PlannedOccurrence.period), col(PlannedOccurrence.event_driven)
    ).where(
        col(PlannedOccurrence.campaign_id) == occurrence.campaign_id,
        col(PlannedOccurrence.form).is_not_distinct_from(occurrence.form),
        col(PlannedOccurrence.duty) != occurrence.duty,
        col(PlannedOccurrence.report).is_(None),
    )
    return all(rhythm(period, event_driven=event) is not beat for _, period, event in session.execute(same.distinct()))
