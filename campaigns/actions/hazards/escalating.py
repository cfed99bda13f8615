"""逐级上报 (002 四（一）): “本级确实解决不了的，要逐级上报”: to the bureau above, which answers or passes it further up."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlmodel import Session, col

from campaigns.actions.hazards.step import hazard_for, note, words_of
from campaigns.actions.stepping import UNCHANGED
from campaigns.errors import Conflict, Forbidden
from campaigns.rules.permissions import Actor, Permission, Relation
from campaigns.rules.states import OPEN_HAZARD_STATES, HazardState
from campaigns.store.database import locked
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.records import HazardEscalation
from campaigns.store.scope import bureau_above, relation


def escalate(
    session: Session, *, hazard_id: int, difficulty: str, tried: str, wanted: str, by: Actor, now: datetime
) -> HazardEscalation:
    """提请上级: what is difficult, what was tried, what is asked for. Its own bureau begins; one asked may pass it on."""
    hazard = hazard_for(session, hazard_id, Permission.ESCALATE_HAZARD, by=by)
    _check_turn(session, hazard, by=by)
    above = bureau_above(session, by.organisation_id)
    if above is None:
        raise Conflict("没有上一级应急管理局可以提请。", kept=UNCHANGED)
    raised = HazardEscalation(
        hazard_id=hazard.id,
        from_id=by.organisation_id or 0,
        to_id=above,
        difficulty=words_of(difficulty, field="difficulty", what="难点"),
        tried=words_of(tried, field="tried", what="已采取的措施"),
        wanted=words_of(wanted, field="wanted", what="请求上级协调的事项"),
        raised_by_id=by.person_id or 0,
        raised_at=now,
    )
    session.add(raised)
    session.flush()
    note(session, "hazard.escalated", hazard, by=by, now=now, superior_id=above, reason=raised.wanted)
    return raised


def answer(session: Session, *, hazard_id: int, reply: str, by: Actor, now: datetime) -> HazardEscalation:
    """协调回落: the bureau above answers what was asked of it; the hazard stays with those who have to remove it."""
    hazard = hazard_for(session, hazard_id, Permission.ESCALATE_HAZARD, by=by)
    known = waiting_at(session, hazard.id, by.organisation_id)
    raised = locked(session, HazardEscalation, known.id) if known else None
    if raised is None or raised.answered_at is not None:
        raise Conflict("没有等待本单位答复的提请。", kept=UNCHANGED, advice="请刷新页面查看。")
    raised.answer = words_of(reply, field="reply", what="答复")
    raised.answered_by_id, raised.answered_at = by.person_id, now
    session.flush()
    note(session, "hazard.answered", hazard, by=by, now=now, asker_id=raised.from_id, reason=raised.answer)
    return raised


def waiting_at(session: Session, hazard_id: int, bureau_id: int | None) -> HazardEscalation | None:
    """Return what a bureau was asked about a hazard and has not answered."""
    return session.scalar(_open(hazard_id).where(col(HazardEscalation.to_id) == bureau_id))


def _open(hazard_id: int) -> Select[tuple[HazardEscalation]]:
    which = col(HazardEscalation.hazard_id) == hazard_id, col(HazardEscalation.answered_at).is_(None)
    return select(HazardEscalation).where(*which)


def _check_turn(session: Session, hazard: Hazard, *, by: Actor) -> None:
    state = HazardState(hazard.state)
    if state not in OPEN_HAZARD_STATES:
        raise Conflict(f"隐患现在是“{state.label}”，不用提请上级。", kept=UNCHANGED)
    own = relation(session, by, hazard.enterprise_id) is Relation.SUPERVISED
    if not own and waiting_at(session, hazard.id, by.organisation_id) is None:
        raise Forbidden("由它的监管部门先提请，本级收到后才能再往上报。", kept=UNCHANGED)
    if session.scalar(_open(hazard.id).where(col(HazardEscalation.from_id) == by.organisation_id)) is not None:
        raise Conflict("已经提请上级，正在等答复。", kept=UNCHANGED)
