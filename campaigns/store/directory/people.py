"""People, what they may be, and how they are signed in."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from campaigns.store.types import UtcDateTime


class Person(SQLModel, table=True):
    """A real person with an account of his own: 谁检查、谁签名、谁负责 rules out shared accounts."""

    id: int = Field(default=None, primary_key=True)
    login: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=40)
    phone: str = Field(default="", max_length=20)
    email: str = Field(default="", max_length=120)
    title: str = Field(default="", max_length=40)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    password_hash: str = Field(max_length=200)
    must_change_password: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PersonRole(SQLModel, table=True):
    """One role of one person (rules.permissions.Role)."""

    __tablename__ = "person_role"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    role: str = Field(max_length=20, primary_key=True)


class SignIn(SQLModel, table=True):
    """One signed-in browser. Only the token's hash is stored; ending the row ends the session at once."""

    __tablename__ = "sign_in"

    id: int = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignInFailure(SQLModel, table=True):
    """A failed attempt, by login, so that guessing is slowed whatever process answers."""

    __tablename__ = "sign_in_failure"

    id: int = Field(default=None, primary_key=True)
    login: str = Field(max_length=60, index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class FormKey(SQLModel, table=True):
    """The key a form was issued with, stored with the effect: a second click finds it and repeats the answer."""

    __tablename__ = "form_key"

    key: str = Field(max_length=64, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    body_hash: str = Field(max_length=64)
    location: str = Field(max_length=300)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
