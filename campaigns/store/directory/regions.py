"""The region tree 省/市/县/镇 and the organisations that stand in it."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from campaigns.store.types import UtcDateTime


class Region(SQLModel, table=True):
    """One 行政区划. Ancestors stand as columns, so that a subtree is one indexed comparison on either database.

    A region carries its own id in the column of its own level: a county has `county_id == id`.
    """

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=12, unique=True)
    name: str = Field(max_length=60)
    level: str = Field(max_length=8)  # rules.permissions.Level
    parent_id: int | None = Field(default=None, foreign_key="region.id", index=True)
    province_id: int | None = Field(default=None, index=True)
    city_id: int | None = Field(default=None, index=True)
    county_id: int | None = Field(default=None, index=True)
    town_id: int | None = Field(default=None, index=True)


class Organisation(SQLModel, table=True):
    """A bureau, government, committee or enterprise; the columns are what audiences select on."""

    id: int = Field(default=None, primary_key=True)
    kind: str = Field(max_length=12)  # rules.permissions.OrganisationKind
    name: str = Field(max_length=120, index=True)
    region_id: int = Field(foreign_key="region.id", index=True)
    credit_code: str | None = Field(default=None, max_length=18)
    sector: str = Field(default="", max_length=30)
    category: str = Field(default="", max_length=30)
    status: str = Field(default="", max_length=20)
    risk_grade: str = Field(default="", max_length=4)
    address: str = Field(default="", max_length=200)
    principal: str = Field(default="", max_length=40)  # 主要负责人 as the register names him; his account is a Person
    phone: str = Field(default="", max_length=40)
    created_at: datetime = Field(sa_type=UtcDateTime)
    closed_on: date | None = None
    version: int = 1

    __table_args__ = (
        Index("ix_organisation_kind_region_id", "kind", "region_id"),
        Index(
            "uq_organisation_credit_code",
            "credit_code",
            unique=True,
            sqlite_where=text("credit_code IS NOT NULL"),
            postgresql_where=text("credit_code IS NOT NULL"),
        ),
    )


class Trait(SQLModel, table=True):
    """An attribute an audience may ask for: 有外包队伍 (a row means yes), or 单班入井人数 with its `amount`."""

    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    name: str = Field(max_length=30, primary_key=True, index=True)
    amount: int | None = None


class Supervision(SQLModel, table=True):
    """Which bureau supervises an enterprise, and since when. 一企一主体 is a constraint, not a habit (002, 003)."""

    id: int = Field(default=None, primary_key=True)
    enterprise_id: int = Field(foreign_key="organisation.id")
    bureau_id: int = Field(foreign_key="organisation.id", index=True)
    started_on: date
    ended_on: date | None = None

    __table_args__ = (
        Index(
            "uq_supervision_active",
            "enterprise_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        UniqueConstraint("enterprise_id", "bureau_id", "started_on"),
    )
