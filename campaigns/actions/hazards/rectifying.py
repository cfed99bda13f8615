"""整改: laid down by 五落实 or fixed on the spot (立查立改), then reported as done. Done by the enterprise, never by a bureau."""

from datetime import date, datetime

from sqlmodel import Session

from campaigns.actions.hazards.step import hazard_for, is_planned, note, words_of
from campaigns.actions.stepping import UNCHANGED, move
from campaigns.clock import local_date
from campaigns.errors import Conflict
from campaigns.rules.hazards.finding import RectificationPlan
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import HazardState, check_move
from campaigns.store.hazards.hazards import Hazard


def plan(
    session: Session, *, hazard_id: int, plan: RectificationPlan, version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """五落实: lay down responsible person, measures, funds, deadline and contingency; rectification begins."""
    hazard = hazard_for(session, hazard_id, Permission.RECTIFY_HAZARD, version, by=by)
    state = HazardState(hazard.state)
    if state not in (HazardState.REGISTERED, HazardState.RECTIFYING):
        raise Conflict(f"隐患现在是“{state.label}”，不能再填整改方案。", kept=UNCHANGED)
    if is_planned(hazard):
        raise Conflict("整改方案已经填过，不能改写。", kept="原方案保持不变。")
    move(
        session,
        hazard,
        HazardState.RECTIFYING,
        responsible=plan.responsible,
        measures=plan.measures,
        funds=plan.funds,
        deadline_on=plan.deadline_on,
        contingency=plan.contingency,
    )
    note(session, "hazard.planned", hazard, by=by, now=now, deadline_on=plan.deadline_on.isoformat())
    return hazard


def fix_on_the_spot(
    session: Session, *, hazard_id: int, rectification: str, version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """立查立改: the enterprise fixed it on the very day it was found, so it needs no plan, but a recheck all the same."""
    hazard = hazard_for(session, hazard_id, Permission.RECTIFY_HAZARD, version, by=by)
    check_move("隐患", HazardState(hazard.state), HazardState.RECTIFIED)
    if hazard.state != HazardState.REGISTERED or hazard.found_on != local_date(now):
        raise Conflict(
            "不是发现当天改完的，不算立查立改。", kept=UNCHANGED, advice="请先填写五落实整改方案，改完后再报整改。"
        )
    rectify(session, hazard, rectification, on=hazard.found_on, fixed_on_the_spot=True, by=by, now=now)
    note(session, "hazard.fixed_on_the_spot", hazard, by=by, now=now)
    return hazard


def report_rectification(
    session: Session, *, hazard_id: int, rectification: str, version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """报整改: the enterprise says that what was planned is done, and asks for the recheck."""
    hazard = hazard_for(session, hazard_id, Permission.RECTIFY_HAZARD, version, by=by)
    check_move("隐患", HazardState(hazard.state), HazardState.RECTIFIED)
    if not is_planned(hazard):
        raise Conflict("没有当场改完的，要先填写五落实整改方案。", kept=UNCHANGED, advice="请先填整改方案。")
    rectify(session, hazard, rectification, on=local_date(now), fixed_on_the_spot=False, by=by, now=now)
    note(session, "hazard.rectified", hazard, by=by, now=now)
    return hazard


def rectify(
    session: Session, hazard: Hazard, rectification: str, *, on: date, fixed_on_the_spot: bool, by: Actor, now: datetime
) -> None:
    """Write down what was done and when; the recheck comes next."""
    move(
        session,
        hazard,
        HazardState.RECTIFIED,
        fixed_on_the_spot=fixed_on_the_spot,
        rectification=words_of(rectification, field="rectification", what="整改情况"),
        rectified_on=on,
        rectified_at=now,
        rectified_by_id=by.person_id,
    )
