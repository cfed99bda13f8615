"""The steps on a hazard as forms: what each one reads, which verb it calls, what is said afterwards. A new step is one line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from api.deps import Effect
from api.sent import sent_day, sent_version
from campaigns.actions.hazards import rechecking, rectifying, supervision
from campaigns.clock import local_date
from campaigns.rules.finding import PhotoRole, read_plan

Act = Callable[[Session, int, Effect], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it does, the sentence on the next page, and the role of the photos that may come with it."""

    act: Act
    said: str
    photos: PhotoRole | None = None


def _fix(session: Session, hazard_id: int, effect: Effect) -> object:
    return rectifying.fix_on_the_spot(
        session,
        hazard_id=hazard_id,
        rectification=effect.text("rectification"),
        version=sent_version(effect),
        by=effect.actor,
        now=effect.now,
    )


def _plan(session: Session, hazard_id: int, effect: Effect) -> object:
    five = read_plan(effect.values(), today=local_date(effect.now))
    version = sent_version(effect)
    return rectifying.plan(session, hazard_id=hazard_id, plan=five, version=version, by=effect.actor, now=effect.now)


def _rectify(session: Session, hazard_id: int, effect: Effect) -> object:
    return rectifying.report_rectification(
        session,
        hazard_id=hazard_id,
        rectification=effect.text("rectification"),
        version=sent_version(effect),
        by=effect.actor,
        now=effect.now,
    )


def _close(session: Session, hazard_id: int, effect: Effect) -> object:
    opinion, version = effect.text("opinion"), sent_version(effect)
    return rechecking.close(
        session, hazard_id=hazard_id, opinion=opinion, version=version, by=effect.actor, now=effect.now
    )


def _send_back(session: Session, hazard_id: int, effect: Effect) -> object:
    reason, version = effect.text("reason"), sent_version(effect)
    return rechecking.send_back(
        session, hazard_id=hazard_id, reason=reason, version=version, by=effect.actor, now=effect.now
    )


def _list(session: Session, hazard_id: int, effect: Effect) -> object:
    return supervision.list_for_supervision(
        session,
        hazard_id=hazard_id,
        number=effect.text("number"),
        deadline_on=sent_day(effect, "deadline_on"),
        by=effect.actor,
        now=effect.now,
    )


def _delist(session: Session, hazard_id: int, effect: Effect) -> object:
    return supervision.delist(session, hazard_id=hazard_id, by=effect.actor, now=effect.now)


STEPS: Mapping[str, Step] = {
    "fix": Step(_fix, "已报整改，等复查。", PhotoRole.AFTER),
    "plan": Step(_plan, "整改方案已保存，按期改完后再来报整改。"),
    "rectify": Step(_rectify, "已报整改，等复查。", PhotoRole.AFTER),
    "close": Step(_close, "已销号。", PhotoRole.RECHECK),
    "send-back": Step(_send_back, "已退回重改，企业会收到理由。"),
    "list": Step(_list, "已挂牌督办。"),
    "delist": Step(_delist, "已摘牌。"),
}
"""By the last word of the address."""
