"""What an official makes of a flag: he sets it aside with a reason, or puts the enterprise on the list and says what he found.

Nothing else ever follows from a flag, and only the bureau that supervises the enterprise now sees or decides one.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from campaigns.actions.events import record
from campaigns.actions.hazards.step import words_of
from campaigns.actions.stepping import UNCHANGED, check_version, move, reason_of
from campaigns.clock import local_date
from campaigns.date_words import day_words
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.rules.permissions import Actor, Permission, may
from campaigns.rules.states import FlagState, check_move
from campaigns.store.database import locked
from campaigns.store.scope import relation
from campaigns.store.spot_checks import Flag, SpotCheck


def set_aside(
    session: Session, *, flag_id: int, reason: str, version: int | None = None, by: Actor, now: datetime
) -> Flag:
    """放下: the official sees no occasion, and says why."""
    flag = _flag_for(session, flag_id, version, FlagState.SET_ASIDE, by=by)
    why = reason_of(reason, what="不列入抽查的理由")
    move(session, flag, FlagState.SET_ASIDE, reason=why, decided_by_id=by.person_id, decided_at=now)
    _note(session, "flag.set_aside", flag, by=by, now=now, enterprise_id=flag.enterprise_id, reason=why)
    return flag


def put_on_list(
    session: Session, *, flag_id: int, planned_on: date | None, version: int | None = None, by: Actor, now: datetime
) -> SpotCheck:
    """列入抽查: the enterprise is on the list; on the one that waits for it already, if there is one, whose day then stays."""
    flag = _flag_for(session, flag_id, version, FlagState.LISTED, by=by)
    check = session.scalar(
        select(SpotCheck).where(col(SpotCheck.enterprise_id) == flag.enterprise_id, col(SpotCheck.checked_at).is_(None))
    ) or _listed(session, flag, planned_on, by=by, now=now)
    move(session, flag, FlagState.LISTED, spot_check_id=check.id, decided_by_id=by.person_id, decided_at=now)
    day = check.planned_on.isoformat()
    _note(session, "flag.listed", flag, by=by, now=now, enterprise_id=flag.enterprise_id, planned_on=day)
    return check


def note_outcome(
    session: Session, *, spot_check_id: int, outcome: str, checked_on: date | None, by: Actor, now: datetime
) -> SpotCheck:
    """Write down what was seen on the spot; a hazard found there is registered as any other."""
    check = locked(session, SpotCheck, spot_check_id)
    _check_his(session, check.enterprise_id if check else None, by=by)
    if check is None:
        raise NotFound
    if check.checked_at is not None:
        raise Conflict("这次抽查已经记过结果，不能改写。", kept=UNCHANGED, advice="请刷新页面查看。")
    words = words_of(outcome, field="outcome", what="抽查看到的情况")
    if checked_on is None or not local_date(check.listed_at) <= checked_on <= local_date(now):
        raise Invalid(
            "没有保存。",
            fields={
                "checked_on": f"请选哪天去的：不早于列入名单的{day_words(local_date(check.listed_at))}，不晚于今天。"
            },
            kept=UNCHANGED,
        )
    check.outcome, check.checked_on, check.checked_by_id, check.checked_at = words, checked_on, by.person_id, now
    session.flush()
    _note(session, "spot_check.done", check, by=by, now=now, enterprise_id=check.enterprise_id, opinion=words)
    return check


def _flag_for(session: Session, flag_id: int, version: int | None, to: FlagState, *, by: Actor) -> Flag:
    flag = locked(session, Flag, flag_id)
    _check_his(session, flag.enterprise_id if flag else None, by=by)
    if flag is None:
        raise NotFound
    check_version(session, flag, seen=version)
    check_move("疑点", FlagState(flag.state), to)
    return flag


def _check_his(session: Session, enterprise_id: int | None, *, by: Actor) -> None:
    """Raise NotFound for everybody else, the enterprise itself above all: to be told “no” would already tell it."""
    if enterprise_id is None or not may(by, Permission.SPOT_CHECK, relation(session, by, enterprise_id)):
        raise NotFound


def _listed(session: Session, flag: Flag, planned_on: date | None, *, by: Actor, now: datetime) -> SpotCheck:
    if planned_on is None or planned_on < local_date(now):
        raise Invalid("没有列入。", fields={"planned_on": "请选打算哪天去，今天或以后。"}, kept=UNCHANGED)
    check = SpotCheck(
        enterprise_id=flag.enterprise_id,
        bureau_id=by.organisation_id or 0,
        planned_on=planned_on,
        listed_by_id=by.person_id or 0,
        listed_at=now,
    )
    session.add(check)
    session.flush()
    return check


def _note(session: Session, kind: str, about: SQLModel, *, by: Actor, now: datetime, **data: Any) -> None:
    """Record it in the bureau's own trail: in the enterprise's it would be an accusation."""
    record(session, kind, by=by, now=now, about=about, organisation_id=by.organisation_id, **data)
