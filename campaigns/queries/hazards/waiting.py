"""What waits for a bureau about hazards: 直报 to receive, 延期 to decide, 提请 to answer. Each has a page of its own.

What only its own enterprise decides (the extension of an ordinary find of its own) does not wait for the bureau.
"""

from typing import Any

from sqlalchemy import CompoundSelect, Date, Select, literal, or_, select, union_all
from sqlmodel import col

from campaigns.rules.hazards.reporting_up import Addressee
from campaigns.rules.permissions import Actor, Permission, may_somewhere
from campaigns.rules.states import HazardSource, HazardState, RequestState
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.records import HazardEscalation, HazardExtension, HazardReport

RECEIVE, EXTENSION, ANSWER = "receive", "decide_extension", "answer"
"""The last word of the page on which it is done."""


def hazards_waiting(actor: Actor) -> CompoundSelect[Any]:
    """Select what waits for the actor's bureau, in the columns of a decision; an official sees what he may do himself."""
    return union_all(
        *(
            query
            for permission, query in (
                (Permission.RECHECK_HAZARD, _reported(actor)),
                (Permission.DECIDE_HAZARD, _extensions(actor)),
                (Permission.ESCALATE_HAZARD, _escalated(actor)),
            )
            if may_somewhere(actor, permission)
        )
    )


def _lines(step: str, since: Any, words: Any, until: Any) -> Select[Any]:
    return select(
        col(Hazard.id).label("row_id"),
        col(Organisation.name).label("organisation"),
        col(Hazard.title).label("title"),
        literal("").label("period"),
        literal(1).label("seq"),
        literal(1).label("quota"),
        since.label("since"),
        col(Hazard.found_on).label("due_on"),
        literal(step).label("step"),
        words.label("words"),
        until.label("until"),
    ).join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))


def _reported(actor: Actor) -> Select[Any]:
    bureau: Any = literal(Addressee.BUREAU.value, literal_execute=True)  # as the index of what waits has it
    return (
        _lines(RECEIVE, col(HazardReport.reported_at), col(HazardReport.content), literal(None, Date()))
        .join(HazardReport, col(HazardReport.hazard_id) == col(Hazard.id))
        .where(col(HazardReport.addressee) == bureau, col(HazardReport.received_at).is_(None))
        .where(col(Hazard.bureau_id) == actor.organisation_id)
    )


def _extensions(actor: Actor) -> Select[Any]:
    asked: Any = literal(RequestState.ASKED.value, literal_execute=True)
    return (
        _lines(EXTENSION, col(HazardExtension.asked_at), col(HazardExtension.reason), col(HazardExtension.deadline_on))
        .join(HazardExtension, col(HazardExtension.hazard_id) == col(Hazard.id))
        .where(col(HazardExtension.state) == asked, col(Hazard.state) == HazardState.RECTIFYING)
        .where(or_(col(Hazard.major).is_(True), col(Hazard.source) == HazardSource.INSPECTION))
        .where(col(Hazard.bureau_id) == actor.organisation_id)
    )


def _escalated(actor: Actor) -> Select[Any]:
    return (
        _lines(ANSWER, col(HazardEscalation.raised_at), col(HazardEscalation.wanted), literal(None, Date()))
        .join(HazardEscalation, col(HazardEscalation.hazard_id) == col(Hazard.id))
        .where(col(HazardEscalation.to_id) == actor.organisation_id, col(HazardEscalation.answered_at).is_(None))
    )
