"""企业关闭、注销和恢复: nothing more is asked of a closed enterprise, and nothing it left undone is called done.

Its open tasks are withdrawn and it leaves every roster, 固定 ones too. Its open hazards are ended as 企业关闭: no stage waits for
them any more, and no table counts them as rectified. Its accounts are closed. Restoring it takes all of that up where it stood.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import case, select, update
from sqlmodel import Session, col

from campaigns.actions.directory.organisations import enterprise_for
from campaigns.actions.events import record
from campaigns.actions.hazards.step import note
from campaigns.actions.launch.rosters import let_back_in, let_out_closed
from campaigns.actions.stepping import UNCHANGED, reason_of
from campaigns.clock import local_date
from campaigns.date_words import day_words
from campaigns.errors import Conflict, Invalid
from campaigns.rules.permissions import Actor
from campaigns.rules.states import OPEN_HAZARD_STATES, CampaignState, HazardState
from campaigns.store.campaign.campaigns import Campaign, RosterEntry
from campaigns.store.directory.people import Person, SignIn
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event


def close_enterprise(
    session: Session,
    *,
    enterprise_id: int,
    reason: str,
    on: date,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Organisation:
    """Close an enterprise as of the day `on` (of the document; not in the future), with the reason."""
    enterprise = enterprise_for(session, enterprise_id, version, by=by)
    if enterprise.closed_on is not None:
        raise Conflict(f"“{enterprise.name}”已于{day_words(enterprise.closed_on)}登记关闭。", kept=UNCHANGED)
    why = reason_of(reason, what="关闭理由")
    if on > local_date(now):
        sentence = f"关闭日期不能晚于今天（{day_words(local_date(now))}）。"
        raise Invalid("关闭日期不对，没有登记。", fields={"on": sentence}, kept=UNCHANGED)
    enterprise.closed_on = on
    enterprise.version += 1
    session.flush()
    _close_accounts(session, enterprise, now)
    ended = _end_hazards(session, enterprise, why, now)
    for campaign in _taking_part(session, enterprise):
        let_out_closed(session, campaign, now=now)
    for hazard in ended:
        note(session, "hazard.ended", hazard, by=by, now=now, reason=why)
    said = {"reason": why, "on": on.isoformat(), "hazards": len(ended)}
    _record(session, "enterprise.closed", enterprise, by=by, now=now, **said)
    return enterprise


def reopen_enterprise(
    session: Session, *, enterprise_id: int, reason: str, version: int | None = None, by: Actor, now: datetime
) -> Organisation:
    """恢复: take a closed enterprise up again; what is not yet due is asked of it again, and its hazards go on."""
    enterprise = enterprise_for(session, enterprise_id, version, by=by)
    if enterprise.closed_on is None:
        raise Conflict(f"“{enterprise.name}”没有登记关闭。", kept=UNCHANGED)
    why = reason_of(reason, what="恢复理由")
    enterprise.closed_on = None
    enterprise.version += 1
    session.flush()
    _open_accounts(session, enterprise)
    resumed = _resume_hazards(session, enterprise)
    for campaign in _taking_part(session, enterprise):
        let_back_in(session, campaign, now=now)
    for hazard in resumed:
        note(session, "hazard.restored", hazard, by=by, now=now, reason=why, state=hazard.state)
    _record(session, "enterprise.reopened", enterprise, by=by, now=now, reason=why, hazards=len(resumed))
    return enterprise


def _taking_part(session: Session, enterprise: Organisation) -> list[Campaign]:
    enrolled = select(col(RosterEntry.campaign_id)).where(col(RosterEntry.organisation_id) == enterprise.id)
    running = select(Campaign).where(col(Campaign.state) == CampaignState.RUNNING, col(Campaign.id).in_(enrolled))
    return list(session.scalars(running.order_by(col(Campaign.id)).with_for_update()))


def _end_hazards(session: Session, enterprise: Organisation, reason: str, now: datetime) -> list[Hazard]:
    ended = {"state": HazardState.ENDED, "ended_at": now, "ended_reason": reason}
    return _move_hazards(session, enterprise, col(Hazard.state).in_(OPEN_HAZARD_STATES), ended)


def _resume_hazards(session: Session, enterprise: Organisation) -> list[Hazard]:
    stood = case(
        (col(Hazard.checked_at).is_not(None), HazardState.CHECKED.value),
        (col(Hazard.rectified_at).is_not(None), HazardState.RECTIFIED.value),
        (col(Hazard.deadline_on).is_not(None), HazardState.RECTIFYING.value),
        else_=HazardState.REGISTERED.value,
    )
    resumed = {"state": stood, "ended_at": None, "ended_reason": ""}
    return _move_hazards(session, enterprise, col(Hazard.state) == HazardState.ENDED, resumed)


def _move_hazards(session: Session, enterprise: Organisation, which: Any, values: dict[str, Any]) -> list[Hazard]:
    ids = session.scalars(
        update(Hazard)
        .where(col(Hazard.enterprise_id) == enterprise.id, which)
        .values(**values, version=col(Hazard.version) + 1)
        .returning(col(Hazard.id))
        .execution_options(synchronize_session=False)
    ).all()
    moved = select(Hazard).where(col(Hazard.id).in_(ids)).order_by(col(Hazard.id))
    return list(session.scalars(moved.execution_options(populate_existing=True)))


def _close_accounts(session: Session, enterprise: Organisation, now: datetime) -> None:
    theirs = col(Person.organisation_id) == enterprise.id
    people = select(col(Person.id)).where(theirs)
    session.execute(
        update(SignIn).where(col(SignIn.person_id).in_(people), col(SignIn.ended_at).is_(None)).values(ended_at=now)
    )
    session.execute(update(Person).where(theirs, col(Person.disabled_at).is_(None)).values(disabled_at=now))


def _open_accounts(session: Session, enterprise: Organisation) -> None:
    """Open the accounts that the closing closed; who was disabled before stays so."""
    closed = (
        select(col(Event.at))
        .where(col(Event.kind) == "enterprise.closed", col(Event.organisation_id) == enterprise.id)
        .order_by(col(Event.id).desc())
        .limit(1)
        .scalar_subquery()
    )
    theirs = col(Person.organisation_id) == enterprise.id, col(Person.disabled_at) == closed
    session.execute(update(Person).where(*theirs).values(disabled_at=None))


def _record(session: Session, kind: str, enterprise: Organisation, *, by: Actor, now: datetime, **said: Any) -> None:
    record(session, kind, by=by, now=now, about=enterprise, organisation_id=enterprise.id, **said)
