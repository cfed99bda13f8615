"""What was handed in for a task, what was asked about it, and one receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.errors import Conflict, NotFound
from campaigns.queries.work.answers import FileLink, file_link
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor
from campaigns.rules.states import RequestKind, RequestState
from campaigns.rules.work.receipts import Sealed, seal
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event
from campaigns.store.scope import sees
from campaigns.store.work.attachments import named_files
from campaigns.store.work.receipts import HANDED_IN, sealed
from campaigns.store.work.tasks import SENT_BACK, PaperEntry, RecordUse, Submission, Task, TaskRequest

SHOWN = 20
"""How many submissions one page holds."""
Decider = aliased(Person, name="decider")
Objector = aliased(Person, name="objector")


@dataclass(frozen=True, slots=True)
class PaperCard:
    """代录: the paper behind a submission, and the enterprise's objection to what was typed in, if it has one."""

    signed_by: str
    received_on: date
    scans: tuple[FileLink, ...]
    objection: str
    objected_by: str
    objected_at: datetime | None


@dataclass(frozen=True, slots=True)
class UsedRecord:
    """The record that a submission uses: handed in for another campaign, and what became of it there."""

    receipt: str
    campaign: str
    title: str
    by: str
    submitted_at: datetime
    sent_back: bool
    reason: str
    paper: PaperCard | None


@dataclass(frozen=True, slots=True)
class SubmissionCard:
    """One submission as it was handed in. `decision` is empty while it waits; `content` as rules.fields keeps it.

    `paper` is there when `by` typed it in for the doer from its signed paper; `used` when it was not filled in but uses a
    record; `used_for` are the tasks of other campaigns that use it: id and name.
    """

    id: int
    task_id: int
    number: int
    receipt: str
    sha256: str
    submitted_at: datetime
    occurred_on: date
    nil: bool
    content: Mapping[str, Any]
    by: str
    decision: str
    decided_by: str
    decided_at: datetime | None
    reason: str
    paper: PaperCard | None
    used: UsedRecord | None
    used_for: tuple[tuple[int, str], ...]

    @property
    def on_paper(self) -> PaperCard | None:
        """The paper that its content was typed in from, for this task or for the one whose record it uses."""
        return self.paper if self.used is None else self.used.paper

    @property
    def files(self) -> frozenset[str]:
        """The storage ids of the files in its content and of its paper's scans."""
        scans = () if self.on_paper is None else self.on_paper.scans
        return frozenset({*named_files(self.content), *(scan.storage_id for scan in scans)})

    def was_late(self, due_at: datetime) -> bool:
        """Whether it came after its deadline; a paper comes on the day on which the bureau had it."""
        return self.submitted_at > due_at if self.paper is None else self.paper.received_on > local_date(due_at)


@dataclass(frozen=True, slots=True)
class Receipt:
    """回执 as it is printed."""

    submission: SubmissionCard
    organisation: str
    campaign: str
    title: str
    period: str
    clause: str
    due_at: datetime
    hazards: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class RequestCard:
    """One 延期 or 豁免 request on a task."""

    id: int
    kind: RequestKind
    state: RequestState
    reason: str
    due_on: date | None
    previous_due_on: date
    by: str
    asked_at: datetime
    decision_reason: str


def submissions_of(session: Session, task_id: int, *, before: int | None = None) -> tuple[SubmissionCard, ...]:
    """Return the latest `SHOWN` that were handed in for a task, `before` a number if there is one, the latest first.

    A duty at each event gathers hundreds in a year. The caller has made sure that the task is in sight.
    """
    wanted = _select().where(col(Submission.task_id) == task_id)
    if before is not None:
        wanted = wanted.where(col(Submission.number) < before)
    rows = session.execute(wanted.order_by(col(Submission.number).desc()).limit(SHOWN))
    return tuple(_card(session, *row) for row in rows)


def requests_of(session: Session, task_id: int) -> tuple[RequestCard, ...]:
    """Return the requests about a task, the latest first. The caller has made sure that the task is in sight."""
    rows = session.execute(
        select(TaskRequest, col(Person.name))
        .join(Person, col(Person.id) == col(TaskRequest.asked_by_id))
        .where(col(TaskRequest.task_id) == task_id)
        .order_by(col(TaskRequest.id).desc())
    )
    return tuple(_request(request, by) for request, by in rows)


def request_card(session: Session, request_id: int) -> tuple[RequestCard, int]:
    """Return a request and its task's id; the caller looks the task up in the reader's sight."""
    row = session.execute(
        select(TaskRequest, col(Person.name))
        .join(Person, col(Person.id) == col(TaskRequest.asked_by_id))
        .where(col(TaskRequest.id) == request_id)
    ).first()
    if row is None:
        raise NotFound
    return _request(*row), row[0].task_id


def receipt(session: Session, *, number: str, actor: Actor) -> Receipt:
    """Return a receipt of a submission in the actor's sight; anything else is not found."""
    row = session.execute(_select().where(col(Submission.receipt) == number)).first()
    task = session.get(Task, row[0].task_id) if row else None
    if row is None or task is None or not sees(session, actor, task.organisation_id, reviewer_id=task.reviewer_id):
        raise NotFound
    occurrence = session.get_one(PlannedOccurrence, task.occurrence_id)
    hazards = select(col(Hazard.id), col(Hazard.number), col(Hazard.title)).where(
        col(Hazard.submission_id) == row[0].id
    )
    return Receipt(
        submission=_card(session, *row),
        organisation=session.get_one(Organisation, task.organisation_id).name,
        campaign=session.get_one(Campaign, task.campaign_id).title,
        title=occurrence.title,
        period=period_label(occurrence.period, occurrence.seq, occurrence.quota),
        clause=occurrence.clause,
        due_at=task.due_at,
        hazards=tuple((hazard.id, hazard.number, hazard.title) for hazard in session.execute(hazards)),
    )


def sealed_receipt(session: Session, *, number: str, actor: Actor) -> Sealed:
    """Return what a receipt's hash covers, in the actor's sight; raises Conflict when the record no longer agrees with it."""
    submission_id = receipt(session, number=number, actor=actor).submission.id
    submission = session.get_one(Submission, submission_id)
    told = col(Event.kind).in_(HANDED_IN), col(Event.data)["receipt"].as_string() == number
    signer = session.scalar(select(col(Event.actor_name)).where(*told))
    paper = session.get(PaperEntry, submission_id)
    found = sealed(submission, signer=signer or "", paper=paper)
    if seal(found) != submission.sha256:
        raise Conflict("这条记录和当时的校验码对不上，没有签发回执文件。", advice="请告诉系统管理员核对全部记录。")
    return found


def _select() -> Select[Any]:
    return (
        select(
            Submission, col(Person.name), col(Decider.name), PaperEntry, col(Objector.name), col(RecordUse.record_id)
        )
        .join(Person, col(Person.id) == col(Submission.person_id))
        .outerjoin(Decider, col(Decider.id) == col(Submission.decided_by_id))
        .outerjoin(PaperEntry, col(PaperEntry.submission_id) == col(Submission.id))
        .outerjoin(Objector, col(Objector.id) == col(PaperEntry.objected_by_id))
        .outerjoin(RecordUse, col(RecordUse.submission_id) == col(Submission.id))
    )


def _card(
    session: Session,
    row: Submission,
    by: str,
    decided_by: str | None,
    paper: PaperEntry | None,
    objected_by: str | None,
    record_id: int | None,
) -> SubmissionCard:
    return SubmissionCard(
        id=row.id,
        task_id=row.task_id,
        number=row.number,
        receipt=row.receipt,
        sha256=row.sha256,
        submitted_at=row.submitted_at,
        occurred_on=row.occurred_on,
        nil=row.nil,
        content=row.content,
        by=by,
        decision=row.decision,
        decided_by=decided_by or "",
        decided_at=row.decided_at,
        reason=row.reason,
        paper=None if paper is None else _paper(paper, objected_by or ""),
        used=None if record_id is None else _used(session, record_id),
        used_for=() if record_id is not None else _used_for(session, row.id),
    )


def _used(session: Session, record_id: int) -> UsedRecord:
    record, by, _, paper, objected_by, _ = session.execute(_select().where(col(Submission.id) == record_id)).one()
    campaign, title = session.execute(_named().where(col(Task.id) == record.task_id)).one()
    return UsedRecord(
        receipt=record.receipt,
        campaign=campaign,
        title=title,
        by=by,
        submitted_at=record.submitted_at,
        sent_back=record.decision == SENT_BACK,
        reason=record.reason,
        paper=None if paper is None else _paper(paper, objected_by or ""),
    )


def _used_for(session: Session, record_id: int) -> tuple[tuple[int, str], ...]:
    uses = (
        _named()
        .add_columns(col(Task.id))
        .join(Submission, col(Submission.task_id) == col(Task.id))
        .join(RecordUse, col(RecordUse.submission_id) == col(Submission.id))
        .where(col(RecordUse.record_id) == record_id)
        .order_by(col(Submission.id))
    )
    return tuple((task_id, f"{campaign}：{title}") for campaign, title, task_id in session.execute(uses))


def _named() -> Select[Any]:
    return (
        select(col(Campaign.title), col(PlannedOccurrence.title))
        .select_from(Task)
        .join(Campaign, col(Campaign.id) == col(Task.campaign_id))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
    )


def _paper(row: PaperEntry, objected_by: str) -> PaperCard:
    scans = tuple(file_link(file) for file in row.scans)
    return PaperCard(row.signed_by, row.received_on, scans, row.objection, objected_by, row.objected_at)


def _request(row: TaskRequest, by: str) -> RequestCard:
    return RequestCard(
        id=row.id,
        kind=RequestKind(row.kind),
        state=RequestState(row.state),
        reason=row.reason,
        due_on=row.due_on,
        previous_due_on=row.previous_due_on,
        by=by,
        asked_at=row.asked_at,
        decision_reason=row.decision_reason,
    )
