"""I9 for rankings: what was published is what stands there, and its places follow from its own figures."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import col

from campaigns.date_words import day_words
from campaigns.queries.verify.findings import Finding, Scene
from campaigns.rules.states import RankingState
from campaigns.store.ledger import Event
from campaigns.store.rankings.rankings import Ranking
from campaigns.store.rankings.seal import lines_of, ranking_seal

_SEALED = (RankingState.PUBLISHED, RankingState.REPLACED)


def changed_rankings(scene: Scene) -> Iterator[Finding]:
    """Compute the seal of every published ranking again, and its places from its totals."""
    for ranking in scene.session.scalars(
        select(Ranking).where(col(Ranking.state).in_(_SEALED)).order_by(col(Ranking.id))
    ):
        what = f"“{ranking.rule.get('名称', '')}”（排名{ranking.id}，截至{day_words(ranking.until_on)}）"
        published = select(col(Event.data)).where(
            col(Event.kind) == "ranking.published",
            col(Event.subject) == "ranking",
            col(Event.subject_id) == ranking.id,
        )
        said = scene.session.scalar(published)
        if said is None:
            yield Finding(f"ranking {ranking.id}", f"{what}显示已发布，却没有发布的记录。")
        elif not ranking_seal(scene.session, ranking) == ranking.sha256 == said["sha256"]:
            yield Finding(f"ranking {ranking.id}", f"{what}发布以后得分、名次或调整被改动过，和发布时的校验值不符。")
        elif not _places_follow(scene, ranking.id):
            yield Finding(f"ranking {ranking.id}", f"{what}的名次和总分对不上。")


def _places_follow(scene: Scene, ranking_id: int) -> bool:
    lines = lines_of(scene.session, ranking_id)
    totals = [line.total for line in lines if line.total is not None]
    return all(
        line.place == (None if line.total is None else 1 + sum(other > line.total for other in totals))
        for line in lines
    )
