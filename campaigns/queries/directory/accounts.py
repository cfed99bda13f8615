"""Accounts by their login, and as the demonstration's sign-in page offers them."""

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.rules.permissions import Role
from campaigns.store.directory.people import Person, PersonRole
from campaigns.store.directory.regions import Organisation


@dataclass(frozen=True, slots=True)
class AccountLine:
    """Who one may try the demonstration as."""

    login: str
    name: str
    organisation: str
    role: str


def first_accounts(session: Session, *, limit: int) -> tuple[AccountLine, ...]:
    """List the people whose accounts were opened first, each once: the demonstration opens its main cast first."""
    first = select(col(Person.id)).where(col(Person.disabled_at).is_(None)).order_by(col(Person.id)).limit(limit)
    rows = session.execute(
        select(col(Person.login), col(Person.name), col(Organisation.name), col(PersonRole.role))
        .join(Organisation, col(Organisation.id) == col(Person.organisation_id))
        .join(PersonRole, col(PersonRole.person_id) == col(Person.id))
        .where(col(Person.id).in_(first))
        .order_by(col(Person.id), col(PersonRole.role))
    )
    return tuple(
        AccountLine(*whose, "、".join(Role(row[3]).label for row in roles))
        for whose, roles in groupby(rows, key=lambda row: (row[0], row[1], row[2]))
    )


def person_with(session: Session, login: str) -> int | None:
    """Return whose login this is, None if nobody's who may still sign in."""
    return session.scalar(select(col(Person.id)).where(col(Person.login) == login, col(Person.disabled_at).is_(None)))
