"""What is sealed of a published ranking: its rule, every line, every mark and adjustment, whoever published it and when."""

import hashlib
from typing import Any

import orjson
from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from campaigns.store.rankings.rankings import Ranking, RankingAdjustment, RankingLine, RankingMark

_KEPT = (
    "campaign_id",
    "bureau_id",
    "code",
    "rule",
    "bonuses",
    "until_on",
    "version",
    "published_by_id",
    "published_at",
)


def lines_of(session: Session, ranking_id: int) -> list[RankingLine]:
    """Return the lines as they are shown: by place, then those without one by name."""
    lines = session.scalars(select(RankingLine).where(col(RankingLine.ranking_id) == ranking_id))
    return sorted(lines, key=lambda line: (line.place is None, line.place or 0, line.name))


def marks_of(session: Session, ranking_id: int) -> list[RankingMark]:
    """Return every mark."""
    marks = select(RankingMark).where(col(RankingMark.ranking_id) == ranking_id)
    return list(session.scalars(marks.order_by(col(RankingMark.region_id), col(RankingMark.item))))


def adjustments_of(session: Session, ranking_id: int) -> list[RankingAdjustment]:
    """Return every adjustment in the order they were made, revoked ones too."""
    made = select(RankingAdjustment).where(col(RankingAdjustment.ranking_id) == ranking_id)
    return list(session.scalars(made.order_by(col(RankingAdjustment.id))))


def ranking_seal(session: Session, ranking: Ranking) -> str:
    """Return the SHA-256 over everything that was published."""
    parts = {name: getattr(ranking, name) for name in _KEPT}
    lines = sorted(lines_of(session, ranking.id), key=lambda line: line.region_id)
    rows: list[list[SQLModel]] = [
        [*lines],
        [*marks_of(session, ranking.id)],
        [*adjustments_of(session, ranking.id)],
    ]
    parts["rows"] = [[_row(row) for row in group] for group in rows]
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _row(row: SQLModel) -> dict[str, Any]:
    return row.model_dump()
