"""排名 as a draft: begun by the superior who ranks, counted anew, given up. Nobody below learns of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.actions.rankings.counting import count
from campaigns.actions.stepping import UNCHANGED
from campaigns.clock import local_date
from campaigns.date_words import day_words
from campaigns.definition.ranking import BonusRule, RankingRule
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.rules.permissions import Actor
from campaigns.rules.rankings.powers import why_not_change, why_not_rank
from campaigns.rules.states import RankingState, check_move
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.campaign.definitions import definition_of
from campaigns.store.database import locked
from campaigns.store.rankings.rankings import Ranking
from campaigns.store.scope import campaigns_in_sight

LIVING = (RankingState.DRAFT, RankingState.PUBLISHED)


def draft(session: Session, *, campaign_id: int, code: str, until_on: date | None, by: Actor, now: datetime) -> Ranking:
    """Begin a ranking by one of the campaign's rules, counted up to the end of a day.

    Raises:
        NotFound: no such campaign in sight, or no such rule in it.
        Forbidden: the actor's bureau does not rank this level, or he may not.
        Conflict: a draft of the same rule is open, or the same day was ranked and published.
    """
    campaign = locked(session, Campaign, campaign_id)
    if campaign is None or campaign_id not in session.scalars(campaigns_in_sight(by)).all():
        raise NotFound
    definition = definition_of(session, campaign)
    rule = definition.rankings.get(code)
    if rule is None:
        raise NotFound
    if why := why_not_rank(by, rule):
        raise Forbidden(why, kept=UNCHANGED)
    day = _checked_day(campaign, until_on, today=local_date(now))
    _check_free(session, campaign_id, code, day, by)
    ranking = Ranking(
        campaign_id=campaign_id,
        bureau_id=by.organisation_id or 0,
        region_id=by.region_id or 0,
        code=code,
        rule=_plain(rule),
        bonuses=[_plain(bonus) for bonus in definition.bonuses.values() if bonus.ranking == code],
        until_on=day,
        state=RankingState.DRAFT,
        drafted_by_id=by.person_id or 0,
        drafted_at=now,
        counted_at=now,
    )
    session.add(ranking)
    session.flush()
    count(session, ranking, now=now)
    note(session, "ranking.drafted", ranking, by=by, now=now)
    return ranking


def recount(session: Session, *, ranking_id: int, seen: int | None, by: Actor, now: datetime) -> Ranking:
    """Count a draft's figures anew: what was decided since, or corrected, enters; marks and adjustments stay."""
    ranking = draft_for(session, ranking_id, seen=seen, by=by)
    count(session, ranking, now=now)
    changed(session, ranking)
    note(session, "ranking.recounted", ranking, by=by, now=now)
    return ranking


def discard(session: Session, *, ranking_id: int, seen: int | None = None, by: Actor, now: datetime) -> Ranking:
    """Give a draft up. It stays readable to its maker, with everything that was done to it."""
    ranking = draft_for(session, ranking_id, seen=seen, by=by)
    check_move("排名", RankingState(ranking.state), RankingState.DISCARDED)
    ranking.state = RankingState.DISCARDED
    changed(session, ranking)
    note(session, "ranking.discarded", ranking, by=by, now=now)
    return ranking


def draft_for(session: Session, ranking_id: int, *, seen: int | None, by: Actor) -> Ranking:
    """Return a draft of the actor's bureau, locked; anybody else's is not found.

    Raises:
        Conflict: it is no draft any more, or somebody changed it since version `seen`.
    """
    ranking = own_ranking(session, ranking_id, by=by)
    why = why_not_change(by, RankingState(ranking.state), ranking.bureau_id)
    if why and ranking.state != RankingState.DRAFT:
        raise Conflict(why, kept=UNCHANGED)
    if why:
        raise Forbidden(why, kept=UNCHANGED)
    check_seen(ranking, seen)
    return ranking


def check_seen(ranking: Ranking, seen: int | None) -> None:
    """Raise Conflict with both versions if the ranking was changed since the actor looked at it."""
    if seen is not None and seen != ranking.edit_version:
        raise Conflict(
            f"您打开的是这份排名第{seen}次改动后的样子，现在已改到第{ranking.edit_version}次。",
            kept="您这次的操作没有生效，别人的改动保持不变。",
            advice="请刷新页面，看清最新内容后再办理。",
        )


def own_ranking(session: Session, ranking_id: int, *, by: Actor) -> Ranking:
    """Return a ranking of the actor's bureau, locked; any other is not found."""
    ranking = locked(session, Ranking, ranking_id)
    if ranking is None or ranking.bureau_id != by.organisation_id:
        raise NotFound
    return ranking


def changed(session: Session, ranking: Ranking) -> None:
    """Count a change, so that who looked before it is told."""
    ranking.edit_version += 1
    session.flush()


def note(session: Session, kind: str, ranking: Ranking, *, by: Actor, now: datetime, **data: Any) -> None:
    """Record what happened to a ranking, in its bureau's trail."""
    whose: dict[str, Any] = {"campaign_id": ranking.campaign_id, "organisation_id": ranking.bureau_id}
    said = {"ranking": ranking.rule["名称"], "until_on": ranking.until_on.isoformat(), "version": ranking.version}
    record(session, kind, by=by, now=now, about=ranking, **whose, **said, **data)


def _plain(rule: RankingRule | BonusRule) -> dict[str, Any]:
    written: dict[str, Any] = rule.model_dump(mode="json", by_alias=True, exclude_none=True)
    return written


def _checked_day(campaign: Campaign, day: date | None, *, today: date) -> date:
    if day is None or not campaign.starts_on <= day <= today:
        words = f"请选一天：不早于{day_words(campaign.starts_on)}（行动启动），不晚于今天。"
        raise Invalid("没有开始排名。", fields={"until_on": words}, kept=UNCHANGED)
    return day


def _check_free(session: Session, campaign_id: int, code: str, day: date, by: Actor) -> None:
    same = (
        col(Ranking.campaign_id) == campaign_id,
        col(Ranking.bureau_id) == by.organisation_id,
        col(Ranking.code) == code,
    )
    for other in session.scalars(select(Ranking).where(*same, col(Ranking.state).in_(LIVING))):
        if other.state == RankingState.DRAFT:
            raise Conflict("这个排名已经有一份草稿。", kept=UNCHANGED, advice="请接着办那一份，或先作废它。")
        if other.until_on == day:
            raise Conflict("这一天的排名已经发布。", kept=UNCHANGED, advice="要改的，请打开它另作更正。")
