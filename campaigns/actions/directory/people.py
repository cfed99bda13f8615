"""Accounts: a real person, his roles, his password."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlmodel import Session, col

from campaigns.actions.directory.passwords import NewPassword, check_password_strength, hashed
from campaigns.actions.events import record
from campaigns.errors import Conflict, NotFound
from campaigns.rules.permissions import SYSTEM, Actor, Level, OrganisationKind, Permission, Role
from campaigns.store.database import locked
from campaigns.store.directory.people import Person, PersonRole, SignIn
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.scope import check_relation


def open_account(  # noqa: PLR0913 - one keyword per thing an account states
    session: Session,
    *,
    login: str,
    name: str,
    organisation: Organisation,
    roles: Iterable[Role],
    password: str | NewPassword,
    phone: str = "",
    email: str = "",
    title: str = "",
    by: Actor,
    now: datetime,
) -> Person:
    """Give a person an account; the system itself may (demonstration, first start), people need MANAGE_PEOPLE."""
    if by is not SYSTEM:
        check_relation(session, by, Permission.MANAGE_PEOPLE, organisation.id)
    check_password_strength(password if isinstance(password, str) else password.text, login=login)
    if session.scalar(select(exists().where(col(Person.login) == login))):
        raise Conflict(f"登录名“{login}”已被使用。", kept="没有新建账号。", advice="请换一个登录名。")
    person = Person(
        login=login,
        name=name,
        phone=phone,
        email=email,
        title=title,
        organisation_id=organisation.id,
        password_hash=hashed(password).hash,
        created_at=now,
    )
    session.add(person)
    session.flush()
    held = sorted(set(roles))
    session.add_all(PersonRole(person_id=person.id, role=role) for role in held)
    record(
        session, "account.opened", by=by, now=now, about=person, organisation_id=organisation.id, name=name, roles=held
    )
    return person


def create_first_administrator(
    session: Session, *, login: str, name: str, password: str, bureau_name: str, region_name: str, now: datetime
) -> Person:
    """Open the first account of a production installation, with its bureau and region; refuses when anybody exists."""
    if session.scalar(select(exists().where(col(Person.id).is_not(None)))):
        raise Conflict("系统里已经有账号，不能再建首位管理员。", advice="请用已有的管理员账号登录。")
    region = Region(code="100000", name=region_name, level=Level.COUNTY)
    session.add(region)
    session.flush()
    region.county_id = region.id
    bureau = Organisation(kind=OrganisationKind.BUREAU, name=bureau_name, region_id=region.id, created_at=now)
    session.add(bureau)
    session.flush()
    roles = (Role.ADMINISTRATOR, Role.OFFICER)
    return open_account(
        session, login=login, name=name, organisation=bureau, roles=roles, password=password, by=SYSTEM, now=now
    )


def disable_account(session: Session, *, person_id: int, by: Actor, now: datetime) -> None:
    """Close an account and end its sessions at once; everything it signed stays signed."""
    person = locked(session, Person, person_id)
    if person is None:
        raise NotFound
    check_relation(session, by, Permission.MANAGE_PEOPLE, person.organisation_id)
    if person.disabled_at is not None:
        raise Conflict(f"“{person.name}”的账号已停用。", kept="没有改动任何内容。")
    if person.id == by.person_id:
        raise Conflict("不能停用自己的账号。", kept="没有改动任何内容。", advice="请由另一位管理员办理。")
    check_not_last_administrator(session, person)
    person.disabled_at = now
    session.execute(
        update(SignIn).where(col(SignIn.person_id) == person_id, col(SignIn.ended_at).is_(None)).values(ended_at=now)
    )
    record(session, "account.disabled", by=by, now=now, about=person, organisation_id=person.organisation_id)


def check_not_last_administrator(session: Session, person: Person) -> None:
    """Raise when nobody would be left in the person's organisation who keeps its accounts."""
    administrators = (
        select(col(Person.id))
        .join(PersonRole, col(PersonRole.person_id) == col(Person.id))
        .where(col(PersonRole.role) == Role.ADMINISTRATOR, col(Person.disabled_at).is_(None))
        .where(col(Person.organisation_id) == person.organisation_id)
    )
    if list(session.scalars(administrators.with_for_update(of=Person))) == [person.id]:
        raise Conflict(
            f"“{person.name}”是本单位最后一位系统管理员。",
            kept="没有改动任何内容。",
            advice="请先让另一个人担任系统管理员。",
        )


def actor_for(session: Session, person_id: int) -> Actor:
    """Return the acting person with his organisation and roles, read in one statement."""
    columns = (Person.id, Person.name, Organisation.id, Organisation.kind, Region.level, Region.id, PersonRole.role)
    rows = session.execute(  # columns, no entities: every request asks
        select(*map(col, columns))
        .join(Organisation, col(Organisation.id) == col(Person.organisation_id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .outerjoin(PersonRole, col(PersonRole.person_id) == col(Person.id))
        .where(col(Person.id) == person_id, col(Person.disabled_at).is_(None))
    ).all()
    if not rows:
        raise NotFound
    id_, name, organisation_id, kind, level, region_id, _ = rows[0]
    return Actor(
        person_id=id_,
        name=name,
        organisation_id=organisation_id,
        organisation_kind=OrganisationKind(kind),
        level=Level(level),
        region_id=region_id,
        roles=frozenset(Role(role) for *_, role in rows if role),
    )
