"""Which steps a reader may take on a hazard, by the same rules as the actions."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from campaigns.queries.hazards.hazard import HazardCard
from campaigns.rules.hazards.extending import why_not_decide
from campaigns.rules.hazards.grading import why_not_regrade
from campaigns.rules.hazards.photographing import why_not_photograph
from campaigns.rules.hazards.rechecking import Hands, why_not_recheck
from campaigns.rules.hazards.reporting_up import Addressee, why_not_report
from campaigns.rules.hazards.stopping import why_not_lift, why_not_stop
from campaigns.rules.permissions import Actor, Permission, Relation, may, why_not
from campaigns.rules.states import (
    OPEN_HAZARD_STATES,
    TO_RECHECK_STATES,
    UNFIXED_HAZARD_STATES,
    HazardSource,
    HazardState,
)
from campaigns.store.hazards.holdings import delisting_bureaus
from campaigns.store.scope import relation


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardSteps:
    """The steps on a hazard: an empty word when the reader may take it, a sentence when not, None when it is not the time."""

    fix: str | None = None
    plan: str | None = None
    rectify: str | None = None
    recheck: str | None = None
    supervise: str | None = None
    delist: str | None = None
    extend: str | None = None
    decide_extension: str | None = None
    regrade: str | None = None
    reopen: str | None = None
    report_up: str | None = None
    report_workers: str | None = None
    receive: str | None = None
    stop: str | None = None
    lift: str | None = None
    escalate: str | None = None
    answer: str | None = None
    photograph: str | None = None


def hazard_steps(session: Session, card: HazardCard, *, actor: Actor, today: date) -> HazardSteps:
    """Say which steps the actor may take."""
    hazard, state = card.row, card.state
    stands = relation(session, actor, hazard.enterprise_id)
    unfixed = state in UNFIXED_HAZARD_STATES
    rectifying = state is HazardState.RECTIFYING and card.planned
    rectify = why_not(actor, Permission.RECTIFY_HAZARD, stands)
    return HazardSteps(
        fix=rectify if state is HazardState.REGISTERED and hazard.found_on == today else None,
        plan=rectify if unfixed and not card.planned else None,
        rectify=rectify if rectifying else None,
        recheck=_why_not_recheck(card, actor, stands),
        supervise=_why_not_supervise(card, actor, stands),
        delist=_why_not_delist(session, card, actor, stands),
        extend=_why_not_extend(card, actor, stands),
        decide_extension=_why_not_decide(card, actor, stands),
        regrade=_why_not_regrade(card, actor, stands),
        reopen=_why_not_reopen(card, actor, stands),
        report_up=_why_not_report(card, actor, stands, Addressee.BUREAU),
        report_workers=_why_not_report(card, actor, stands, Addressee.WORKERS),
        receive=_why_not_receive(card, actor, stands),
        stop=_why_not_stop(card, actor, stands),
        lift=_why_not_lift(card, actor, stands),
        escalate=_why_not_escalate(card, actor, stands),
        answer=_why_not_answer(card, actor, stands),
        photograph=_why_not_photograph(card, actor, stands),
    )


def _why_not_recheck(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    if card.state not in TO_RECHECK_STATES:
        return None
    hazard = card.row
    hands = Hands(hazard.rectified_by_id, hazard.checked_by_id, hazard.lowered_by_id)
    return why_not_recheck(actor, relation=stands, major=hazard.major, hands=hands)


def _why_not_supervise(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    if not actor.is_regulator or not card.row.major or card.order is not None or card.state not in OPEN_HAZARD_STATES:
        return None
    return why_not(actor, Permission.SUPERVISE_HAZARD, stands)


def _why_not_delist(session: Session, card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    if not actor.is_regulator or card.order is None or card.order.delisted_on is not None:
        return None
    if actor.organisation_id not in set(session.scalars(delisting_bureaus(card.order))):
        return "谁挂牌谁摘牌。"
    if card.state in OPEN_HAZARD_STATES:
        return "隐患还没有销号，不能摘牌。"
    return why_not(actor, Permission.SUPERVISE_HAZARD, stands)


def _why_not_extend(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    """Asked for by who rectifies; for an official it is not a step that is missing."""
    asked = card.state is not HazardState.RECTIFYING or not card.planned or card.records.extension is not None
    return None if asked or not may(actor, Permission.RECTIFY_HAZARD, stands) else ""


def _why_not_decide(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    asked = card.records.extension
    if asked is None or card.state is not HazardState.RECTIFYING:
        return None
    source = HazardSource(card.row.source)
    return why_not_decide(actor, relation=stands, major=card.row.major, source=source, asked_by_id=asked.asked_by_id)


def _why_not_regrade(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    """Only shown to who may: for everybody else it is not a step that is missing."""
    reason = why_not_regrade(actor, relation=stands, major=card.row.major, state=card.state, listed=card.listed)
    return None if reason else ""


def _why_not_report(card: HazardCard, actor: Actor, stands: Relation, to: Addressee) -> str | None:
    if not may(actor, Permission.RECTIFY_HAZARD, stands):
        return None
    return why_not_report(major=card.row.major, state=card.state, made=card.records.reports, to=to)


def _why_not_receive(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    report = card.records.reports.get(Addressee.BUREAU)
    if report is None or report.received_at is not None or stands is not Relation.SUPERVISED:
        return None
    return why_not(actor, Permission.RECHECK_HAZARD, stands)


def _why_not_stop(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    if card.records.stop is not None or why_not_stop(actor, relation=stands, state=card.state):
        return None
    return ""


def _why_not_lift(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    stop = card.records.stop
    if stop is None or stands is Relation.BELOW:  # a superior answers and supervises; the stop is not his to lift
        return None
    ordered = stop.organisation_id != card.row.enterprise_id
    return why_not_lift(actor, relation=stands, state=card.state, major=card.row.major, ordered=ordered)


def _why_not_escalate(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    waiting = [one.row for one in card.records.escalations if one.waiting]
    asked = any(one.to_id == actor.organisation_id for one in waiting)
    asking = any(one.from_id == actor.organisation_id for one in waiting)
    mine = stands is Relation.SUPERVISED or asked
    if not mine or asking or card.state not in OPEN_HAZARD_STATES:
        return None
    return None if why_not(actor, Permission.ESCALATE_HAZARD, stands) else ""


def _why_not_answer(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    waiting = any(one.waiting and one.row.to_id == actor.organisation_id for one in card.records.escalations)
    return why_not(actor, Permission.ESCALATE_HAZARD, stands) if waiting else None


def _why_not_photograph(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    """Only shown to who may: a photo more is not a step that is missing."""
    return None if why_not_photograph(actor, relation=stands, state=card.state) else ""


def _why_not_reopen(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    if card.state is not HazardState.CLOSED or card.records.reopened_as is not None:
        return None
    return "" if may(actor, Permission.RECHECK_HAZARD, stands) else None
