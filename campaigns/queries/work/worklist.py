"""今天要做的: what an organisation owes, the most pressing first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.queries.work.at_hand import AtHand, OpenTask, at_hand
from campaigns.queries.work.task_lines import WEEK, Subject, is_late, is_open
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor, Permission, Relation, check
from campaigns.rules.states import CampaignState, Stated, TaskState
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.work.tasks import Task

MOST = 300
MONTH = timedelta(days=30)


class Urgency(Stated):
    """How pressing a task is, in the order of the page."""

    LATE = "late", "已逾期"
    TODAY = "today", "今天到期"
    WEEK = "week", "七天内到期"
    SENT_BACK = "sent_back", "退回待改"
    MONTH = "month", "三十天内到期"
    LATER = "later", "以后到期"
    ANYTIME = "anytime", "做一次填一次"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One task on the worklist. `subject` is the organisation it is about when that is another one, else empty; `at_hand` what
    was filled in for another campaign already and does for it.
    """

    id: int
    title: str
    period: str
    clause: str
    campaign: str
    subject: str
    state: TaskState
    due_on: date
    required: bool
    report: str
    urgency: Urgency
    at_hand: AtHand | None


@dataclass(frozen=True, slots=True)
class Worklist:
    """What is owed, in groups that are not empty, and how much waits at the reviewer or is done."""

    groups: tuple[tuple[Urgency, tuple[WorkItem, ...]], ...]
    waiting: int
    done: int

    @property
    def pressing(self) -> int:
        """How many things should be done today."""
        return sum(len(items) for urgency, items in self.groups if urgency in (Urgency.LATE, Urgency.TODAY))

    @property
    def several_campaigns(self) -> bool:
        """Whether a task's own words do not tell whose it is."""
        return len({item.campaign for _, items in self.groups for item in items}) > 1

    @property
    def owed(self) -> int:
        """How many things are owed in all."""
        return sum(len(items) for _, items in self.groups)


def worklist(session: Session, *, actor: Actor, now: datetime) -> Worklist:
    """Return the open tasks of the actor's own organisation, at most `MOST` of them."""
    check(actor, Permission.SEE, Relation.SELF)
    rows = session.execute(_open(actor, now)).all()
    waiting, done = _counts(session, actor)
    ready = at_hand(session, (_asked(row) for row in rows if not row.report), actor=actor)
    items = (_item(row, local_date(now), ready.get(row.id)) for row in rows)
    return Worklist(tuple(_grouped(items)), waiting, done)


def _owed() -> ColumnElement[bool]:
    """Return the condition that a task must be done: it stays owed after its campaign is closed, an offer does not."""
    return and_(col(PlannedOccurrence.event_driven).is_(False), col(PlannedOccurrence.required))


def _own(actor: Actor) -> tuple[Any, ...]:
    return (col(Task.organisation_id) == actor.organisation_id,)


def _open(actor: Actor, now: datetime) -> Select[Any]:
    return (
        select(
            *(col(Task.id), col(Task.occurrence_id), col(Task.campaign_id), col(PlannedOccurrence.form)),
            col(PlannedOccurrence.title),
            col(PlannedOccurrence.period),
            col(PlannedOccurrence.seq),
            col(PlannedOccurrence.quota),
            col(PlannedOccurrence.clause),
            col(Campaign.title).label("campaign"),
            col(Task.subject_id),
            col(Task.organisation_id),
            col(Subject.name).label("subject"),
            col(Task.state),
            col(Task.due_on),
            col(PlannedOccurrence.required),
            col(PlannedOccurrence.event_driven),
            col(PlannedOccurrence.report),
            is_late(now).label("late"),
        )
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Campaign, col(Campaign.id) == col(Task.campaign_id))
        .join(Subject, col(Subject.id) == col(Task.subject_id))
        .where(*_own(actor), is_open(), or_(col(Campaign.state) == CampaignState.RUNNING, _owed()))
        .order_by(col(Task.due_at), col(Task.id))
        .limit(MOST)
    )


def _counts(session: Session, actor: Actor) -> tuple[int, int]:
    counted = select(col(Task.state), func.count()).where(*_own(actor)).group_by(col(Task.state))
    by_state: dict[str, int] = {row[0]: row[1] for row in session.execute(counted)}
    return by_state.get(TaskState.SUBMITTED, 0), by_state.get(TaskState.ACCEPTED, 0) + by_state.get(TaskState.WAIVED, 0)


def _asked(row: Any) -> OpenTask:
    return OpenTask(row.id, row.occurrence_id, row.campaign_id, row.subject_id, row.form, row.period)


def _item(row: Any, today: date, ready: AtHand | None) -> WorkItem:
    return WorkItem(
        id=row.id,
        title=row.title,
        period=period_label(row.period, row.seq, row.quota),
        clause=row.clause,
        campaign=row.campaign,
        subject=row.subject if row.subject_id != row.organisation_id else "",
        state=TaskState(row.state),
        due_on=row.due_on,
        required=row.required,
        report=row.report or "",
        urgency=_urgency(row, today),
        at_hand=ready,
    )


def _urgency(row: Any, today: date) -> Urgency:
    if row.event_driven:
        return Urgency.ANYTIME
    if row.late:
        return Urgency.LATE
    if row.due_on <= today and row.required:
        return Urgency.TODAY
    if row.state == TaskState.SENT_BACK and row.due_on >= today + WEEK:
        return Urgency.SENT_BACK
    if row.due_on < today + WEEK:
        return Urgency.WEEK
    return Urgency.MONTH if row.due_on < today + MONTH else Urgency.LATER


def _grouped(items: Iterable[WorkItem]) -> list[tuple[Urgency, tuple[WorkItem, ...]]]:
    given = list(items)
    groups = [(urgency, tuple(item for item in given if item.urgency is urgency)) for urgency in Urgency]
    return [(urgency, found) for urgency, found in groups if found]
