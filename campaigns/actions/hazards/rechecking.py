"""复查: others than the rectifier look, one for an ordinary hazard and two for a major one, and close (销号) or send back."""

from datetime import datetime

from sqlmodel import Session

from campaigns.actions.hazards.step import hazard_for, note, words_of
from campaigns.actions.stepping import move, reason_of
from campaigns.clock import local_date
from campaigns.rules.hazards.rechecking import Hands, after_passing, check_recheck
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import HazardState, check_move
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.scope import relation


def close(
    session: Session, *, hazard_id: int, opinion: str, version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """销号: a recheck by somebody other than the rectifier found it fixed.

    A major hazard needs two: the first official's signature leaves it 待审签, another one's closes it.
    """
    hazard = _to_recheck(session, hazard_id, version, by=by)
    words = words_of(opinion, field="opinion", what="复查意见")
    to = after_passing(HazardState(hazard.state), major=hazard.major)
    check_move("隐患", HazardState(hazard.state), to)
    if to is HazardState.CHECKED:
        move(session, hazard, to, checked_at=now, checked_by_id=by.person_id, checked=words)
        note(session, "hazard.checked", hazard, by=by, now=now, opinion=words)
        return hazard
    closed = {"closed_on": local_date(now), "closed_at": now, "closed_by_id": by.person_id, "recheck": words}
    move(session, hazard, to, **closed)
    note(session, "hazard.closed", hazard, by=by, now=now, opinion=words)
    return hazard


def send_back(
    session: Session, *, hazard_id: int, reason: str, version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """退回重改: the recheck found it not fixed. What the enterprise had written stays in the trail."""
    hazard = _to_recheck(session, hazard_id, version, by=by)
    why = reason_of(reason, what="退回理由")
    said, rectifier = hazard.rectification, hazard.rectified_by_id
    move(
        session,
        hazard,
        HazardState.RECTIFYING,
        rectified_on=None,
        rectified_at=None,
        rectified_by_id=None,
        rectification="",
        fixed_on_the_spot=False,
        checked_at=None,
        checked_by_id=None,
        checked="",
        recheck=why,
    )
    note(session, "hazard.sent_back", hazard, by=by, now=now, reason=why, rectification=said, rectified_by_id=rectifier)
    return hazard


def _to_recheck(session: Session, hazard_id: int, version: int | None, *, by: Actor) -> Hazard:
    hazard = hazard_for(session, hazard_id, Permission.SEE, version, by=by)
    check_recheck(
        by,
        relation=relation(session, by, hazard.enterprise_id),
        major=hazard.major,
        hands=Hands(hazard.rectified_by_id, hazard.checked_by_id, hazard.lowered_by_id),
    )
    check_move("隐患", HazardState(hazard.state), HazardState.CLOSED)
    return hazard
