"""Keys that read without signing in: a calendar's secret address, a program's token."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from campaigns.store.types import UtcDateTime


class ReadingKey(SQLModel, table=True):
    """A key that a person made for a program. Only its hash is stored; it reads, at most what its maker may read.

    `organisation_id` limits it to what that organisation sees: for a bureau, a subtree.
    """

    __tablename__ = "reading_key"

    id: int = Field(default=None, primary_key=True)
    kind: str = Field(max_length=12)  # rules.reading_keys.KeyKind
    token_hash: str = Field(max_length=64, unique=True)
    title: str = Field(default="", max_length=60)
    person_id: int = Field(foreign_key="person.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
