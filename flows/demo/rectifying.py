"""What becomes of the demonstration's hazards: planned, put right, rechecked by another, sometimes sent back or listed."""

from datetime import date, time, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.hazards import rechecking, rectifying, supervision
from campaigns.clock import instant, local_date
from campaigns.rules.hazards.finding import RectificationPlan
from campaigns.rules.permissions import Actor, Role
from campaigns.rules.states import OPEN_HAZARD_STATES, HazardSource, HazardState
from campaigns.store.hazards.hazards import Hazard, SupervisionOrder
from flows.demo.doers import Desk

MORNING = time(11, 0)
AFTERNOON = time(16, 10)


def follow_through(session: Session, day: date, desk: Desk) -> None:
    """Do the next step of every open hazard that is due for one on this day."""
    rows = session.scalars(
        select(Hazard).where(col(Hazard.state).in_(OPEN_HAZARD_STATES)).order_by(col(Hazard.id))
    ).all()
    for hazard in rows:
        _next_step(session, hazard, day, desk)
    _delist(session, day, desk)


def _next_step(session: Session, hazard: Hazard, day: date, desk: Desk) -> None:
    age = (day - local_date(hazard.registered_at)).days
    enterprise = desk.people[hazard.enterprise_id]
    match HazardState(hazard.state):
        case HazardState.REGISTERED if age >= 1:
            if hazard.major and hazard.source == HazardSource.INSPECTION:
                _list(session, hazard, day, desk)
            _plan(session, hazard, day, enterprise[0])
        case HazardState.RECTIFYING if age >= 6 + hazard.id % 5 * 6 and hazard.id % 23 != 0:
            _rectify(session, hazard, day, enterprise[-1])
        case HazardState.RECTIFIED if hazard.rectified_on is not None and hazard.rectified_on < day:
            _recheck(session, hazard, day, desk)
        case _:
            return


def _plan(session: Session, hazard: Hazard, day: date, by: Actor) -> None:
    plan = RectificationPlan(
        responsible=f"{by.name}（主要负责人）",
        measures=f"立即设警戒、停用受影响部位，按设计要求处理“{hazard.title}”，完工后自验并留存前后照片。",
        funds=2000 + hazard.id % 9 * 1500 + (30000 if hazard.major else 0),
        deadline_on=day + timedelta(days=35 if hazard.major else 20),
        contingency="整改期间专人值守，出现险情立即停产撤人并报告。",
    )
    rectifying.plan(session, hazard_id=hazard.id, plan=plan, by=by, now=instant(day, MORNING))


def _rectify(session: Session, hazard: Hazard, day: date, by: Actor) -> None:
    words = f"“{hazard.title}”已按方案处理完毕，自验合格。"
    rectifying.report_rectification(session, hazard_id=hazard.id, rectification=words, by=by, now=instant(day, MORNING))


def _recheck(session: Session, hazard: Hazard, day: date, desk: Desk) -> None:
    if hazard.bureau_id is None:
        return
    inspector = _with(desk.people[hazard.bureau_id], Role.INSPECTOR)
    now = instant(day, AFTERNOON)
    first_time = hazard.rectified_on == day - timedelta(days=1)
    if first_time and hazard.id % 11 == 0 and "补" not in hazard.recheck:
        words = "现场仍有一处未处理到位，请补充处理。"
        rechecking.send_back(session, hazard_id=hazard.id, reason=words, by=inspector, now=now)
        return
    rechecking.close(session, hazard_id=hazard.id, opinion="现场复查，整改到位，同意销号。", by=inspector, now=now)
    if hazard.state == HazardState.CHECKED:
        second = _with(desk.people[hazard.bureau_id], Role.LEADER)
        rechecking.close(session, hazard_id=hazard.id, opinion="审核材料和照片，同意销号。", by=second, now=now)


def _list(session: Session, hazard: Hazard, day: date, desk: Desk) -> None:
    if hazard.bureau_id is None:
        return
    leader = _with(desk.people[hazard.bureau_id], Role.LEADER)
    supervision.list_for_supervision(
        session,
        hazard_id=hazard.id,
        number=f"应急督〔{day.year}〕{hazard.id}号",
        deadline_on=day + timedelta(days=60),
        by=leader,
        now=instant(day, MORNING),
    )


def _delist(session: Session, day: date, desk: Desk) -> None:
    rows = session.execute(
        select(col(Hazard.id), col(Hazard.bureau_id))
        .join(SupervisionOrder, col(SupervisionOrder.hazard_id) == col(Hazard.id))
        .where(
            col(SupervisionOrder.delisted_on).is_(None),
            col(Hazard.state) == HazardState.CLOSED,
            col(Hazard.closed_on) < day,
        )
    ).all()
    for hazard_id, bureau_id in rows:
        leader = _with(desk.people[bureau_id], Role.LEADER)
        supervision.delist(session, hazard_id=hazard_id, by=leader, now=instant(day, AFTERNOON))


def _with(people: tuple[Actor, ...], role: Role) -> Actor:
    return next(person for person in people if role in person.roles)
