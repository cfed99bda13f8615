"""回头看: draw some of the hazards closed in a period, look at them again, and reopen those that came back.

Nobody chooses the seed: it is the latest hash of the event ledger, which nobody can know beforehand and anybody can read later.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.actions.hazards.reopening import reopen
from campaigns.actions.hazards.step import hazard_for, note, words_of
from campaigns.actions.stepping import UNCHANGED
from campaigns.clock import local_date
from campaigns.date_words import day_words
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.rules.hazards.sampling import MOST, check_may_look_back, drawn, population_hash
from campaigns.rules.permissions import Actor, Permission, Relation
from campaigns.store.database import locked
from campaigns.store.hazards.look_backs import LookBack, LookBackItem
from campaigns.store.hazards.sampling import closed_between
from campaigns.store.ledger import GENESIS, Event
from campaigns.store.scope import relation


def draw(
    session: Session, *, starts_on: date | None, ends_on: date | None, size: int | None, by: Actor, now: datetime
) -> LookBack:
    """抽样: draw `size` of the hazards that the actor's bureau answered for and that were closed in the period."""
    check_may_look_back(by)
    first, last, many = _checked(starts_on, ends_on, size, today=local_date(now))
    closed = closed_between(session, by.organisation_id or 0, first, last)
    if not closed:
        raise Conflict("这段时间没有销号的隐患，没有可抽的。", kept=UNCHANGED, advice="请换一段时间。")
    seed = session.scalar(select(col(Event.hash)).order_by(col(Event.id).desc()).limit(1)) or GENESIS
    sample = drawn(closed, seed=seed, size=many)
    draw = LookBack(
        bureau_id=by.organisation_id or 0,
        starts_on=first,
        ends_on=last,
        seed=seed,
        population=len(closed),
        population_sha256=population_hash(closed),
        size=len(sample),
        drawn_by_id=by.person_id or 0,
        drawn_at=now,
    )
    session.add(draw)
    session.flush()
    for position, number in enumerate(sample, start=1):
        session.add(LookBackItem(look_back_id=draw.id, hazard_id=closed[number], position=position))
    session.flush()
    facts = {"seed": seed, "population": len(closed), "size": len(sample), "numbers": list(sample)}
    organisation_id = by.organisation_id
    record(session, "look_back.drawn", by=by, now=now, about=draw, organisation_id=organisation_id, **facts)  # type: ignore[arg-type]
    return draw


def note_result(
    session: Session, *, item_id: int, held: bool | None, opinion: str, by: Actor, now: datetime
) -> LookBackItem:
    """Write down what was found on the spot: 合格, or 反弹, which reopens the hazard.

    It is the bureau that supervises the enterprise now which looks: the one that drew, or whoever took the enterprise over.
    """
    item = locked(session, LookBackItem, item_id)
    if item is None:
        raise NotFound
    hazard = hazard_for(session, item.hazard_id, Permission.RECHECK_HAZARD, by=by)
    if relation(session, by, hazard.enterprise_id) is not Relation.SUPERVISED:
        raise NotFound
    if item.looked_at is not None:
        raise Conflict("这项已经看过，结果不能改写。", kept=UNCHANGED, advice="请刷新页面查看。")
    if held is None:
        raise Invalid("没有保存。", fields={"held": "请选合格还是反弹。"}, kept=UNCHANGED)
    item.opinion = words_of(opinion, field="opinion", what="看到的情况")
    item.held, item.looked_by_id, item.looked_at = held, by.person_id, now
    if held:
        note(session, "hazard.held", hazard, by=by, now=now, opinion=item.opinion)
    else:
        item.reopened_id = reopen(session, hazard_id=hazard.id, description=item.opinion, by=by, now=now).id
    session.flush()
    return item


def _checked(starts_on: date | None, ends_on: date | None, size: int | None, *, today: date) -> tuple[date, date, int]:
    wrong: dict[str, str] = {}
    if starts_on is None:
        wrong["starts_on"] = "请选从哪一天起销号的。"
    if ends_on is None or ends_on >= today or (starts_on is not None and ends_on < starts_on):
        wrong["ends_on"] = f"请选到哪一天止：不早于起日，要在今天（{day_words(today)}）以前，名单才不会再变。"
    if size is None or not 1 <= size <= MOST:
        wrong["size"] = f"请填抽几项，1到{MOST}。"
    if starts_on is None or ends_on is None or size is None or wrong:
        raise Invalid("没有抽取。", fields=wrong, kept=UNCHANGED)
    return starts_on, ends_on, size
