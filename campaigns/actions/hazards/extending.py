"""整改期限的延期: asked for with a reason, decided by somebody else; every later message shows the date that then stands."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.hazards.step import hazard_for, note
from campaigns.actions.hazards.supervision import order_of
from campaigns.actions.stepping import UNCHANGED, move, reason_of
from campaigns.clock import local_date
from campaigns.date_words import day_words
from campaigns.errors import Conflict, Forbidden, Invalid
from campaigns.rules.hazards.extending import why_not_decide, wrong_date
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import HazardSource, HazardState, RequestState
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.records import HazardExtension
from campaigns.store.scope import relation


def ask_extension(
    session: Session,
    *,
    hazard_id: int,
    deadline_on: date | None,
    reason: str,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> HazardExtension:
    """申请延期: ask for a later deadline of the 五落实 plan. One application waits at a time."""
    hazard = hazard_for(session, hazard_id, Permission.RECTIFY_HAZARD, version, by=by)
    previous = _deadline(hazard)
    why = reason_of(reason, what="延期理由")
    if waiting(session, hazard.id) is not None:
        raise Conflict("这项隐患已有一份延期申请在等决定。", kept=UNCHANGED, advice="请等决定后再申请。")
    until = _supervised_until(session, hazard)
    wrong = wrong_date(deadline_on, deadline=previous, today=local_date(now), order_until=until)
    if wrong or deadline_on is None:
        raise Invalid("延期要写明延到哪一天，没有提交。", fields={"deadline_on": wrong}, kept=UNCHANGED)
    asked = HazardExtension(
        hazard_id=hazard.id,
        state=RequestState.ASKED,
        reason=why,
        deadline_on=deadline_on,
        previous_deadline_on=previous,
        asked_by_id=by.person_id or 0,
        asked_at=now,
    )
    session.add(asked)
    session.flush()
    dates: dict[str, Any] = {"deadline_on": deadline_on.isoformat(), "previous_deadline_on": previous.isoformat()}
    note(session, "hazard.extension_asked", hazard, by=by, now=now, reason=why, **dates)
    return asked


def grant_extension(
    session: Session, *, hazard_id: int, reason: str = "", version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """同意延期: the deadline moves; source, dates of finding and registering never do."""
    hazard, asked = _to_decide(session, hazard_id, version, by=by)
    previous = _deadline(hazard)
    words = reason_of(reason, what="决定理由", required=False)
    _check_order(session, hazard, asked)
    _decide(asked, RequestState.GRANTED, words, by=by, now=now)
    move(session, hazard, HazardState(hazard.state), deadline_on=asked.deadline_on)
    dates: dict[str, Any] = {"deadline_on": asked.deadline_on.isoformat(), "previous_deadline_on": previous.isoformat()}
    note(session, "hazard.extended", hazard, by=by, now=now, reason=words, **dates)
    return hazard


def decline_extension(
    session: Session, *, hazard_id: int, reason: str, version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """不同意延期, with the reason; the deadline stays."""
    hazard, asked = _to_decide(session, hazard_id, version, by=by)
    why = reason_of(reason, what="不同意的理由")
    _decide(asked, RequestState.DECLINED, why, by=by, now=now)
    session.flush()
    note(session, "hazard.extension_declined", hazard, by=by, now=now, reason=why)
    return hazard


def waiting(session: Session, hazard_id: int) -> HazardExtension | None:
    """Return the application of a hazard that waits for a decision."""
    which = col(HazardExtension.hazard_id) == hazard_id, col(HazardExtension.state) == RequestState.ASKED
    return session.scalar(select(HazardExtension).where(*which))


def _deadline(hazard: Hazard) -> date:
    state = HazardState(hazard.state)
    if state is not HazardState.RECTIFYING or hazard.deadline_on is None:
        raise Conflict(
            f"隐患现在是“{state.label}”，没有可以延期的整改期限。",
            kept=UNCHANGED,
            advice="请刷新页面，按最新状态办理。",
        )
    return hazard.deadline_on


def _supervised_until(session: Session, hazard: Hazard) -> date | None:
    order = order_of(session, hazard.id)
    return order.deadline_on if order and order.delisted_on is None else None


def _check_order(session: Session, hazard: Hazard, asked: HazardExtension) -> None:
    """An order may have come between asking and deciding; its date still is the last one."""
    until = _supervised_until(session, hazard)
    if until is not None and asked.deadline_on > until:
        raise Conflict(
            f"挂牌督办的期限是{day_words(until)}，不能延到{day_words(asked.deadline_on)}。",
            kept=UNCHANGED,
            advice="请不同意这份申请，由企业按督办期限重新申请。",
        )


def _to_decide(session: Session, hazard_id: int, version: int | None, *, by: Actor) -> tuple[Hazard, HazardExtension]:
    hazard = hazard_for(session, hazard_id, Permission.SEE, version, by=by)
    asked = waiting(session, hazard.id)
    stands = relation(session, by, hazard.enterprise_id)
    source, asker = HazardSource(hazard.source), asked.asked_by_id if asked else None
    reason = why_not_decide(by, relation=stands, major=hazard.major, source=source, asked_by_id=asker)
    if reason:
        raise Forbidden(reason, kept=UNCHANGED)
    if asked is None:
        raise Conflict("没有等待决定的延期申请。", kept=UNCHANGED, advice="请刷新页面查看。")
    _deadline(hazard)
    return hazard, asked


def _decide(asked: HazardExtension, state: RequestState, reason: str, *, by: Actor, now: datetime) -> None:
    asked.state, asked.decided_by_id, asked.decided_at = state, by.person_id, now
    asked.decision_reason = reason
