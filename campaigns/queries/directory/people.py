"""账号 of one organisation, for those who keep them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor, OrganisationKind, Permission, Role
from campaigns.store.directory.people import Person, PersonRole
from campaigns.store.directory.regions import Organisation
from campaigns.store.scope import check_relation


@dataclass(frozen=True, slots=True)
class Account:
    """One account with its roles."""

    id: int
    login: str
    name: str
    title: str
    phone: str
    email: str
    organisation_id: int
    disabled_at: datetime | None
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """An organisation and the accounts in it."""

    organisation_id: int
    organisation: str
    kind: OrganisationKind
    accounts: tuple[Account, ...]


def staff_of(session: Session, *, actor: Actor, organisation_id: int) -> Staff:
    """Return the accounts of an organisation whose accounts the actor keeps; any other is not found."""
    check_relation(session, actor, Permission.MANAGE_PEOPLE, organisation_id)
    organisation = session.get_one(Organisation, organisation_id)
    people = session.scalars(
        select(Person)
        .where(col(Person.organisation_id) == organisation_id)
        .order_by(col(Person.disabled_at).is_not(None), col(Person.id))
    ).all()
    roles: dict[int, list[Role]] = {person.id: [] for person in people}
    for person_id, role in session.execute(
        select(col(PersonRole.person_id), col(PersonRole.role)).where(col(PersonRole.person_id).in_(roles))
    ):
        roles[person_id].append(Role(role))
    accounts = tuple(_account(person, roles[person.id]) for person in people)
    return Staff(organisation_id, organisation.name, OrganisationKind(organisation.kind), accounts)


def account(session: Session, *, actor: Actor, person_id: int) -> tuple[Staff, Account]:
    """Return one account with its organisation's."""
    organisation_id = session.scalar(select(col(Person.organisation_id)).where(col(Person.id) == person_id))
    if organisation_id is None:
        raise NotFound
    staff = staff_of(session, actor=actor, organisation_id=organisation_id)
    return staff, next(one for one in staff.accounts if one.id == person_id)


def _account(person: Person, roles: list[Role]) -> Account:
    return Account(
        person.id,
        person.login,
        person.name,
        person.title,
        person.phone,
        person.email,
        person.organisation_id,
        person.disabled_at,
        tuple(role for role in Role if role in roles),
    )
