"""Regions, organisations and who supervises whom."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.actions.stepping import UNCHANGED, check_version
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.rules.permissions import SYSTEM, Actor, Level, OrganisationKind, Permission, check
from campaigns.store.database import locked
from campaigns.store.directory.regions import Organisation, Region, Supervision, Trait
from campaigns.store.scope import check_relation, place_relation

_LEVELS = tuple(Level)
MOST_DIGITS = 9


def add_region(session: Session, *, code: str, name: str, level: Level, parent: Region | None) -> Region:
    """Add one 行政区划 under its parent and fill the ancestor columns."""
    if parent is not None and _LEVELS.index(level) != _LEVELS.index(Level(parent.level)) + 1:
        raise Invalid(f"“{name}”是{level.label}级，不能直接放在{Level(parent.level).label}级“{parent.name}”下面。")
    region = Region(code=code, name=name, level=level, parent_id=parent.id if parent else None)
    if parent is not None:
        region.province_id, region.city_id, region.county_id = parent.province_id, parent.city_id, parent.county_id
    session.add(region)
    session.flush()
    setattr(region, f"{level}_id", region.id)
    session.flush()
    return region


def establish(  # noqa: PLR0913 - one keyword per column that an audience may select on
    session: Session,
    *,
    kind: OrganisationKind,
    name: str,
    region: Region,
    credit_code: str | None = None,
    sector: str = "",
    category: str = "",
    status: str = "",
    traits: Iterable[str] = (),
    by: Actor,
    now: datetime,
) -> Organisation:
    """Add an organisation to the register of the actor's own region; the system itself may anywhere (demonstration)."""
    if by is not SYSTEM:
        check(by, Permission.MANAGE_REGISTER, place_relation(by, region))
    organisation = Organisation(
        kind=kind,
        name=name,
        region_id=region.id,
        credit_code=credit_code or None,
        sector=sector,
        category=category,
        status=status,
        created_at=now,
    )
    session.add(organisation)
    session.flush()
    session.add_all(trait_of(organisation.id, trait) for trait in sorted(set(traits)))
    record(session, "organisation.established", by=by, now=now, about=organisation, organisation_id=organisation.id)
    return organisation


def supervise(
    session: Session, *, enterprise: Organisation, bureau: Organisation, from_day: date, by: Actor, now: datetime
) -> Supervision:
    """Give an enterprise its first supervising bureau (一企一主体, 002 七（二）); another one comes by 移交."""
    if by is not SYSTEM:
        check_relation(session, by, Permission.MANAGE_REGISTER, enterprise.id)
        check_relation(session, by, Permission.MANAGE_REGISTER, bureau.id)
    if enterprise.kind != OrganisationKind.ENTERPRISE or bureau.kind != OrganisationKind.BUREAU:
        raise Invalid("监管主体只能由应急管理局对企业设立。")
    current = session.scalar(
        select(Supervision).where(col(Supervision.enterprise_id) == enterprise.id, col(Supervision.ended_on).is_(None))
    )
    if current is not None and current.bureau_id == bureau.id:
        return current
    if current is not None:
        raise Conflict(f"“{enterprise.name}”已有监管主体。", kept=UNCHANGED, advice="更换监管主体请办理移交。")
    supervision = Supervision(enterprise_id=enterprise.id, bureau_id=bureau.id, started_on=from_day)
    session.add(supervision)
    session.flush()
    record(
        session,
        "enterprise.supervised",
        by=by,
        now=now,
        about=supervision,
        organisation_id=enterprise.id,
        bureau=bureau.name,
    )
    return supervision


def enterprise_for(session: Session, enterprise_id: int, version: int | None = None, *, by: Actor) -> Organisation:
    """Return an enterprise, locked, whose entry the actor keeps; raises NotFound, Forbidden, or Conflict when it moved on."""
    enterprise = locked(session, Organisation, enterprise_id)
    if enterprise is None:
        raise NotFound
    check_relation(session, by, Permission.MANAGE_REGISTER, enterprise_id)
    if enterprise.kind != OrganisationKind.ENTERPRISE:
        raise Invalid("只有企业可以这样办理。", kept=UNCHANGED)
    check_version(session, enterprise, seen=version)
    return enterprise


def trait_of(organisation_id: int, written: str) -> Trait:
    """Return the attribute that a clerk wrote: 有外包队伍, or 单班入井人数=35."""
    name, _, amount = written.partition("=")
    if amount and not (amount.strip().isdecimal() and len(amount.strip()) <= MOST_DIGITS):
        raise Invalid(f"属性“{written[:20]}”等号后面要写不超过{MOST_DIGITS}位的整数，如 单班入井人数=35。")
    return Trait(organisation_id=organisation_id, name=name.strip(), amount=int(amount) if amount else None)
