"""Who sees which ranking, and how much of it.

Its maker sees everything. A superior of the maker sees what was published, with its details. Whoever is ranked, or works below,
sees a published one: his own region's details, and of the others the place and the total and nothing else. Drafts
are the maker's alone, and an enterprise sees none.
"""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor
from campaigns.rules.states import RankingState
from campaigns.store.directory.regions import Region
from campaigns.store.rankings.rankings import Ranking
from campaigns.store.scope import campaigns_in_sight, in_subtree

SHOWN = (RankingState.PUBLISHED, RankingState.REPLACED)


class Sight(StrEnum):
    """How much of a ranking somebody sees."""

    MAKER = "maker"
    ABOVE = "above"
    BELOW = "below"


def in_view(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Return the condition on Ranking that the actor may look at it."""
    if not actor.is_regulator or actor.level is None or actor.region_id is None:
        return false()
    home = session.get_one(Region, actor.region_id)
    ancestors = [one for one in (home.province_id, home.city_id, home.county_id, home.town_id) if one is not None]
    below = select(col(Region.id)).where(in_subtree(actor.level, actor.region_id))
    published = and_(
        col(Ranking.state).in_(SHOWN), or_(col(Ranking.region_id).in_(ancestors), col(Ranking.region_id).in_(below))
    )
    return and_(
        col(Ranking.campaign_id).in_(campaigns_in_sight(actor)),
        or_(col(Ranking.bureau_id) == actor.organisation_id, published),
    )


def seen(session: Session, ranking_id: int, actor: Actor) -> tuple[Ranking, Sight]:
    """Return a ranking in view with how much of it is seen; any other is not found."""
    ranking = session.scalar(select(Ranking).where(col(Ranking.id) == ranking_id, in_view(session, actor)))
    if ranking is None or actor.level is None or actor.region_id is None:
        raise NotFound
    if ranking.bureau_id == actor.organisation_id:
        return ranking, Sight.MAKER
    inside = select(col(Region.id)).where(
        col(Region.id) == ranking.region_id, col(Region.id) != actor.region_id, in_subtree(actor.level, actor.region_id)
    )
    return ranking, Sight.BELOW if session.scalar(inside) is None else Sight.ABOVE


def own_regions(session: Session, actor: Actor, region_ids: set[int]) -> set[int]:
    """Return which ranked regions the actor sees in detail: those inside his own, and the one he works in."""
    if actor.level is None or actor.region_id is None:
        return set()
    home = session.get_one(Region, actor.region_id)
    over = {home.city_id, home.county_id} & region_ids
    below = select(col(Region.id)).where(col(Region.id).in_(region_ids), in_subtree(actor.level, actor.region_id))
    return {*session.scalars(below), *(one for one in over if one is not None)}
