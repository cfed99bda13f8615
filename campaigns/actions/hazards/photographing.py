"""补照片: photos of a hazard as it stands, after it was registered. The files themselves are actions/work/files."""

from datetime import datetime

from sqlmodel import Session

from campaigns.actions.hazards.step import hazard_for, note
from campaigns.actions.stepping import UNCHANGED
from campaigns.errors import Conflict, Invalid
from campaigns.rules.hazards.photographing import why_not_photograph
from campaigns.rules.permissions import Actor, Permission, check
from campaigns.rules.states import UNFIXED_HAZARD_STATES, HazardState
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.scope import relation


def photograph(session: Session, *, hazard_id: int, photos: int, by: Actor, now: datetime) -> Hazard:
    """Note that somebody adds so many photos from before the rectification; when he did stays in the trail."""
    hazard = hazard_for(session, hazard_id, Permission.SEE, by=by)
    stands = relation(session, by, hazard.enterprise_id)
    check(by, Permission.REGISTER_HAZARD, stands)
    state = HazardState(hazard.state)
    if state not in UNFIXED_HAZARD_STATES:
        raise Conflict(why_not_photograph(by, relation=stands, state=state), kept=UNCHANGED)
    if photos < 1:
        raise Invalid("没有补照片。", fields={"photos": "请拍照或选照片。"}, kept=UNCHANGED)
    note(session, "hazard.photographed", hazard, by=by, now=now, photos=photos)
    return hazard
