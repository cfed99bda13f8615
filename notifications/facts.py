"""What a message can say about a thing, by the table an event is about: words, dates and the organisations concerned.

Every entry reads columns for many ids in one statement. Columns that end in `_id` are organisations a message may go to;
the others fill the templates of the catalogue. Due dates are the present ones, after any extension.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.date_words import day_words
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.states import RequestKind
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence, Stage
from campaigns.store.directory.regions import Organisation, Supervision
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.messages import Delivery
from campaigns.store.reporting.reports import Report
from campaigns.store.work.tasks import Proposal, Task

Facts: TypeAlias = dict[str, Any]
Doer, Subject, Target = (aliased(Organisation, name=name) for name in ("doer", "subject_organisation", "target"))
Parent = aliased(Report, name="parent_report")


def facts_about(session: Session, subject: str, ids: Sequence[int]) -> dict[int, Facts]:
    """Return the facts of the rows of one table by id; an unknown table or a missing row has none."""
    question = QUESTIONS.get(subject)
    if question is None or not ids:
        return {}
    return {row["id"]: _said(dict(row)) for row in session.execute(question(ids)).mappings()}


def _said(facts: Facts) -> Facts:
    """Say a period as people do, and beside a duty of many periods which one is meant; labels are for keys."""
    if "period" not in facts:
        return facts
    period = period_label(facts["period"], facts.get("seq", 1), facts.get("quota", 1))
    named = {"duty": f"{facts['duty']}（{period}）"} if period and "duty" in facts else {}
    return facts | {"period": period} | named


def _task(ids: Sequence[int]) -> Select[Any]:
    return _of_task(col(Task.id).label("id")).where(col(Task.id).in_(ids))


def _of_task(*first: Any) -> Select[Any]:
    supervisor = (
        select(col(Supervision.bureau_id))
        .where(col(Supervision.enterprise_id) == col(Task.organisation_id), col(Supervision.ended_on).is_(None))
        .correlate(Task)
        .scalar_subquery()
    )
    return (
        select(
            *first,
            col(Task.campaign_id).label("campaign"),
            col(Task.id).label("task"),
            col(Task.organisation_id).label("doer_id"),
            col(Task.reviewer_id).label("reviewer_id"),
            func.coalesce(col(Task.reviewer_id), supervisor, col(Campaign.bureau_id)).label("decider_id"),
            col(Doer.name).label("doer"),
            col(Subject.name).label("about"),
            col(PlannedOccurrence.title).label("duty"),
            col(PlannedOccurrence.period).label("period"),
            col(PlannedOccurrence.seq).label("seq"),
            col(PlannedOccurrence.quota).label("quota"),
            col(Campaign.title).label("campaign_title"),
            col(Task.due_on).label("due"),
        )
        .select_from(Task)
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Campaign, col(Campaign.id) == col(Task.campaign_id))
        .join(Doer, col(Doer.id) == col(Task.organisation_id))
        .join(Subject, col(Subject.id) == col(Task.subject_id))
    )


def _proposal(ids: Sequence[int]) -> Select[Any]:
    proposal: tuple[Any, ...] = (
        col(Proposal.id).label("id"),
        col(Proposal.handler_id).label("handler_id"),
        col(Proposal.target_id).label("target_id"),
        col(Proposal.action).label("action"),
        col(Target.name).label("target"),
    )
    joined = _of_task(*proposal).join(Proposal, col(Proposal.task_id) == col(Task.id))
    return joined.join(Target, col(Target.id) == col(Proposal.target_id)).where(col(Proposal.id).in_(ids))


def _hazard(ids: Sequence[int]) -> Select[Any]:
    return (
        select(
            col(Hazard.id).label("id"),
            col(Hazard.enterprise_id).label("doer_id"),
            col(Hazard.bureau_id).label("decider_id"),
            col(Organisation.name).label("doer"),
            col(Hazard.number).label("number"),
            col(Hazard.title).label("hazard"),
            col(Hazard.major).label("major"),
            col(Hazard.source).label("source"),
            col(Hazard.deadline_on).label("due"),
        )
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .where(col(Hazard.id).in_(ids))
    )


def _report(ids: Sequence[int]) -> Select[Any]:
    return (
        select(
            col(Report.id).label("id"),
            col(Report.campaign_id).label("campaign"),
            col(Report.organisation_id).label("doer_id"),
            func.coalesce(col(Parent.organisation_id), col(Task.reviewer_id)).label("superior_id"),
            col(Organisation.name).label("doer"),
            col(Report.form).label("form"),
            col(Report.period).label("period"),
            col(Campaign.title).label("campaign_title"),
        )
        .join(Campaign, col(Campaign.id) == col(Report.campaign_id))
        .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
        .outerjoin(Parent, col(Parent.id) == col(Report.parent_id))
        .outerjoin(Task, col(Task.id) == col(Report.task_id))
        .where(col(Report.id).in_(ids))
    )


def _campaign(ids: Sequence[int]) -> Select[Any]:
    return _of_campaign(col(Campaign.id).label("id")).where(col(Campaign.id).in_(ids))


def _of_campaign(*first: Any) -> Select[Any]:
    return select(
        *first,
        col(Campaign.id).label("campaign"),
        col(Campaign.bureau_id).label("bureau_id"),
        col(Campaign.title).label("campaign_title"),
    )


def _stage(ids: Sequence[int]) -> Select[Any]:
    stage: tuple[Any, ...] = (
        col(Stage.id).label("id"),
        col(Stage.title).label("stage"),
        col(Stage.closes_on).label("due"),
    )
    return _of_campaign(*stage).join(Stage, col(Stage.campaign_id) == col(Campaign.id)).where(col(Stage.id).in_(ids))


def _supervision(ids: Sequence[int]) -> Select[Any]:
    earlier = aliased(Supervision)
    before = (
        select(col(earlier.bureau_id))
        .where(col(earlier.enterprise_id) == col(Supervision.enterprise_id), col(earlier.id) < col(Supervision.id))
        .order_by(col(earlier.id).desc())
        .limit(1)
        .correlate(Supervision)
        .scalar_subquery()
    )
    return (
        select(
            col(Supervision.id).label("id"),
            col(Supervision.enterprise_id).label("doer_id"),
            col(Supervision.enterprise_id).label("enterprise"),
            col(Supervision.bureau_id).label("bureau_id"),
            before.label("previous_bureau_id"),
            col(Organisation.name).label("doer"),
        )
        .join(Organisation, col(Organisation.id) == col(Supervision.enterprise_id))
        .where(col(Supervision.id).in_(ids))
    )


def _delivery(ids: Sequence[int]) -> Select[Any]:
    return select(
        col(Delivery.id).label("id"),
        col(Delivery.person_id).label("person"),
        col(Delivery.organisation_id).label("doer_id"),
        col(Delivery.day).label("due"),
    ).where(col(Delivery.id).in_(ids))


QUESTIONS: Mapping[str, Callable[[Sequence[int]], Select[Any]]] = {
    "task": _task,
    "proposal": _proposal,
    "hazard": _hazard,
    "report": _report,
    "campaign": _campaign,
    "stage": _stage,
    "delivery": _delivery,
    "supervision": _supervision,
}

SAID: Mapping[str, frozenset[str]] = {
    "task.sent_back": frozenset({"reason"}),
    "task.entered": frozenset({"words"}),
    "task.objected": frozenset({"reason", "waits"}),
    "request.asked": frozenset({"request", "reason"}),
    "request.granted": frozenset({"request", "reason"}),
    "request.declined": frozenset({"request", "reason"}),
    "objection.granted": frozenset({"reason"}),
    "objection.declined": frozenset({"reason"}),
    "hazard.sent_back": frozenset({"reason"}),
    "hazard.extension_asked": frozenset({"reason"}),
    "hazard.extended": frozenset({"reason"}),
    "hazard.extension_declined": frozenset({"reason"}),
    "hazard.regraded": frozenset({"reason", "grade"}),
    "hazard.stopped": frozenset({"reason", "stop"}),
    "hazard.resumed": frozenset({"reason"}),
    "hazard.escalated": frozenset({"reason", "superior_id"}),
    "hazard.answered": frozenset({"reason", "asker_id"}),
    "hazard.listed": frozenset({"order"}),
    "hazard.delisted": frozenset({"order"}),
    "report.returned": frozenset({"reason"}),
    "report.correcting": frozenset({"reason"}),
    "report.unlocked": frozenset({"reason", "until"}),
    "stage.closed": frozenset({"complete"}),
    "enterprise.transferred": frozenset({"words", "reason", "bureau"}),
    "delivery.failed": frozenset({"reason"}),
}
"""What the data of an event adds to the facts of its thing."""


def said_by(kind: str, data: Mapping[str, Any]) -> Facts:
    """Return what an event of a kind says beside the facts, in words people read."""
    said = {name: data.get(name) for name in SAID.get(kind, ())}
    if "request" in said:
        asked = RequestKind(data["request"])
        said |= {"request": asked.label, "waived": asked is RequestKind.WAIVER}
    if "until" in said:
        said["until"] = day_words(date.fromisoformat(data["until"]))
    return said
