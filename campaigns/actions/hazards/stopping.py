"""停产: a part or the whole stands still until the hazard is removed; who ordered it decides who lets it run again."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.hazards.step import hazard_for, note
from campaigns.actions.stepping import UNCHANGED, reason_of
from campaigns.errors import Conflict, Forbidden, Invalid
from campaigns.rules.hazards.stopping import StopScope, why_not_lift, why_not_stop
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import HazardState
from campaigns.store.database import locked
from campaigns.store.hazards.records import HazardStop
from campaigns.store.scope import relation

LONGEST_PLACE = 120
LONGEST_NUMBER = 60


def order_stop(
    session: Session,
    *,
    hazard_id: int,
    scope: StopScope | None,
    place: str,
    number: str,
    reason: str,
    by: Actor,
    now: datetime,
) -> HazardStop:
    """停产: by the bureau with the number of its order, or by the enterprise itself. One at a time per hazard."""
    hazard = hazard_for(session, hazard_id, Permission.SEE, by=by)
    blocked = why_not_stop(by, relation=relation(session, by, hazard.enterprise_id), state=HazardState(hazard.state))
    if blocked:
        raise Forbidden(blocked, kept=UNCHANGED)
    if stop_of(session, hazard.id) is not None:
        raise Conflict("这项隐患已经停产，还没有恢复。", kept=UNCHANGED, advice="改变停产范围的，先恢复再重新停产。")
    why = reason_of(reason, what="停产理由")
    stop = HazardStop(
        hazard_id=hazard.id,
        scope=_scope(scope, place, number, ordered=by.is_regulator),
        place=place.strip(),
        number=number.strip(),
        reason=why,
        ordered_by_id=by.person_id or 0,
        organisation_id=by.organisation_id or 0,
        ordered_at=now,
    )
    session.add(stop)
    session.flush()
    what = f"{StopScope(stop.scope).label}{f'（{stop.place}）' if stop.place else ''}"
    note(session, "hazard.stopped", hazard, by=by, now=now, reason=why, stop=what)
    return stop


def lift_stop(session: Session, *, hazard_id: int, reason: str, by: Actor, now: datetime) -> HazardStop:
    """恢复生产: after the hazard is removed; what a bureau ordered only a bureau lifts, with its opinion."""
    hazard = hazard_for(session, hazard_id, Permission.SEE, by=by)
    known = stop_of(session, hazard.id)
    stop = locked(session, HazardStop, known.id) if known else None
    if stop is None or stop.lifted_at is not None:
        raise Conflict("这项隐患现在没有停产。", kept=UNCHANGED, advice="请刷新页面查看。")
    blocked = why_not_lift(
        by,
        relation=relation(session, by, hazard.enterprise_id),
        state=HazardState(hazard.state),
        major=hazard.major,
        ordered=stop.organisation_id != hazard.enterprise_id,
    )
    if blocked:
        raise Forbidden(blocked, kept=UNCHANGED)
    stop.lifted_because = reason_of(reason, what="恢复生产的审查意见")
    stop.lifted_by_id, stop.lifted_at = by.person_id, now
    session.flush()
    note(session, "hazard.resumed", hazard, by=by, now=now, reason=stop.lifted_because)
    return stop


def stop_of(session: Session, hazard_id: int) -> HazardStop | None:
    """Return the stop of production that is in force because of a hazard."""
    which = col(HazardStop.hazard_id) == hazard_id, col(HazardStop.lifted_at).is_(None)
    return session.scalar(select(HazardStop).where(*which))


def _scope(scope: StopScope | None, place: str, number: str, *, ordered: bool) -> StopScope:
    wrong: dict[str, str] = {}
    if scope is None:
        wrong["scope"] = "请选局部停产还是全部停产。"
    if (scope is StopScope.PARTIAL and not place.strip()) or len(place.strip()) > LONGEST_PLACE:
        wrong["place"] = f"局部停产要写明停哪里（不超过{LONGEST_PLACE}个字）。"
    if (ordered and not number.strip()) or len(number.strip()) > LONGEST_NUMBER:
        wrong["number"] = f"责令停产要写文书号（不超过{LONGEST_NUMBER}个字）。"
    if scope is None or wrong:
        raise Invalid("没有停产。", fields=wrong, kept=UNCHANGED)
    return scope
