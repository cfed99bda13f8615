"""Which organisations an 对象 or a 角色 of a definition selects, as SQL: preview counts it, launch stores it, sweeps repeat it.

Enterprises are chosen inside the launching bureau's region by sector, category, status, region and attributes; offices by
level and kind, inside that region's subtree or, for a level above it, among its ancestors.
"""

from collections.abc import Callable, Iterator
from datetime import date
from operator import eq, ge, gt, le, lt, ne
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    exists,
    false,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from campaigns.definition.conditions import trait
from campaigns.definition.expressions import Name, Node, Not, Number, Operation
from campaigns.definition.model import Audience, Definition, Role
from campaigns.rules.permissions import Level, OrganisationKind
from campaigns.store.directory.regions import Organisation, Region, Supervision, Trait
from campaigns.store.scope import in_subtree

LEVELS = {level.label: level for level in Level}
_TOP_DOWN = tuple(Level)
_KINDS = (
    ("安委", OrganisationKind.COMMITTEE),
    ("政府", OrganisationKind.GOVERNMENT),
    ("街道", OrganisationKind.GOVERNMENT),
    ("应急", OrganisationKind.BUREAU),
)
Below, Office = aliased(Organisation, name="below"), aliased(Organisation, name="office")
Around, Place = aliased(Region, name="around"), aliased(Region, name="place")
Bureau, Present = aliased(Organisation, name="supervising_bureau"), aliased(Supervision, name="present_supervision")
_COMPARISONS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


class Manner(NamedTuple):
    """What decides who does a line of the plan, about whom, and who reviews it; a campaign has a few."""

    audience: str
    per: str | None
    reviewer: str | None


def office_kind(role: Role) -> OrganisationKind | None:
    """Return what kind of organisation an office is: 应急管理局, a town's 应急管理中心, 人民政府, 安委会办公室."""
    return next((kind for word, kind in _KINDS if word in role.office), None)


def members(definition: Definition, name: str, home: Region, on: date) -> Select[tuple[int]]:
    """Select the ids of the organisations that the 对象 or 角色 `name` means for a campaign of `home` on a day."""
    if name in definition.audiences:
        return _enterprises(definition, name, home, on)
    return _offices(definition.roles[name], home)


def _enterprises(definition: Definition, name: str, home: Region, on: date) -> Select[tuple[int]]:
    inside = in_subtree(Level(home.level), home.id)
    still_open = or_(col(Organisation.closed_on).is_(None), col(Organisation.closed_on) > on)
    narrowed = [condition for audience in _lineage(definition, name) for condition in _conditions(audience)]
    return (
        select(col(Organisation.id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .where(col(Organisation.kind) == OrganisationKind.ENTERPRISE, inside, still_open, *narrowed)
    )


def _lineage(definition: Definition, name: str | None) -> Iterator[Audience]:
    while name is not None:
        audience = definition.audiences[name]
        yield audience
        name = audience.inherits


def _conditions(audience: Audience) -> Iterator[ColumnElement[bool]]:
    lists = ((Organisation.sector, audience.sectors), (Organisation.category, audience.categories))
    for column, words in (*lists, (Organisation.status, audience.statuses)):
        if words:
            yield col(column).in_(words)
    if audience.regions:
        yield _in_named_regions(audience.regions)
    yield from (_holds(trait(written)) for written in audience.traits)


def _in_named_regions(words: tuple[str, ...]) -> ColumnElement[bool]:
    named = aliased(Region)
    ids = select(col(named.id)).where(or_(col(named.name).in_(words), col(named.code).in_(words)))
    ancestors = (Region.province_id, Region.city_id, Region.county_id, Region.town_id)
    return or_(*(col(ancestor).in_(ids) for ancestor in ancestors))


def _holds(node: Node) -> ColumnElement[bool]:
    match node:
        case Not(part):
            return not_(_holds(part))
        case Name(word):
            return _has(word)
        case Operation(sign, Name(word), Number(value)):
            # amounts are whole numbers, so a bound of 30.5 is compared in hundredths
            return _has(word, _COMPARISONS[sign](col(Trait.amount) * value.denominator, value.numerator))
    return false()


def _has(word: str, *further: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(col(Trait.organisation_id) == col(Organisation.id), col(Trait.name) == word, *further)


def _offices(role: Role, home: Region) -> Select[tuple[int]]:
    level, kind = LEVELS.get(role.level), office_kind(role)
    ids = select(col(Organisation.id)).join(Region, col(Region.id) == col(Organisation.region_id))
    if level is None or kind is None:
        return ids.where(false())
    ids = ids.where(col(Organisation.kind) == kind)
    if _TOP_DOWN.index(level) < _TOP_DOWN.index(Level(home.level)):
        return ids.where(col(Region.id) == getattr(home, f"{level}_id"))
    return ids.where(col(Region.level) == level, in_subtree(Level(home.level), home.id))


def office_over(role: Role, organisation_id: SQLColumnExpression[int]) -> ColumnElement[int]:
    """Return the id of the office of that role which stands over an organisation, or NULL.

    A bureau over an enterprise is its supervising bureau when that has the role's level (一企一主体); otherwise, and for every
    other office, the one of that level among the regions the organisation lies in.
    """
    level, kind = LEVELS.get(role.level), office_kind(role)
    if level is None or kind is None:
        return select(col(Office.id)).where(false()).scalar_subquery()
    local = (
        select(func.min(Office.id))
        .select_from(Below)
        .join(Around, col(Around.id) == col(Below.region_id))
        .join(Office, and_(col(Office.region_id) == _ancestor(Around, level), col(Office.kind) == kind))
        .where(col(Below.id) == organisation_id)
        .scalar_subquery()
    )
    if kind is not OrganisationKind.BUREAU:
        return local
    return func.coalesce(_supervisor(level, organisation_id), local)


def _ancestor(region: type[Region], level: Level) -> ColumnElement[int | None]:
    column: ColumnElement[int | None] = getattr(region, f"{level}_id")
    return column


def _supervisor(level: Level, enterprise_id: SQLColumnExpression[int]) -> ScalarSelect[int]:
    return (
        select(col(Present.bureau_id))
        .join(Bureau, col(Bureau.id) == col(Present.bureau_id))
        .join(Place, and_(col(Place.id) == col(Bureau.region_id), col(Place.level) == level))
        .where(col(Present.enterprise_id) == enterprise_id, col(Present.ended_on).is_(None))
        .scalar_subquery()
    )


def counts_each(definition: Definition, manner: Manner) -> bool:
    """Whether 逐个 applies: an office does it once for each member; an enterprise has nobody to do it for but itself."""
    return manner.per is not None and manner.audience in definition.roles


def pairs(
    definition: Definition, manner: Manner, present: Callable[[str], Subquery], joined_on: date | None = None
) -> Select[Any]:
    """Select (organisation_id, subject_id): who does it and about whom.

    `present` gives (organisation_id, joined_on) of one roster. With 逐个, each subject finds the one office that stands over
    him, so the work grows with the subjects and not with offices × subjects. `joined_on` keeps the pairs in which either
    side joined on that day.
    """
    doer = present(manner.audience)
    if not counts_each(definition, manner):
        own = select(doer.c.organisation_id, doer.c.organisation_id.label("subject_id"))
        return own if joined_on is None else own.where(doer.c.joined_on == joined_on)
    subject = present(manner.per or "")
    over = office_over(definition.roles[manner.audience], subject.c.organisation_id)
    each = select(
        subject.c.organisation_id.label("subject_id"), subject.c.joined_on, over.label("office_id")
    ).subquery()
    found = select(doer.c.organisation_id, each.c.subject_id).join(each, each.c.office_id == doer.c.organisation_id)
    return (
        found if joined_on is None else found.where(or_(doer.c.joined_on == joined_on, each.c.joined_on == joined_on))
    )
