"""Old hazard ledgers (历史台账) that were imported, how a bureau's columns are called, and what an import is held against."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, select
from sqlmodel import Field, Session, SQLModel, col

from campaigns.rules.permissions import Actor, OrganisationKind
from campaigns.store.directory.regions import Organisation, Region, Supervision
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.scope import visible
from campaigns.store.types import UtcDateTime


class HazardImport(SQLModel, table=True):
    """历史台账导入: one sheet that a bureau took over, with the file's SHA-256; each of its hazards names it and its row."""

    __tablename__ = "hazard_import"

    id: int = Field(default=None, primary_key=True)
    bureau_id: int = Field(foreign_key="organisation.id", index=True)
    sha256: str = Field(max_length=64)
    sheet: str = Field(max_length=60)
    hazards: int
    imported_by_id: int = Field(foreign_key="person.id")
    imported_at: datetime = Field(sa_type=UtcDateTime)


class HazardColumns(SQLModel, table=True):
    """What a bureau chose last time: field → heading (empty: there is none), and name as written → enterprise."""

    __tablename__ = "hazard_columns"

    bureau_id: int = Field(primary_key=True, foreign_key="organisation.id")
    headings: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    enterprises: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    chosen_by_id: int = Field(foreign_key="person.id")
    chosen_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Known:
    """An enterprise that a ledger may name: `supervised` is whether the actor's bureau answers for it, `bureau` who does."""

    id: int
    name: str
    closed_on: date | None
    supervised: bool
    bureau: str


def chosen_columns(session: Session, actor: Actor) -> HazardColumns | None:
    """Return what the actor's bureau chose last time."""
    return session.get(HazardColumns, actor.organisation_id or 0)


def known_enterprises(session: Session, actor: Actor) -> list[Known]:
    """Return the enterprises in the actor's sight."""
    bureau: Any = select(Supervision, col(Organisation.name).label("bureau")).join(
        Organisation, col(Organisation.id) == col(Supervision.bureau_id)
    )
    current = bureau.where(col(Supervision.ended_on).is_(None)).subquery()
    rows = session.execute(
        select(
            col(Organisation.id),
            col(Organisation.name),
            col(Organisation.closed_on),
            current.c.bureau_id,
            current.c.bureau,
        )
        .outerjoin(current, current.c.enterprise_id == col(Organisation.id))
        .where(col(Organisation.kind) == OrganisationKind.ENTERPRISE, col(Organisation.id).in_(visible(actor)))
        .order_by(col(Organisation.id))
    )
    own = actor.organisation_id
    return [Known(id_, name, closed, bureau_id == own, words or "") for id_, name, closed, bureau_id, words in rows]


def place_words(session: Session, actor: Actor) -> list[str]:
    """Return the names of the actor's region and those above it, which offices put before an enterprise's name or leave out."""
    home = session.get(Region, actor.region_id) if actor.region_id else None
    if home is None:
        return []
    above = (home.province_id, home.city_id, home.county_id)
    return list(session.scalars(select(col(Region.name)).where(col(Region.id).in_([one for one in above if one]))))


def registered_hazards(
    session: Session, enterprise_ids: Iterable[int], first: date, last: date
) -> Iterable[tuple[int, date, str, str, str]]:
    """Yield enterprise, day, title, location and number of the hazards found between two days."""
    wanted = set(enterprise_ids)
    columns = (col(Hazard.enterprise_id), col(Hazard.found_on), col(Hazard.title), col(Hazard.location))
    rows = session.execute(
        select(*columns, col(Hazard.number)).where(col(Hazard.found_on).between(first, last)),
        execution_options={"yield_per": 2_000},
    )
    return (tuple(row) for row in rows if row.enterprise_id in wanted)


def import_of(session: Session, hazard: Hazard) -> HazardImport | None:
    """Return the import that a hazard came with."""
    return session.get(HazardImport, hazard.import_id) if hazard.import_id is not None else None
