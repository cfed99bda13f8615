"""判定标准 as imported: a version of a set is written once and never changes, so that what a hazard cites stays readable."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Select, UniqueConstraint, and_, func, select
from sqlmodel import Field, Session, SQLModel, col

from campaigns.store.types import JsonObject, UtcDateTime


class CriteriaVersion(SQLModel, table=True):
    """One import of a set: its 文号, dates (both inclusive), sectors and parts as they stood then, counted from 1 per set.

    `sha256` is of all of it with its clauses, so that `rectify verify` sees a changed one.
    """

    __tablename__ = "criteria_version"

    id: int = Field(default=None, primary_key=True)
    document_number: str = Field(max_length=40)
    version: int
    title: str = Field(max_length=120)
    issued_on: date
    in_force_on: date
    ended_on: date | None = None
    sectors: list[str] = Field(default_factory=list, sa_column=Column(JsonObject, nullable=False))
    parts: list[str] = Field(default_factory=list, sa_column=Column(JsonObject, nullable=False))
    sha256: str = Field(max_length=64)
    imported_at: datetime = Field(sa_type=UtcDateTime)
    imported_by_id: int = Field(foreign_key="person.id")

    __table_args__ = (UniqueConstraint("document_number", "version"),)


class CriteriaClause(SQLModel, table=True):
    """One clause. `place` is how it is cited, 尾矿库（一）1: its `part` of the set (empty where a set has none), 条 and 款."""

    __tablename__ = "criteria_clause"

    id: int = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="criteria_version.id")
    position: int
    part: str = Field(default="", max_length=20)
    place: str = Field(max_length=40)
    words: str = Field(max_length=2000)

    __table_args__ = (
        UniqueConstraint("version_id", "place", name="uq_criteria_clause_place"),
        UniqueConstraint("version_id", "position", name="uq_criteria_clause_position"),
    )


@dataclass(frozen=True, slots=True)
class Cited:
    """A clause with the version it stands in."""

    version: CriteriaVersion
    clause: CriteriaClause


def newest_versions(session: Session) -> list[CriteriaVersion]:
    """Return the newest version of every imported set, the latest in force first."""
    newest = (
        select(col(CriteriaVersion.document_number), func.max(col(CriteriaVersion.version)).label("version"))
        .group_by(col(CriteriaVersion.document_number))
        .subquery()
    )
    same = and_(
        col(CriteriaVersion.document_number) == newest.c.document_number,
        col(CriteriaVersion.version) == newest.c.version,
    )
    rows = select(CriteriaVersion).join(newest, same)
    return list(session.scalars(rows.order_by(col(CriteriaVersion.in_force_on).desc(), col(CriteriaVersion.id))))


def clauses_of(session: Session, version_id: int) -> list[CriteriaClause]:
    """Return a version's clauses in the order of its sheet."""
    rows = select(CriteriaClause).where(col(CriteriaClause.version_id) == version_id)
    return list(session.scalars(rows.order_by(col(CriteriaClause.position))))


def clause_by_id(session: Session, clause_id: int) -> Cited | None:
    """Return one clause with its version, None if there is none."""
    found = session.execute(_both().where(col(CriteriaClause.id) == clause_id)).first()
    return Cited(*found) if found else None


def clause_cited(session: Session, document_number: str, version: str, place: str) -> Cited | None:
    """Return the clause that a hazard cites by its three columns, None if it cites none."""
    if not document_number or not version.isdecimal():
        return None
    found = session.execute(
        _both().where(
            col(CriteriaVersion.document_number) == document_number,
            col(CriteriaVersion.version) == int(version),
            col(CriteriaClause.place) == place,
        )
    ).first()
    return Cited(*found) if found else None


def _both() -> Select[Any]:
    return select(CriteriaVersion, CriteriaClause).join(
        CriteriaClause, col(CriteriaClause.version_id) == col(CriteriaVersion.id)
    )
