"""移交监管主体: an enterprise goes to another bureau, and everything that is open about it goes along.

What was handed in, decided, filed or sealed stays with whom it was; the tables of the 25th count the month of the hand-over for
the old bureau and everything after it for the new one (store/hazards/holdings).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, insert, literal, or_, select, update
from sqlmodel import Session, col

from campaigns.actions.directory.organisations import enterprise_for
from campaigns.actions.events import record
from campaigns.actions.stepping import UNCHANGED, reason_of
from campaigns.actions.work.withdrawing import withdraw_tasks
from campaigns.clock import local_date
from campaigns.date_words import day_words
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.rules.permissions import Actor, Permission, may
from campaigns.rules.states import (
    OPEN_HAZARD_STATES,
    OPEN_TASK_STATES,
    ProposalState,
    RequestKind,
    RequestState,
    TaskState,
)
from campaigns.store.campaign.campaigns import PlannedOccurrence, RosterEntry
from campaigns.store.database import upsert_into
from campaigns.store.directory.regions import Organisation, Supervision
from campaigns.store.hazards.hazards import FormerBureau, Hazard
from campaigns.store.scope import receiving, relation
from campaigns.store.types import UtcDateTime
from campaigns.store.work.tasks import Proposal, Task, TaskRequest

_TASK = (
    "campaign_id",
    "occurrence_id",
    "organisation_id",
    "subject_id",
    "reviewer_id",
    "state",
    "opens_on",
    "due_on",
    "due_at",
    "version",
)


@dataclass(frozen=True, slots=True)
class _HandOver:
    """Who hands which enterprise over to whom, and when the system learnt of it."""

    session: Session
    enterprise: Organisation
    old: Organisation
    new: Organisation
    now: datetime


def transfer(
    session: Session,
    *,
    enterprise_id: int,
    bureau_id: int,
    on: date,
    reason: str,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Supervision:
    """Hand an enterprise over to another bureau from the day `on` (of the document; not in the future).

    Only the supervising bureau, or one above it, gives an enterprise away; it goes to a bureau below the giver, of his region, or
    above him: between two counties the city decides.
    """
    enterprise = enterprise_for(session, enterprise_id, version, by=by)
    current = _current(session, enterprise)
    old, new = session.get_one(Organisation, current.bureau_id), _receiver(session, bureau_id, by)
    _check(session, current, old, new, by=by)
    why = reason_of(reason, what="移交理由")
    _check_day(session, current, new, on, today=local_date(now))
    current.ended_on = on
    enterprise.version += 1
    session.flush()
    supervision = Supervision(enterprise_id=enterprise.id, bureau_id=new.id, started_on=on)
    session.add(supervision)
    session.flush()
    this = _HandOver(session, enterprise, old, new, now)
    moved = {
        "hazards": _hazards(this),
        "tasks": _reviews(this),
        "inspections": _inspections(this),
        "drafts": _drafts(this),
    }
    _record(this, supervision, moved, why, by=by)
    return supervision


def _current(session: Session, enterprise: Organisation) -> Supervision:
    if enterprise.closed_on is not None:
        raise Conflict(f"“{enterprise.name}”已登记关闭，不能移交。", kept=UNCHANGED)
    current = session.scalar(
        select(Supervision)
        .where(col(Supervision.enterprise_id) == enterprise.id, col(Supervision.ended_on).is_(None))
        .with_for_update()
    )
    if current is None:
        raise Conflict(f"“{enterprise.name}”还没有监管主体。", kept=UNCHANGED, advice="请先确定监管主体。")
    return current


def _receiver(session: Session, bureau_id: int, by: Actor) -> Organisation:
    found = session.scalar(
        select(Organisation).where(col(Organisation.id) == bureau_id, col(Organisation.id).in_(receiving(by)))
    )
    if found is None:
        raise NotFound
    return found


def _check(session: Session, current: Supervision, old: Organisation, new: Organisation, *, by: Actor) -> None:
    if not may(by, Permission.MANAGE_REGISTER, relation(session, by, current.bureau_id)):
        raise Forbidden(
            f"这家企业的监管主体是{old.name}。", kept=UNCHANGED, advice="请由现监管主体或它的上级办理移交。"
        )
    if new.id == old.id:
        raise Conflict(f"监管主体已经是{new.name}。", kept=UNCHANGED)


def _check_day(session: Session, current: Supervision, new: Organisation, on: date, *, today: date) -> None:
    before = exists().where(
        col(Supervision.enterprise_id) == current.enterprise_id,
        col(Supervision.bureau_id) == new.id,
        col(Supervision.started_on) == on,
    )
    sentence = ""
    if on > today:
        sentence = f"移交日期不能晚于今天（{day_words(today)}）。"
    elif on < current.started_on:
        sentence = f"移交日期不能早于现监管主体的起始日期（{day_words(current.started_on)}）。"
    elif session.scalar(select(before)):
        sentence = f"{new.name}在这一天已经接过一次，请换一天。"
    if sentence:
        raise Invalid("移交日期不对，没有移交。", fields={"on": sentence}, kept=UNCHANGED)


def _hazards(this: _HandOver) -> int:
    """Let the open hazards go along, and write down who answered for them before."""
    mine = (
        col(Hazard.enterprise_id) == this.enterprise.id,
        col(Hazard.state).in_(OPEN_HAZARD_STATES),
        or_(col(Hazard.bureau_id) != this.new.id, col(Hazard.bureau_id).is_(None)),
    )
    until = literal(this.now, UtcDateTime())
    former = select(col(Hazard.id), col(Hazard.bureau_id), col(Hazard.bureau_since), until).where(
        *mine, col(Hazard.bureau_id).is_not(None)
    )
    columns = ["hazard_id", "bureau_id", "since", "until"]
    this.session.execute(insert(FormerBureau).from_select(columns, former, include_defaults=False))
    moved = this.session.scalars(
        update(Hazard)
        .where(*mine)
        .values(bureau_id=this.new.id, bureau_since=this.now, version=col(Hazard.version) + 1)
        .returning(col(Hazard.id))
        .execution_options(synchronize_session=False)
    )
    return len(moved.all())


def _reviews(this: _HandOver) -> int:
    """Let the new bureau review what the old one would have: the enterprise's open, handed-in and objected-to tasks."""
    waits = col(TaskRequest.state) == RequestState.ASKED, col(TaskRequest.kind) == RequestKind.OBJECTION
    objected = exists().where(col(TaskRequest.task_id) == col(Task.id), *waits)
    moved = this.session.scalars(
        update(Task)
        .where(
            col(Task.organisation_id) == this.enterprise.id,
            col(Task.reviewer_id) == this.old.id,
            or_(col(Task.state).in_((*OPEN_TASK_STATES, TaskState.SUBMITTED)), objected),
        )
        .values(reviewer_id=this.new.id, version=col(Task.version) + 1)
        .returning(col(Task.id))
        .execution_options(synchronize_session=False)
    )
    return len(moved.all())


def _inspections(this: _HandOver) -> int:
    """Withdraw the old bureau's own open tasks about the enterprise (逐个); the new one gets those that are not yet due.

    Only where the campaign asks the same of the new bureau: who is not in it has nothing to do in it.
    """
    theirs = col(Task.organisation_id) == this.old.id, col(Task.subject_id) == this.enterprise.id
    taking_part = exists().where(
        col(RosterEntry.campaign_id) == col(Task.campaign_id),
        col(RosterEntry.audience) == col(PlannedOccurrence.audience),
        col(RosterEntry.organisation_id) == this.new.id,
        col(RosterEntry.left_on).is_(None),
    )
    rows = (
        select(
            col(Task.campaign_id),
            col(Task.occurrence_id),
            literal(this.new.id),
            col(Task.subject_id),
            col(Task.reviewer_id),
            literal(TaskState.ASSIGNED.value),
            col(Task.opens_on),
            col(PlannedOccurrence.due_on),
            col(PlannedOccurrence.due_at),
            literal(1),
        )
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(*theirs, _open(), col(PlannedOccurrence.due_at) > this.now, taking_part)
    )
    inserted = upsert_into(this.session, Task).from_select(_TASK, rows, include_defaults=False)
    this.session.execute(inserted.once())
    reason = f"监管主体已移交{this.new.name}"
    return len(withdraw_tasks(this.session, *theirs, reason=reason, now=this.now))


def _open() -> ColumnElement[bool]:
    return col(Task.state).in_(OPEN_TASK_STATES)


def _drafts(this: _HandOver) -> int:
    """Let drafted steps against the enterprise be decided by its new bureau."""
    moved = this.session.scalars(
        update(Proposal)
        .where(
            col(Proposal.state) == ProposalState.DRAFTED,
            col(Proposal.target_id) == this.enterprise.id,
            col(Proposal.handler_id) == this.old.id,
        )
        .values(handler_id=this.new.id)
        .returning(col(Proposal.id))
        .execution_options(synchronize_session=False)
    )
    return len(moved.all())


def _record(this: _HandOver, supervision: Supervision, moved: dict[str, int], reason: str, *, by: Actor) -> None:
    """Record it in the enterprise's trail, and in the old bureau's own, which may not see the enterprise's any more."""
    data: dict[str, Any] = {
        "words": f"“{this.enterprise.name}”由{this.old.name}移交{this.new.name}监管，自{day_words(supervision.started_on)}起。",
        "reason": reason,
        "on": supervision.started_on.isoformat(),
        "bureau": this.new.name,
        "previous_bureau": this.old.name,
        **moved,
    }
    record(
        this.session,
        "enterprise.transferred",
        by=by,
        now=this.now,
        about=supervision,
        organisation_id=this.enterprise.id,
        **data,
    )
    record(
        this.session,
        "enterprise.handed_over",
        by=by,
        now=this.now,
        about=supervision,
        organisation_id=this.old.id,
        **data,
    )
