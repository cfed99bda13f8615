"""The register as rows: the enterprises, attributes and places in an actor's sight, read in a few statements."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.rules.permissions import Actor, Level, OrganisationKind
from campaigns.store.directory.regions import Organisation, Region, Trait
from campaigns.store.scope import in_subtree, visible

COLUMNS = ("name", "credit_code", "sector", "category", "status", "risk_grade", "address", "principal", "phone")
_SUFFIXES = ("街道办事处", "街道", "镇", "乡", "区", "县", "市")


@dataclass(frozen=True, slots=True)
class Enterprise:
    """One enterprise with what a register may change; an attribute is True, or its amount."""

    id: int
    region_id: int
    region: str
    values: dict[str, str | None]
    traits: dict[str, int | bool]


def enterprises_in(session: Session, actor: Actor) -> list[Enterprise]:
    """Return the enterprises that the actor may see."""
    seen = visible(actor).where(col(Organisation.kind) == OrganisationKind.ENTERPRISE)
    traits: dict[int, dict[str, int | bool]] = defaultdict(dict)
    for organisation_id, name, amount in session.execute(
        select(col(Trait.organisation_id), col(Trait.name), col(Trait.amount)).where(
            col(Trait.organisation_id).in_(seen)
        )
    ):
        traits[organisation_id][name] = True if amount is None else amount
    columns = [col(getattr(Organisation, name)) for name in COLUMNS]
    rows = session.execute(
        select(col(Organisation.id), col(Organisation.region_id), col(Region.name), *columns)
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .where(col(Organisation.id).in_(seen))
    )
    return [
        Enterprise(id_, region_id, region, dict(zip(COLUMNS, values, strict=True)), traits[id_])
        for id_, region_id, region, *values in rows
    ]


def regions_below(session: Session, actor: Actor) -> dict[str, int]:
    """Return the places of the actor's subtree by name, code, and name without 镇 or 乡; an ambiguous name is left out."""
    if actor.level is None or actor.region_id is None:
        return {}
    found: dict[str, set[int]] = defaultdict(set)
    places: dict[int, Any] = {
        row.id: row for row in session.scalars(select(Region).where(in_subtree(actor.level, actor.region_id)))
    }
    for place in places.values():
        parent = places.get(place.parent_id)
        for words in {place.code, place.name, _short(place.name), f"{parent.name if parent else ''}{place.name}"}:
            found[words].add(place.id)
    return {words: next(iter(ids)) for words, ids in found.items() if len(ids) == 1}


def town_names(session: Session, actor: Actor) -> list[str]:
    """Return the names of the lowest places of the actor's subtree, for a form's choices."""
    if actor.level is None or actor.region_id is None:
        return []
    query = select(col(Region.name)).where(in_subtree(actor.level, actor.region_id), col(Region.level) == Level.TOWN)
    return list(session.scalars(query.order_by(col(Region.code))))


def codes_elsewhere(session: Session, actor: Actor, codes: Iterable[str]) -> frozenset[str]:
    """Return which of these codes belong to an organisation out of the actor's sight."""
    wanted = sorted(codes)
    found: set[str | None] = set()
    for start in range(0, len(wanted), 400):
        found.update(
            session.scalars(
                select(col(Organisation.credit_code)).where(
                    col(Organisation.credit_code).in_(wanted[start : start + 400]),
                    col(Organisation.id).not_in(visible(actor)),
                )
            )
        )
    return frozenset(code for code in found if code)


def _short(name: str) -> str:
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name.removesuffix(suffix)
    return name
