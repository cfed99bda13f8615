"""回头看: which closed hazards a bureau drew to look at again, and what it found."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from campaigns.store.types import UtcDateTime


class LookBack(SQLModel, table=True):
    """One draw: from the hazards of a bureau that were closed between two days, with the seed that gives it again."""

    __tablename__ = "look_back"

    id: int = Field(default=None, primary_key=True)
    bureau_id: int = Field(foreign_key="organisation.id", index=True)
    starts_on: date
    ends_on: date
    seed: str = Field(max_length=64)
    population: int
    population_sha256: str = Field(max_length=64)
    size: int
    drawn_by_id: int = Field(foreign_key="person.id")
    drawn_at: datetime = Field(sa_type=UtcDateTime)


class LookBackItem(SQLModel, table=True):
    """One drawn hazard: empty until somebody looked, then whether it held; a relapse names the hazard it was reopened as."""

    __tablename__ = "look_back_item"

    id: int = Field(default=None, primary_key=True)
    look_back_id: int = Field(foreign_key="look_back.id")
    hazard_id: int = Field(foreign_key="hazard.id", index=True)
    position: int
    held: bool | None = None
    opinion: str = Field(default="", max_length=2000)
    looked_by_id: int | None = Field(default=None, foreign_key="person.id")
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reopened_id: int | None = Field(default=None, foreign_key="hazard.id")

    __table_args__ = (UniqueConstraint("look_back_id", "hazard_id"),)
