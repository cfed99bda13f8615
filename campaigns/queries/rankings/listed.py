"""排名 of a campaign: the rules that its definition has, with their formulas, and the rankings in the reader's view."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.definition.ranking import BonusRule, RankingRule
from campaigns.queries.rankings.sight import in_view
from campaigns.rules.permissions import Actor
from campaigns.rules.rankings.powers import why_not_rank
from campaigns.rules.rankings.ranking import in_words
from campaigns.rules.states import RankingState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.campaign.definitions import definition_of
from campaigns.store.directory.regions import Organisation
from campaigns.store.rankings.rankings import Ranking


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule of the campaign: its formula, its bonuses, why the actor cannot rank by it, and the draft that is open."""

    code: str
    rule: RankingRule
    formula: str
    bonuses: tuple[BonusRule, ...]
    why_not: str
    draft_id: int | None


@dataclass(frozen=True, slots=True)
class RankingLineOf:
    """One ranking in a list."""

    id: int
    title: str
    bureau: str
    state: RankingState
    version: int
    until_on: date
    published_at: datetime | None


def rules_of(session: Session, *, campaign_id: int, actor: Actor) -> tuple[RuleLine, ...]:
    """List the campaign's rules of ranking. The campaign's page checked that it is in sight."""
    definition = definition_of(session, session.get_one(Campaign, campaign_id))
    drafts = select(col(Ranking.code), col(Ranking.id)).where(
        col(Ranking.campaign_id) == campaign_id,
        col(Ranking.bureau_id) == actor.organisation_id,
        col(Ranking.state) == RankingState.DRAFT,
    )
    open_drafts = dict(session.execute(drafts).tuples().all())
    return tuple(
        RuleLine(
            code,
            rule,
            in_words(rule),
            tuple(bonus for bonus in definition.bonuses.values() if bonus.ranking == code),
            why_not_rank(actor, rule),
            open_drafts.get(code),
        )
        for code, rule in definition.rankings.items()
    )


def rankings_of(session: Session, *, campaign_id: int, actor: Actor) -> tuple[RankingLineOf, ...]:
    """List the rankings of a campaign in the actor's view, the newest first."""
    rows = session.execute(
        select(Ranking, col(Organisation.name))
        .join(Organisation, col(Organisation.id) == col(Ranking.bureau_id))
        .where(col(Ranking.campaign_id) == campaign_id, in_view(session, actor))
        .order_by(col(Ranking.until_on).desc(), col(Ranking.id).desc())
    )
    return tuple(
        RankingLineOf(
            row.id, row.rule["名称"], bureau, RankingState(row.state), row.version, row.until_on, row.published_at
        )
        for row, bureau in rows
    )
