"""单位: the enterprises and offices in sight, found by name or code, with what each still owes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.queries.work.task_lines import is_late, is_open
from campaigns.rules.permissions import Actor, OrganisationKind, Role
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.directory.people import Person, PersonRole
from campaigns.store.directory.regions import Organisation, Region, Supervision, Trait
from campaigns.store.scope import visible
from campaigns.store.work.tasks import Task

Bureau = aliased(Organisation, name="bureau")


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What the reader looks for; empty means all."""

    words: str = ""
    category: str = ""
    status: str = ""
    kind: OrganisationKind = OrganisationKind.ENTERPRISE


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One organisation of the list with its open and late tasks."""

    id: int
    name: str
    region: str
    category: str
    status: str
    bureau: str
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who acts for an organisation."""

    name: str
    title: str
    phone: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """Everything the register says of one organisation."""

    id: int
    kind: OrganisationKind
    name: str
    region: str
    credit_code: str
    sector: str
    category: str
    status: str
    risk_grade: str
    address: str
    principal: str
    phone: str
    closed_on: date | None
    traits: tuple[str, ...]
    bureau: str
    supervised_since: date | None
    people: tuple[PersonLine, ...]
    version: int
    region_id: int
    bureau_id: int | None


def register_lines(
    session: Session, *, actor: Actor, now: datetime, wanted: RegisterFilter, limit: int, offset: int = 0
) -> tuple[RegisterLine, ...]:
    """List the organisations in sight by region and name."""
    found = (
        _found(actor, wanted)
        .with_only_columns(
            col(Organisation.id),
            col(Organisation.name),
            col(Region.name),
            col(Organisation.category),
            col(Organisation.status),
            func.coalesce(col(Bureau.name), ""),
        )
        .order_by(col(Region.code), col(Organisation.name))
        .limit(limit)
        .offset(offset)
    )
    rows = session.execute(found).all()
    owed = _owed(session, now, [row[0] for row in rows])
    return tuple(_register_line(row, *owed.get(row[0], (0, 0))) for row in rows)


def count_register(session: Session, *, actor: Actor, wanted: RegisterFilter) -> int:
    """Count what the list would show."""
    return session.scalar(_found(actor, wanted).with_only_columns(func.count())) or 0


def register_choices(session: Session, *, actor: Actor) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the categories and the statuses that occur in sight, for the filter."""
    seen = col(Organisation.id).in_(visible(actor))
    categories, statuses = (
        tuple(session.scalars(select(column).where(seen, column != "").distinct().order_by(column)))
        for column in (col(Organisation.category), col(Organisation.status))
    )
    return categories, statuses


def organisation_card(session: Session, *, actor: Actor, organisation_id: int) -> OrganisationCard:
    """Return one organisation in sight; any other is not found."""
    row = session.execute(
        _joined()
        .with_only_columns(
            Organisation, col(Region.name), col(Bureau.name), col(Bureau.id), col(Supervision.started_on)
        )
        .where(col(Organisation.id) == organisation_id, col(Organisation.id).in_(visible(actor)))
    ).first()
    if row is None:
        raise NotFound
    found, region, bureau, bureau_id, since = row
    traits = session.execute(
        select(col(Trait.name), col(Trait.amount))
        .where(col(Trait.organisation_id) == organisation_id)
        .order_by(col(Trait.name))
    )
    return OrganisationCard(
        id=found.id,
        kind=OrganisationKind(found.kind),
        name=found.name,
        region=region,
        credit_code=found.credit_code or "",
        sector=found.sector,
        category=found.category,
        status=found.status,
        risk_grade=found.risk_grade,
        address=found.address,
        principal=found.principal,
        phone=found.phone,
        closed_on=found.closed_on,
        traits=tuple(name if amount is None else f"{name}={amount}" for name, amount in traits),
        version=found.version,
        region_id=found.region_id,
        bureau_id=bureau_id,
        bureau=bureau or "",
        supervised_since=since,
        people=_people(session, organisation_id),
    )


def _register_line(row: Any, open_tasks: int, late: int) -> RegisterLine:
    organisation_id, name, region, category, status, bureau = row
    return RegisterLine(organisation_id, name, region, category, status, bureau, open_tasks, late)


def _joined() -> Select[tuple[Organisation]]:
    return (
        select(Organisation)
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .outerjoin(
            Supervision,
            (col(Supervision.enterprise_id) == col(Organisation.id)) & col(Supervision.ended_on).is_(None),
        )
        .outerjoin(Bureau, col(Bureau.id) == col(Supervision.bureau_id))
    )


def _found(actor: Actor, wanted: RegisterFilter) -> Select[tuple[Organisation]]:
    return _joined().where(*_conditions(actor, wanted))


def _conditions(actor: Actor, wanted: RegisterFilter) -> list[ColumnElement[bool]]:
    asked = [col(Organisation.id).in_(visible(actor)), col(Organisation.kind) == wanted.kind]
    if wanted.words:
        name, code = col(Organisation.name), col(Organisation.credit_code)
        asked.append(or_(name.contains(wanted.words, autoescape=True), code == wanted.words.upper()))
    if wanted.category:
        asked.append(col(Organisation.category) == wanted.category)
    if wanted.status:
        asked.append(col(Organisation.status) == wanted.status)
    return asked


def _owed(session: Session, now: datetime, organisation_ids: list[int]) -> dict[int, tuple[int, int]]:
    rows = session.execute(
        select(col(Task.organisation_id), func.count(), func.sum(case((is_late(now), 1), else_=0)))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(col(Task.organisation_id).in_(organisation_ids), is_open())
        .group_by(col(Task.organisation_id))
    )
    return {organisation_id: (count, late) for organisation_id, count, late in rows}


def _people(session: Session, organisation_id: int) -> tuple[PersonLine, ...]:
    rows = session.execute(
        select(col(Person.id), col(Person.name), col(Person.title), col(Person.phone), col(PersonRole.role))
        .outerjoin(PersonRole, col(PersonRole.person_id) == col(Person.id))
        .where(col(Person.organisation_id) == organisation_id, col(Person.disabled_at).is_(None))
        .order_by(col(Person.id), col(PersonRole.role))
    ).all()
    people: dict[int, PersonLine] = {}
    for person_id, name, title, phone, role in rows:
        held = people[person_id].roles if person_id in people else ()
        people[person_id] = PersonLine(name, title, phone, (*held, Role(role)) if role else held)
    return tuple(people.values())
