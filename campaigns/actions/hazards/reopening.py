"""反弹: a closed hazard is there again. The old closure stays as it was signed; a new hazard points to it."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.hazards.registering import Origin, enter
from campaigns.actions.hazards.step import hazard_for, note, words_of
from campaigns.actions.stepping import UNCHANGED
from campaigns.clock import local_date
from campaigns.errors import Conflict
from campaigns.rules.hazards.criteria import Criterion
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.hazards.reopening import source_of_reopening
from campaigns.rules.permissions import Actor, Permission, Relation
from campaigns.rules.states import HazardSource, HazardState
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.scope import relation


def reopen(
    session: Session, *, hazard_id: int, description: str, version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """Register a relapse of a closed hazard, once, with the grade it was closed with; return the new hazard."""
    old = hazard_for(session, hazard_id, Permission.RECHECK_HAZARD, version, by=by)
    if old.state != HazardState.CLOSED:
        raise Conflict(f"隐患现在是“{HazardState(old.state).label}”，没有销号，不算反弹。", kept=UNCHANGED)
    if (again := reopened_as(session, old.id)) is not None:
        raise Conflict(f"这项隐患已经登记过反弹，编号{again.number}。", kept=UNCHANGED, advice="请打开新的隐患办理。")
    words = words_of(description, field="description", what="反弹情况")
    own = relation(session, by, old.enterprise_id) is Relation.SELF
    finder = HazardSource.SELF if own else HazardSource.INSPECTION
    finding = Finding(old.title, old.location, words, major=old.major, criterion=old.criterion)
    source = source_of_reopening(HazardSource(old.source), finder)
    cited = Criterion(old.criterion, old.criterion_set, old.criterion_version, old.criterion_clause)
    origin = Origin(source, local_date(now), reopens_id=old.id, cited=cited)
    new = enter(session, finding, origin, enterprise_id=old.enterprise_id, by=by, now=now)
    note(session, "hazard.reopened", old, by=by, now=now, reason=f"{words}（新编号 {new.number}）", as_id=new.id)
    return new


def reopened_as(session: Session, hazard_id: int) -> Hazard | None:
    """Return the hazard that a closed one was reopened as."""
    return session.scalar(select(Hazard).where(col(Hazard.reopens_id) == hazard_id))
