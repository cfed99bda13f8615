"""What a line of a running campaign asks for and what a record is, as rules/work/sharing compares them (减负)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from campaigns.definition import library
from campaigns.rules.work.filling import blank
from campaigns.rules.work.sharing import Record, Rhythm, Wanted, fingerprint, last_day, rhythm
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.campaign.definitions import definition_of
from campaigns.store.work.tasks import SENT_BACK, PaperEntry, RecordUse, Submission, Task


def wanted_of(session: Session, occurrence: PlannedOccurrence) -> Wanted:
    """Return what a line of a running campaign's plan asks for."""
    return wanted_of_each(session, [occurrence])[occurrence.id]


def wanted_of_each(session: Session, occurrences: Collection[PlannedOccurrence]) -> dict[int, Wanted]:
    """Return what lines of any campaigns' plans ask for, by the line's id, in as few statements as there are campaigns."""
    campaigns = col(Campaign.id).in_({one.campaign_id for one in occurrences})
    definitions = {one.id: definition_of(session, one) for one in session.scalars(select(Campaign).where(campaigns))}
    kinds = {(one.campaign_id, one.form) for one in occurrences}
    forms = {(id_, name): library.form(definitions[id_], name) for id_, name in kinds}
    prints = {kind: fingerprint(form) for kind, form in forms.items()}
    duties = _duties_by_form(session, occurrences)
    found = {}
    for one in occurrences:
        kind = one.campaign_id, one.form
        beat = rhythm(one.period, event_driven=one.event_driven)
        found[one.id] = Wanted(
            campaign_id=one.campaign_id,
            title=one.title,
            rhythm=beat,
            form=one.form or "",
            blanks=prints[kind],
            asks=frozenset(field.title for field in blank(forms[kind], one.evidence).fields),
            evidence=tuple(one.evidence),
            sole=duties[(*kind, beat)] <= {one.duty},
            opens_on=one.opens_on,
            closes_on=last_day(one.period),
        )
    return found


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


def _duties_by_form(
    session: Session, occurrences: Collection[PlannedOccurrence]
) -> Mapping[tuple[int, str | None, Rhythm], set[str]]:
    """Return which duties of a campaign use a form in a rhythm, for the campaigns and forms of some lines."""
    line = PlannedOccurrence
    same = select(
        col(line.campaign_id), col(line.form), col(line.duty), col(line.period), col(line.event_driven)
    ).where(
        col(line.campaign_id).in_({one.campaign_id for one in occurrences}),
        func.coalesce(col(line.form), "").in_({one.form or "" for one in occurrences}),
        col(line.report).is_(None),
    )
    found: dict[tuple[int, str | None, Rhythm], set[str]] = defaultdict(set)
    for campaign_id, form, duty, period, event_driven in session.execute(same.distinct()):
        found[campaign_id, form, rhythm(period, event_driven=event_driven)].add(duty)
    return found
