"""挂牌督办 of a major hazard (004 七（二）): listed by a regulator, addressed to the department below, delisted when closed."""

from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.hazards.step import hazard_for, note
from campaigns.actions.stepping import UNCHANGED
from campaigns.clock import local_date
from campaigns.errors import Conflict, Forbidden, Invalid
from campaigns.rules.dates.far_dates import too_far
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import OPEN_HAZARD_STATES, HazardState
from campaigns.store.hazards.hazards import SupervisionOrder
from campaigns.store.hazards.holdings import delisting_bureaus

LONGEST_NUMBER = 60


def list_for_supervision(
    session: Session,
    *,
    hazard_id: int,
    number: str,
    deadline_on: date | None = None,
    by: Actor,
    now: datetime,
) -> SupervisionOrder:
    """挂牌: put a major hazard that is not closed under supervision, once, with the order's document number."""
    hazard = hazard_for(session, hazard_id, Permission.SUPERVISE_HAZARD, by=by)
    if not hazard.major:
        raise Conflict("只有重大事故隐患才挂牌督办。", kept=UNCHANGED)
    if hazard.state not in OPEN_HAZARD_STATES:
        state = HazardState(hazard.state).label
        raise Conflict(f"这项隐患现在是“{state}”，不用再挂牌。", kept=UNCHANGED)
    if order_of(session, hazard.id) is not None:
        raise Conflict("这项隐患已经挂牌督办。", kept=UNCHANGED)
    _check(number, deadline_on, today=local_date(now))
    order = SupervisionOrder(
        hazard_id=hazard.id,
        issued_by_id=by.organisation_id or 0,
        number=number.strip(),
        issued_on=local_date(now),
        deadline_on=deadline_on,
        recorded_by_id=by.person_id or 0,
        recorded_at=now,
    )
    session.add(order)
    session.flush()
    note(session, "hazard.listed", hazard, by=by, now=now, order=order.number)
    return order


def delist(session: Session, *, hazard_id: int, by: Actor, now: datetime) -> SupervisionOrder:
    """摘牌: the regulator that listed a hazard takes it off the list after it is closed."""
    hazard = hazard_for(session, hazard_id, Permission.SUPERVISE_HAZARD, by=by)
    order = order_of(session, hazard.id)
    if order is None or order.delisted_on is not None:
        raise Conflict("这项隐患现在没有挂牌。", kept=UNCHANGED)
    if by.organisation_id not in set(session.scalars(delisting_bureaus(order))):
        raise Forbidden("谁挂牌谁摘牌。", kept=UNCHANGED, advice="请由挂牌的部门摘牌。")
    if hazard.state in OPEN_HAZARD_STATES:
        raise Conflict("隐患还没有销号，不能摘牌。", kept=UNCHANGED, advice="请先复查销号。")
    order.delisted_on = local_date(now)
    session.flush()
    note(session, "hazard.delisted", hazard, by=by, now=now, order=order.number)
    return order


def order_of(session: Session, hazard_id: int) -> SupervisionOrder | None:
    """Return the supervision order of a hazard, whether or not it was delisted."""
    return session.scalar(select(SupervisionOrder).where(col(SupervisionOrder.hazard_id) == hazard_id))


def _check(number: str, deadline_on: date | None, *, today: date) -> None:
    wrong: dict[str, str] = {}
    if not number.strip() or len(number.strip()) > LONGEST_NUMBER:
        wrong["number"] = f"请填写督办文号（不超过{LONGEST_NUMBER}个字）。"
    if deadline_on is not None and deadline_on < today:
        wrong["deadline_on"] = "督办期限不能早于今天。"
    elif deadline_on is not None and (sentence := too_far(deadline_on, today=today)):
        wrong["deadline_on"] = sentence
    if wrong:
        raise Invalid("没有挂牌。", fields=wrong, kept=UNCHANGED)
