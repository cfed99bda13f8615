"""抽查: what speaks for a spot check of an enterprise (疑点), and whom a bureau has put on its list."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from campaigns.store.types import JsonObject, UtcDateTime


class SpotCheck(SQLModel, table=True):
    """An enterprise on its bureau's list for a spot check, until somebody was there. At most one waits per enterprise."""

    __tablename__ = "spot_check"

    id: int = Field(default=None, primary_key=True)
    enterprise_id: int = Field(foreign_key="organisation.id")
    bureau_id: int = Field(foreign_key="organisation.id", index=True)
    planned_on: date
    listed_by_id: int = Field(foreign_key="person.id")
    listed_at: datetime = Field(sa_type=UtcDateTime)
    outcome: str = Field(default="", max_length=2000)
    checked_on: date | None = None
    checked_by_id: int | None = Field(default=None, foreign_key="person.id")
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    __table_args__ = (
        Index(
            "uq_spot_check_waiting",
            "enterprise_id",
            unique=True,
            sqlite_where=text("checked_at IS NULL"),
            postgresql_where=text("checked_at IS NULL"),
        ),
    )


class Flag(SQLModel, table=True):
    """疑点: one plain sentence about an enterprise's records with its evidence, derived again every day under the same `key`.

    Never a verdict: an official of its supervising bureau reads it and either sets it aside with a reason or puts the enterprise
    on the list. Whoever supervises the enterprise now sees it. Once decided it stays as it was decided on.
    """

    __tablename__ = "flag"

    id: int = Field(default=None, primary_key=True)
    key: str = Field(max_length=120, unique=True)
    kind: str = Field(max_length=20)  # rules.spot_checks.flags.FlagKind
    enterprise_id: int = Field(foreign_key="organisation.id")
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    sentence: str = Field(max_length=500)
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JsonObject, nullable=False))
    found_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=12)  # rules.states.FlagState
    spot_check_id: int | None = Field(default=None, foreign_key="spot_check.id")
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", max_length=500)
    version: int = 1

    __table_args__ = (Index("ix_flag_enterprise_id_state", "enterprise_id", "state"),)
