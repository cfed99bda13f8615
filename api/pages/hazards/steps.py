"""The steps on a hazard as forms: what each one reads, which verb it calls, what is said afterwards. A new step is one line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from api.deps import Effect
from api.sent import sent_day, sent_version
from campaigns.actions.hazards import (
    escalating,
    extending,
    photographing,
    rechecking,
    rectifying,
    regrading,
    reopening,
    reporting_up,
    stopping,
    supervision,
)
from campaigns.clock import local_date
from campaigns.rules.hazards.criteria import Criterion
from campaigns.rules.hazards.finding import PhotoRole, read_plan
from campaigns.rules.hazards.stopping import StopScope
from campaigns.rules.work.fields import read_id

Act = Callable[[Session, int, Effect], object]
"""Takes the step. A Hazard that it returns is the one to go to: a relapse goes on under a number of its own."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it does, the sentence on the next page, and the role of the photos that may come with it.

    `page` is the page of its own that holds its form; empty when the form stands on the hazard's page, and then `rule` is the
    question of HazardSteps that allows it.
    """

    act: Act
    said: str
    photos: PhotoRole | None = None
    page: str = ""
    rule: str = ""

    @property
    def allowed_by(self) -> str:
        """The question of HazardSteps that allows it: a page is named after its own."""
        return self.page or self.rule


@dataclass(frozen=True, slots=True)
class StepPage:
    """A page for one rarer step: its title and icon. Its form is hazard-steps/NAME.html, its rule HazardSteps.NAME."""

    title: str
    symbol: str


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


def _ask_extension(session: Session, hazard_id: int, effect: Effect) -> object:
    return extending.ask_extension(
        session,
        hazard_id=hazard_id,
        deadline_on=sent_day(effect, "deadline_on"),
        reason=effect.text("reason"),
        version=sent_version(effect),
        by=effect.actor,
        now=effect.now,
    )


def _grant_extension(session: Session, hazard_id: int, effect: Effect) -> object:
    reason, version = effect.text("reason"), sent_version(effect)
    return extending.grant_extension(
        session, hazard_id=hazard_id, reason=reason, version=version, by=effect.actor, now=effect.now
    )


def _decline_extension(session: Session, hazard_id: int, effect: Effect) -> object:
    reason, version = effect.text("reason"), sent_version(effect)
    return extending.decline_extension(
        session, hazard_id=hazard_id, reason=reason, version=version, by=effect.actor, now=effect.now
    )


def _regrade(session: Session, hazard_id: int, effect: Effect) -> object:
    return regrading.regrade(
        session,
        hazard_id=hazard_id,
        criterion=Criterion(effect.text("criterion"), clause_id=read_id(effect.text("clause"))),
        reason=effect.text("reason"),
        version=sent_version(effect),
        by=effect.actor,
        now=effect.now,
    )


def _report_up(session: Session, hazard_id: int, effect: Effect) -> object:
    content = effect.text("content")
    return reporting_up.report_to_bureau(session, hazard_id=hazard_id, content=content, by=effect.actor, now=effect.now)


def _report_workers(session: Session, hazard_id: int, effect: Effect) -> object:
    return reporting_up.report_to_workers(
        session,
        hazard_id=hazard_id,
        content=effect.text("content"),
        received_by=effect.text("received_by"),
        received_on=sent_day(effect, "received_on"),
        by=effect.actor,
        now=effect.now,
    )


def _receive(session: Session, hazard_id: int, effect: Effect) -> object:
    return reporting_up.receive(session, hazard_id=hazard_id, by=effect.actor, now=effect.now)


def _stop(session: Session, hazard_id: int, effect: Effect) -> object:
    scope = effect.text("scope")
    return stopping.order_stop(
        session,
        hazard_id=hazard_id,
        scope=StopScope(scope) if scope in set(StopScope) else None,
        place=effect.text("place"),
        number=effect.text("number"),
        reason=effect.text("reason"),
        by=effect.actor,
        now=effect.now,
    )


def _lift(session: Session, hazard_id: int, effect: Effect) -> object:
    reason = effect.text("reason")
    return stopping.lift_stop(session, hazard_id=hazard_id, reason=reason, by=effect.actor, now=effect.now)


def _escalate(session: Session, hazard_id: int, effect: Effect) -> object:
    return escalating.escalate(
        session,
        hazard_id=hazard_id,
        difficulty=effect.text("difficulty"),
        tried=effect.text("tried"),
        wanted=effect.text("wanted"),
        by=effect.actor,
        now=effect.now,
    )


def _answer(session: Session, hazard_id: int, effect: Effect) -> object:
    reply = effect.text("reply")
    return escalating.answer(session, hazard_id=hazard_id, reply=reply, by=effect.actor, now=effect.now)


def _reopen(session: Session, hazard_id: int, effect: Effect) -> object:
    description, version = effect.text("description"), sent_version(effect)
    return reopening.reopen(
        session, hazard_id=hazard_id, description=description, version=version, by=effect.actor, now=effect.now
    )


def _photograph(session: Session, hazard_id: int, effect: Effect) -> object:
    photos = len(effect.files("photos"))
    return photographing.photograph(session, hazard_id=hazard_id, photos=photos, by=effect.actor, now=effect.now)


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
    "fix": Step(_fix, "已报整改，等复查。", PhotoRole.AFTER, rule="fix"),
    "plan": Step(_plan, "整改方案已保存，按期改完后再来报整改。", rule="plan"),
    "rectify": Step(_rectify, "已报整改，等复查。", PhotoRole.AFTER, rule="rectify"),
    "close": Step(_close, "复查意见已记录。", PhotoRole.RECHECK, rule="recheck"),
    "send-back": Step(_send_back, "已退回重改，企业会收到理由。", rule="recheck"),
    "extend": Step(_ask_extension, "延期申请已提交，等决定。", page="extend"),
    "grant-extension": Step(_grant_extension, "已同意延期，企业会收到新的期限。", page="decide_extension"),
    "decline-extension": Step(_decline_extension, "已不同意延期，企业会收到理由。", page="decide_extension"),
    "regrade": Step(_regrade, "已改判，经过里留有记录。", page="regrade"),
    "report_up": Step(_report_up, "已直报监管部门，等接收。", page="report_up"),
    "report_workers": Step(_report_workers, "已记下职工大会或职代会的签收。", PhotoRole.RECEIPT, page="report_workers"),
    "receive": Step(_receive, "已接收，企业会看到回执。", page="receive"),
    "stop": Step(_stop, "已记录停产。", page="stop"),
    "lift": Step(_lift, "已记录恢复生产。", page="lift"),
    "escalate": Step(_escalate, "已提请上级，等答复。", page="escalate"),
    "answer": Step(_answer, "已答复，下级会收到。", page="answer"),
    "reopen": Step(_reopen, "已登记反弹，这是新的一项，连着原来的销号。", PhotoRole.BEFORE, page="reopen"),
    "photograph": Step(_photograph, "照片已保存。", PhotoRole.BEFORE, page="photograph"),
    "list": Step(_list, "已挂牌督办。", rule="supervise"),
    "delist": Step(_delist, "已摘牌。", rule="delist"),
}
"""By the last word of the address."""

PAGES: Mapping[str, StepPage] = {
    "receive": StepPage("接收直报", "inbox"),
    "answer": StepPage("答复下级提请", "reply"),
    "report_up": StepPage("直报监管部门", "send"),
    "report_workers": StepPage("报告职工大会或职代会", "users"),
    "photograph": StepPage("补整改前照片", "camera"),
    "extend": StepPage("申请延长整改期限", "calendar-plus"),
    "decide_extension": StepPage("决定延期申请", "stamp"),
    "reopen": StepPage("登记反弹", "rotate-ccw"),
    "lift": StepPage("恢复生产", "circle-play"),
    "stop": StepPage("停产", "octagon-pause"),
    "regrade": StepPage("改判隐患等级", "scale"),
    "escalate": StepPage("提请上级协调", "arrow-up-from-line"),
}
"""By the last word of the address, in the order in which the hazard's page offers them."""
