"""文书 of a campaign: which documents can be drafted now, for whom, from what; and the facts of the one that is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.date_words import day_words
from campaigns.errors import Invalid, NotFound
from campaigns.queries.campaign.overview import CampaignHead, campaign_head
from campaigns.queries.documents.chasing import bulletin, late_organisations, reminder
from campaigns.queries.documents.counted import Asked
from campaigns.queries.documents.launching import launch_notice
from campaigns.queries.documents.summing_up import quarter_days, quarterly, stage_summary, summary
from campaigns.queries.documents.supervising import addressee, listed, supervision
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.documents import DocumentKind, Facts, Offer
from campaigns.rules.permissions import Actor, OrganisationKind, Permission, Relation, check, why_not
from campaigns.rules.quotes import quoted
from campaigns.rules.states import CampaignState, StageState, TaskState
from campaigns.store.campaign.campaigns import Stage
from campaigns.store.directory.regions import Organisation
from campaigns.store.scope import visible
from campaigns.store.work.tasks import Task

MOST_RECIPIENTS = 500
Question = Callable[[Session, Asked], Facts]
Choices = tuple[tuple[str, str], ...]
ONE: Choices = (("", ""),)
K = DocumentKind
TO_ONE = (K.LAUNCH_NOTICE, K.REMINDER)
"""Kinds whose `about` is an organisation: the list shows only the first of very many, the question checks the rest."""

FACTS: Mapping[DocumentKind, Question] = {
    K.LAUNCH_NOTICE: launch_notice,
    K.REMINDER: reminder,
    K.BULLETIN: bulletin,
    K.SUPERVISION: supervision,
    K.STAGE_SUMMARY: stage_summary,
    K.QUARTERLY: quarterly,
    K.SUMMARY: summary,
}
"""One question per kind; a new kind of document is one line here and one text in the library."""

RESTS_ON: Mapping[DocumentKind, str] = {
    K.LAUNCH_NOTICE: "行动方案、任务台账",
    K.REMINDER: "任务台账中这个单位的逾期任务、没有上报的报表",
    K.BULLETIN: "任务台账、各期报表的上报情况",
    K.SUPERVISION: "挂牌督办台账、隐患台账的五落实",
    K.STAGE_SUMMARY: "这个阶段的任务、各地进度、隐患台账",
    K.QUARTERLY: "这个季度的任务、隐患和报表",
    K.SUMMARY: "全部任务、各地进度、隐患台账、最后一期报表",
}
NOTHING: Mapping[DocumentKind, str] = {
    K.LAUNCH_NOTICE: "这个行动在您的管辖范围内没有任务。",
    K.REMINDER: "没有单位逾期，不需要催办。",
    K.BULLETIN: "",
    K.SUPERVISION: "本单位没有正在挂牌督办的重大隐患。",
    K.STAGE_SUMMARY: "还没有开始任何阶段。",
    K.QUARTERLY: "行动还没有开始。",
    K.SUMMARY: "",
}


def offers(
    session: Session, *, campaign_id: int, actor: Actor, now: datetime
) -> tuple[CampaignHead, tuple[Offer, ...]]:
    """Return the campaign and what a bureau's official can draft about it now; those he cannot say why not."""
    asked = _asked(session, campaign_id, "", actor, now)
    may_not = why_not(actor, Permission.DRAFT_DOCUMENT, Relation.SELF)
    return asked.head, tuple(_offer(session, kind, asked, may_not) for kind in DocumentKind)


def facts_for(
    session: Session,
    *,
    campaign_id: int,
    kind: DocumentKind,
    about: str,
    actor: Actor,
    now: datetime,
    link: Callable[[int], str] | None = None,
) -> Facts:
    """Return everything one document says; one that is not on offer is refused with the reason. `link`: see `Asked`."""
    asked = replace(_asked(session, campaign_id, about, actor, now), link=link)
    check(actor, Permission.DRAFT_DOCUMENT, Relation.SELF)
    offer = _offer(session, kind, asked, "")
    if offer.why_not:
        raise Invalid(offer.why_not, kept="没有生成文书。", advice="请回到文书页面查看现在能拟写的文书。")
    if kind not in TO_ONE and about not in dict(offer.choices):
        raise NotFound
    return FACTS[kind](session, asked)


def _asked(session: Session, campaign_id: int, about: str, actor: Actor, now: datetime) -> Asked:
    if actor.organisation_kind is not OrganisationKind.BUREAU or actor.organisation_id is None:
        raise NotFound
    head = campaign_head(session, campaign_id=campaign_id, actor=actor)
    return Asked(head, session.get_one(Organisation, actor.organisation_id).name, about, actor, now)


def _offer(session: Session, kind: DocumentKind, asked: Asked, may_not: str) -> Offer:
    choices = CHOICES[kind](session, asked)
    blocked = may_not or ("" if choices else NOTHING[kind]) or (_too_early(asked) if kind is K.SUMMARY else "")
    return Offer(kind, RESTS_ON[kind], choices, blocked)


def _too_early(asked: Asked) -> str:
    over = asked.head.state is CampaignState.CLOSED or local_date(asked.now) > asked.head.ends_on
    last = asked.head.ends_on
    return "" if over else f"行动到{day_words(last)}才结束，现在还不能写总结。"


def _recipients(session: Session, asked: Asked) -> Choices:
    doers = (
        select(col(Organisation.id), col(Organisation.name))
        .join(Task, col(Task.organisation_id) == col(Organisation.id))
        .where(
            col(Task.campaign_id) == asked.head.id,
            col(Task.state) != TaskState.WITHDRAWN,
            col(Organisation.id).in_(visible(asked.actor)),
        )
        .group_by(col(Organisation.id), col(Organisation.name))
        .order_by(col(Organisation.id))
        .limit(MOST_RECIPIENTS)
    )
    rows = tuple((str(id_), name) for id_, name in session.execute(doers))
    return (("", "各有关单位（全部任务）"), *rows) if rows else ()


def _late(session: Session, asked: Asked) -> Choices:
    late = late_organisations(session, asked)[:MOST_RECIPIENTS]
    return tuple((str(id_), f"{name}（逾期{count}项）") for id_, name, _, count, _ in late)


def _orders(session: Session, asked: Asked) -> Choices:
    return tuple(
        (str(hazard.id), f"致{addressee(asked.issuer, enterprise, answerable)}：{enterprise}{quoted(hazard.title)}")
        for _, hazard, enterprise, answerable in listed(session, asked)
    )


def _stages(session: Session, asked: Asked) -> Choices:
    begun = col(Stage.campaign_id) == asked.head.id, col(Stage.state) != StageState.WAITING
    stages = session.scalars(select(Stage).where(*begun).order_by(col(Stage.position)))
    return tuple((stage.code, f"{stage.title}（{StageState(stage.state).label}）") for stage in stages)


def _quarters(session: Session, asked: Asked) -> Choices:
    del session
    last = min(local_date(asked.now), asked.head.ends_on)
    quarters, day = [], asked.head.starts_on
    while day <= last:
        name = _quarter(day)
        quarters.append((name, period_label(name)))
        day = date.fromordinal(quarter_days(name)[1].toordinal() + 1)
    return tuple(reversed(quarters))


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _single(session: Session, asked: Asked) -> Choices:
    del session, asked
    return ONE


CHOICES: Mapping[DocumentKind, Callable[[Session, Asked], Choices]] = {
    K.LAUNCH_NOTICE: _recipients,
    K.REMINDER: _late,
    K.BULLETIN: _single,
    K.SUPERVISION: _orders,
    K.STAGE_SUMMARY: _stages,
    K.QUARTERLY: _quarters,
    K.SUMMARY: _single,
}
