"""排名: what a superior ranked, by which rule, with every figure, mark and adjustment as it was when he published it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from campaigns.store.types import JsonObject, UtcDateTime

DRAFTS = text("state = 'draft'")


class Ranking(SQLModel, table=True):
    """One ranking of a bureau's lower levels: figures counted up to the end of `until_on`, as known at `counted_at`.

    `rule` and `bonuses` are the definition's as they read when it was drafted, so that it can be read without it. A published
    one is sealed with `sha256`; a correction is a row with the next `version` that names it in `corrects_id`.
    """

    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    bureau_id: int = Field(foreign_key="organisation.id", index=True)
    region_id: int = Field(foreign_key="region.id", index=True)
    code: str = Field(max_length=40)
    rule: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JsonObject, nullable=False))
    bonuses: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JsonObject, nullable=False))
    until_on: date
    version: int = 1
    state: str = Field(max_length=12)  # rules.states.RankingState
    corrects_id: int | None = Field(default=None, foreign_key="ranking.id")
    correction: str = Field(default="", max_length=500)
    drafted_by_id: int = Field(foreign_key="person.id")
    drafted_at: datetime = Field(sa_type=UtcDateTime)
    counted_at: datetime = Field(sa_type=UtcDateTime)
    published_by_id: int | None = Field(default=None, foreign_key="person.id")
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sha256: str = Field(default="", max_length=64)
    edit_version: int = 1

    __table_args__ = (
        Index(
            "uq_ranking_draft",
            "campaign_id",
            "bureau_id",
            "code",
            unique=True,
            sqlite_where=DRAFTS,
            postgresql_where=DRAFTS,
        ),
    )


class RankingLine(SQLModel, table=True):
    """One region of a ranking. `figures` are what was counted, `items` what was made of them; points are hundredths.

    Without a `place` there is a reason in `why_not`; `left_out` is why it takes no part at all.
    """

    __tablename__ = "ranking_line"

    ranking_id: int = Field(foreign_key="ranking.id", primary_key=True)
    region_id: int = Field(foreign_key="region.id", primary_key=True)
    name: str = Field(max_length=60)
    left_out: str = Field(default="", max_length=200)
    figures: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JsonObject, nullable=False))
    items: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JsonObject, nullable=False))
    computed: int | None = None
    adjustment: int = 0
    total: int | None = None
    place: int | None = None
    why_not: str = Field(default="", max_length=1000)


class RankingMark(SQLModel, table=True):
    """评分: the points, in hundredths, that the ranking bureau gave a region for one item."""

    __tablename__ = "ranking_mark"

    ranking_id: int = Field(foreign_key="ranking.id", primary_key=True)
    region_id: int = Field(foreign_key="region.id", primary_key=True)
    item: str = Field(max_length=8, primary_key=True)
    points: int
    marked_by_id: int = Field(foreign_key="person.id")
    marked_at: datetime = Field(sa_type=UtcDateTime)


class RankingAdjustment(SQLModel, table=True):
    """人工调整: points added to or taken from a region's computed total, by whom, why, on which paper; revoked, never removed."""

    __tablename__ = "ranking_adjustment"

    id: int = Field(default=None, primary_key=True)
    ranking_id: int = Field(foreign_key="ranking.id")
    region_id: int = Field(foreign_key="region.id")
    points: int
    reason: str = Field(max_length=500)
    basis: str = Field(max_length=200)
    adjusted_by_id: int = Field(foreign_key="person.id")
    adjusted_at: datetime = Field(sa_type=UtcDateTime)
    revoked_by_id: int | None = Field(default=None, foreign_key="person.id")
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    __table_args__ = (Index("ix_ranking_adjustment_ranking_id", "ranking_id"),)
