"""What waits for a bureau: submissions, tables, requests, what hazards ask of it (直报, 延期, 提请), drafted steps (拟办)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.date_words import day_words
from campaigns.queries.hazards.waiting import EXTENSION, RECEIVE, hazards_waiting
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor, Permission, may_somewhere
from campaigns.rules.states import (
    OPEN_TASK_STATES,
    ProposalState,
    ReportState,
    RequestKind,
    RequestState,
    Stated,
    TaskState,
)
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.directory.regions import Organisation, Supervision
from campaigns.store.reporting.reports import Report
from campaigns.store.work.sharing import filled_in, from_paper
from campaigns.store.work.tasks import Proposal, Submission, Task, TaskRequest


class DecisionKind(Stated):
    """What kind of decision is asked for; the value stands in the page's address."""

    REVIEW = "review", "提交审核"
    REPORT = "report", "接收调度表"
    REQUEST = "request", "申请和异议"
    HAZARD = "hazard", "隐患"
    PROPOSAL = "proposal", "拟办事项"


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to decide. `row_id` is the task's, report's, request's, hazard's or proposal's; `due_on` is the deadline."""

    kind: DecisionKind
    row_id: int
    organisation: str
    title: str
    note: str
    since: datetime
    due_on: date
    step: str = ""

    @property
    def address(self) -> str:
        """The page on which it is decided."""
        if self.kind is DecisionKind.HAZARD:
            return f"/hazards/{self.row_id}/{self.step}"
        return (
            f"/reports/{self.row_id}" if self.kind is DecisionKind.REPORT else f"/decisions/{self.kind}/{self.row_id}"
        )


def decisions(
    session: Session, *, actor: Actor, kind: DecisionKind, campaign_id: int | None = None, limit: int = 50
) -> tuple[Decision, ...]:
    """List what waits for the actor's organisation, the longest waiting first."""
    rows = session.execute(_waiting(kind, actor, campaign_id).order_by("since").limit(limit))
    return tuple(
        Decision(
            kind,
            row.row_id,
            row.organisation,
            f"{row.title}（{label}）" if (label := period_label(row.period, row.seq, row.quota)) else row.title,
            _NOTES[kind](row),
            row.since,
            row.due_on,
            row.step if kind is DecisionKind.HAZARD else "",
        )
        for row in rows
    )


def count_decisions(session: Session, *, actor: Actor, campaign_id: int | None = None) -> dict[DecisionKind, int]:
    """Count what waits for the actor, by the kinds that he may decide, in one statement. A hazard is no one campaign's."""
    kinds = tuple(kind for kind in kinds_for(actor) if campaign_id is None or kind is not DecisionKind.HAZARD)
    counted = [
        select(func.count()).select_from(_waiting(kind, actor, campaign_id).subquery()).scalar_subquery()
        for kind in kinds
    ]
    return dict(zip(kinds, session.execute(select(*counted)).one(), strict=True)) if kinds else {}


def kinds_for(actor: Actor) -> tuple[DecisionKind, ...]:
    """Return the kinds that the actor may decide somewhere: 拟办 is for the bureau's head alone.

    An enterprise decides on hazards of its own, but not in this list.
    """
    kinds = (kind for kind in DecisionKind if may_somewhere(actor, _DECIDES[kind]))
    return tuple(kind for kind in kinds if kind is not DecisionKind.HAZARD or actor.is_regulator)


def how_many_wait(actor: Actor) -> ColumnElement[int]:
    """Return the SQL that counts everything that waits, for the statement that every page asks."""
    each = (select(func.count()).select_from(_waiting(kind, actor, None).subquery()) for kind in kinds_for(actor))
    return reduce(add, (one.scalar_subquery() for one in each), literal(0))


def _waiting(kind: DecisionKind, actor: Actor, campaign_id: int | None) -> Select[Any]:
    if kind is DecisionKind.HAZARD:
        return select(hazards_waiting(actor).subquery())
    query, campaign = _SELECTS[kind](actor), Report if kind is DecisionKind.REPORT else Task
    return query if campaign_id is None else query.where(col(campaign.campaign_id) == campaign_id)


def _lines(row_id: Any, since: Any, *more: Any) -> Select[Any]:
    return (
        select(
            row_id.label("row_id"),
            col(Organisation.name).label("organisation"),
            col(PlannedOccurrence.title).label("title"),
            col(PlannedOccurrence.period).label("period"),
            col(PlannedOccurrence.seq).label("seq"),
            col(PlannedOccurrence.quota).label("quota"),
            since.label("since"),
            col(Task.due_on).label("due_on"),
            *more,
        )
        .select_from(Task)
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Organisation, col(Organisation.id) == col(Task.organisation_id))
    )


def _reviews(actor: Actor) -> Select[Any]:
    entered = exists().where(
        col(Submission.task_id) == col(Task.id),
        from_paper(),
        col(Submission.decision) == "",
    )
    used = exists().where(col(Submission.task_id) == col(Task.id), ~filled_in(), col(Submission.decision) == "")
    said = entered.label("entered"), used.label("used")
    return _lines(col(Task.id), col(Task.submitted_at), *said).where(
        col(Task.reviewer_id) == actor.organisation_id,
        col(Task.state) == TaskState.SUBMITTED,
        col(PlannedOccurrence.report).is_(None),  # a table waits as the table itself
    )


def _reports(actor: Actor) -> Select[Any]:
    above = aliased(Report)
    decider = func.coalesce(col(above.organisation_id), col(Task.reviewer_id))  # as actions.reports.decider_id has it
    return (
        select(
            col(Report.id).label("row_id"),
            col(Organisation.name).label("organisation"),
            col(Report.form).label("title"),
            col(Report.period).label("period"),
            literal(1).label("seq"),
            literal(1).label("quota"),
            col(Report.filed_at).label("since"),
            col(Report.cutoff_on).label("due_on"),
            col(Report.late).label("late"),
        )
        .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
        .outerjoin(above, col(above.id) == col(Report.parent_id))
        .outerjoin(Task, col(Task.id) == col(Report.task_id))
        .where(col(Report.state) == ReportState.FILED, decider == actor.organisation_id)
    )


def _requests(actor: Actor) -> Select[Any]:
    # the same order as actions.requests.decider_of: reviewer, else the supervising bureau, else the launching one
    supervisor = (
        select(col(Supervision.bureau_id))
        .where(col(Supervision.enterprise_id) == col(Task.organisation_id), col(Supervision.ended_on).is_(None))
        .correlate(Task)
        .scalar_subquery()
    )
    launcher = (
        select(col(Campaign.bureau_id))
        .where(col(Campaign.id) == col(Task.campaign_id))
        .correlate(Task)
        .scalar_subquery()
    )
    decider = func.coalesce(col(Task.reviewer_id), supervisor, launcher)
    objected = col(TaskRequest.kind) == RequestKind.OBJECTION
    return (
        _lines(
            col(TaskRequest.id),
            col(TaskRequest.asked_at),
            col(TaskRequest.kind).label("asked"),
            col(TaskRequest.due_on).label("wanted_on"),
            col(TaskRequest.reason).label("reason"),
        )
        .join(TaskRequest, col(TaskRequest.task_id) == col(Task.id))
        # once the task is handed in there is nothing left to put off; sent back, the request waits again
        .where(col(TaskRequest.state) == RequestState.ASKED, or_(col(Task.state).in_(OPEN_TASK_STATES), objected))
        .where(decider == actor.organisation_id)
    )


def _proposals(actor: Actor) -> Select[Any]:
    return (
        _lines(col(Proposal.id), col(Proposal.drafted_at), col(Proposal.action).label("action"))
        .join(Proposal, col(Proposal.task_id) == col(Task.id))
        .where(col(Proposal.handler_id) == actor.organisation_id, col(Proposal.state) == ProposalState.DRAFTED)
    )


def _hazard_note(row: Any) -> str:
    if row.step == RECEIVE:
        return f"重大隐患直报，等待接收：{row.words}"
    if row.step == EXTENSION:
        return f"申请整改期限延到{day_words(row.until)}：{row.words}"
    return f"提请协调：{row.words}"


def _request_note(row: Any) -> str:
    if row.asked == RequestKind.OBJECTION:
        return f"对代录有异议：{row.reason}"
    to = f"到{day_words(row.wanted_on)}" if row.wanted_on else ""
    return f"申请{RequestKind(row.asked).label}{to}：{row.reason}"


def _handed_in(row: Any) -> str:
    return "照纸质表代录" if row.entered else "用已报的记录提交" if row.used else "已提交"


_DECIDES: Mapping[DecisionKind, Permission] = {
    DecisionKind.REVIEW: Permission.REVIEW,
    DecisionKind.REPORT: Permission.DECIDE_REPORT,
    DecisionKind.REQUEST: Permission.DECIDE_REQUEST,
    DecisionKind.HAZARD: Permission.RECHECK_HAZARD,
    DecisionKind.PROPOSAL: Permission.DECIDE_PROPOSAL,
}
_SELECTS: Mapping[DecisionKind, Callable[[Actor], Select[Any]]] = {
    DecisionKind.REVIEW: _reviews,
    DecisionKind.REPORT: _reports,
    DecisionKind.REQUEST: _requests,
    DecisionKind.PROPOSAL: _proposals,
}
_NOTES: Mapping[DecisionKind, Callable[[Any], str]] = {
    DecisionKind.REVIEW: lambda row: f"{_handed_in(row)}，等待审核",
    DecisionKind.REPORT: lambda row: "逾期上报，等待接收" if row.late else "已上报，等待接收",
    DecisionKind.REQUEST: _request_note,
    DecisionKind.HAZARD: _hazard_note,
    DecisionKind.PROPOSAL: lambda row: f"拟{row.action}",
}
