"""One task: what the notice asks, what was handed in, what was asked, and which steps the reader may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.definition.form import Form
from campaigns.errors import NotFound
from campaigns.queries.campaign.definitions import definition_of
from campaigns.queries.work.filling import filling_steps
from campaigns.queries.work.task_lines import is_late
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor, Permission, Relation, why_not
from campaigns.rules.states import OPEN_TASK_STATES, TaskState
from campaigns.rules.work.objecting import why_not_decide
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.scope import decider_of, relation, sees
from campaigns.store.work.attachments import of_task
from campaigns.store.work.forms import form_of
from campaigns.store.work.submissions import authors, newest_submission
from campaigns.store.work.tasks import Attachment, Draft, PaperEntry, Submission, Task

Doer = aliased(Organisation, name="doer")
About = aliased(Organisation, name="about")
Reviewer = aliased(Organisation, name="reviewer")


@dataclass(frozen=True, slots=True)
class TaskCard:
    """What stands at the head of a task's page. `quote` and `note` are the definition's, `quota` the period's N records."""

    id: int
    version: int
    state: TaskState
    campaign_id: int
    campaign: str
    duty: str
    title: str
    period: str
    clause: str
    quote: str
    note: str
    responsible: str
    organisation_id: int
    organisation: str
    subject_id: int
    subject: str
    about_enterprise: bool
    reviewer_id: int | None
    reviewer: str
    opens_on: date
    due_on: date
    due_at: datetime
    planned_due_on: date
    moved_reason: str
    late: bool
    quota: int
    event_driven: bool
    occasion: str
    required: bool
    report: str

    @property
    def is_open(self) -> bool:
        """Whether the doer may still hand in."""
        return self.state in OPEN_TASK_STATES


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps on a task: an empty word when the reader may take it, else the sentence for the disabled button."""

    acknowledge: str
    submit: str
    enter: str
    object: str
    nil: str
    ask: str
    review: str
    decide: str
    decide_objection: str


@dataclass(frozen=True, slots=True)
class TaskFile:
    """A file kept for a task, with the blank it belongs to. `handed_in`: with a submission already; `broken`: no decoder
    can draw it.
    """

    storage_id: str
    label: str
    name: str
    content_type: str
    size: int
    handed_in: bool
    broken: bool

    @property
    def is_picture(self) -> bool:
        """Whether a browser can show it."""
        return self.content_type.startswith("image/")


def task_card(session: Session, *, task_id: int, actor: Actor, now: datetime) -> TaskCard:
    """Return a task in the actor's sight; anything else is not found."""
    row = session.execute(
        select(
            Task,
            PlannedOccurrence,
            col(Campaign.title),
            col(Doer.name),
            col(About.name),
            col(About.kind),
            col(Reviewer.name),
            is_late(now),
        )
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Campaign, col(Campaign.id) == col(Task.campaign_id))
        .join(Doer, col(Doer.id) == col(Task.organisation_id))
        .join(About, col(About.id) == col(Task.subject_id))
        .outerjoin(Reviewer, col(Reviewer.id) == col(Task.reviewer_id))
        .where(col(Task.id) == task_id)
    ).first()
    if row is None or not sees(session, actor, row[0].organisation_id, reviewer_id=row[0].reviewer_id):
        raise NotFound
    return _card(session, row)


def steps(session: Session, card: TaskCard, form: Form | None, *, actor: Actor) -> Steps:
    """Say which steps the actor may take on a task in his sight, by the same table as the actions."""
    stands = relation(session, actor, card.organisation_id)
    reviewing = Relation.SELF if card.reviewer_id == actor.organisation_id else Relation.NONE
    decider_id = decider_of(session, session.get_one(Task, card.id))
    deciding = Relation.SELF if decider_id == actor.organisation_id else Relation.NONE
    closed = _closed(card)
    submit, enter = filling_steps(actor, stands, state=card.state, report=card.report, event_driven=card.event_driven)
    signed = "" if card.state is TaskState.ASSIGNED else f"这项任务现在是“{card.state.label}”，不用再签收。"
    not_nil = "" if form is not None and form.nil else "这项任务不能零报告。"
    latest, decide = newest_submission(session, card.id), why_not(actor, Permission.DECIDE_REQUEST, deciding)
    typed_by = authors(session, latest) if latest and not decide else ()
    return Steps(
        acknowledge=signed or why_not(actor, Permission.ACKNOWLEDGE, stands),
        submit=submit,
        enter=enter,
        object=_why_not_object(session, card, latest) or why_not(actor, Permission.SUBMIT, stands),
        nil=closed or not_nil or why_not(actor, Permission.SIGN_NIL, stands),
        ask=closed or why_not(actor, Permission.ASK, stands),
        review=_nothing_to_review(card) or why_not(actor, Permission.REVIEW, reviewing),
        decide=decide,
        decide_objection=decide or why_not_decide(actor.person_id, typed_by=typed_by),
    )


def _nothing_to_review(card: TaskCard) -> str:
    if card.report:
        return f"这项任务在“{card.report}”里接收或退回。"
    return "" if card.state is TaskState.SUBMITTED else f"这项任务现在是“{card.state.label}”，没有等审核的提交。"


def _closed(card: TaskCard) -> str:
    return "" if card.is_open else f"这项任务现在是“{card.state.label}”。"


def task_form(session: Session, card: TaskCard) -> Form | None:
    """Return the form of a task, None for one that is discharged by a report."""
    occurrence = session.scalars(
        select(PlannedOccurrence)
        .join(Task, col(Task.occurrence_id) == col(PlannedOccurrence.id))
        .where(col(Task.id) == card.id)
    ).one()
    return None if occurrence.report else form_of(session, occurrence)


def task_files(session: Session, task_id: int, *, actor: Actor) -> tuple[TaskFile, ...]:
    """Return the files that the actor's organisation kept for a task, and those handed in for it, in the order they came.

    The caller has made sure that the task is in sight. A doer and the bureau that types in its paper do not see each other's.
    """
    own = col(Attachment.submission_id).is_not(None) | col(Attachment.uploaded_by_id).in_(_colleagues(actor))
    files = (
        select(
            col(Attachment.storage_id),
            col(Attachment.label),
            col(Attachment.name),
            col(Attachment.content_type),
            col(Attachment.size),
            col(Attachment.submission_id).is_not(None),
            col(Attachment.broken),
        )
        .where(of_task(session, task_id), own)
        .order_by(col(Attachment.id))
    )
    return tuple(TaskFile(*row) for row in session.execute(files))


def started_with(session: Session, task_id: int, *, actor: Actor) -> Mapping[str, Any]:
    """Return what the form opens with: the actor's draft, else a colleague's, else what was sent back, else nothing."""
    drafts = select(Draft).where(col(Draft.task_id) == task_id, col(Draft.person_id).in_(_colleagues(actor)))
    mine_first = (col(Draft.person_id) == actor.person_id).desc(), col(Draft.saved_at).desc()
    draft = session.scalars(drafts.order_by(*mine_first).limit(1)).first()
    if draft is not None:
        return draft.content
    back = session.scalars(
        select(Submission)
        .where(col(Submission.task_id) == task_id, col(Submission.decision) == "sent_back")
        .order_by(col(Submission.number).desc())
        .limit(1)
    ).first()
    return back.content if back is not None and not back.nil else {}


def _why_not_object(session: Session, card: TaskCard, latest: Submission | None) -> str:
    """Return why nobody can object to a 代录 now; the same as actions.work.objecting asks."""
    entry = session.get(PaperEntry, latest.id) if latest else None
    if entry is None or card.state not in (TaskState.SUBMITTED, TaskState.ACCEPTED):
        return "没有可以提异议的代录。"
    return "" if entry.objected_at is None else "这份代录已经提过异议。"


def _colleagues(actor: Actor) -> Select[tuple[int]]:
    return select(col(Person.id)).where(col(Person.organisation_id) == actor.organisation_id)


def _card(session: Session, row: Row[Any]) -> TaskCard:
    task, occurrence, campaign, organisation, subject, subject_kind, reviewer, late = row
    duty = definition_of(session, task.campaign_id).duty(occurrence.duty)
    return TaskCard(
        id=task.id,
        version=task.version,
        state=TaskState(task.state),
        campaign_id=task.campaign_id,
        campaign=campaign,
        duty=occurrence.duty,
        title=occurrence.title,
        period=period_label(occurrence.period, occurrence.seq, occurrence.quota),
        clause=occurrence.clause,
        quote=duty.quote if duty else "",
        note=duty.note if duty else "",
        responsible=occurrence.responsible or "",
        organisation_id=task.organisation_id,
        organisation=organisation,
        subject_id=task.subject_id,
        subject=subject if task.subject_id != task.organisation_id else "",
        about_enterprise=subject_kind == "enterprise",
        reviewer_id=task.reviewer_id,
        reviewer=reviewer or "",
        opens_on=task.opens_on,
        due_on=task.due_on,
        due_at=task.due_at,
        planned_due_on=occurrence.due_on,
        moved_reason=occurrence.moved_reason,
        late=bool(late),
        quota=occurrence.quota,
        event_driven=occurrence.event_driven,
        occasion=(duty.frequency or "") if duty and occurrence.event_driven else "",
        required=occurrence.required,
        report=occurrence.report or "",
    )
