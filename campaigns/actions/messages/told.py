"""站内消息 written by sweeps and launches as one INSERT…SELECT: from who is concerned to a notice each, exactly once.

The unique (person, key) makes a repeated statement write nothing. Nothing is sent from here: the outbox turns notices into
one digest per person, channel and day.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, literal, select
from sqlmodel import Session, col

from campaigns.date_words import day_words
from campaigns.rules.ladders.ways_out import EVERYWHERE
from campaigns.rules.permissions import Permission, Role, roles_with
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence, RosterEntry
from campaigns.store.database import upsert_into
from campaigns.store.directory.people import Person, PersonRole
from campaigns.store.messages import Notice

_DEFAULTS: Mapping[str, object] = {"body": "", "link": "", "late": False, "outward": EVERYWHERE}


def active(*roles: Iterable[Role]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on Person: the account is open, and it holds one of the roles."""
    held = [role for group in roles for role in group]
    holds = exists().where(col(PersonRole.person_id) == col(Person.id), col(PersonRole.role).in_(sorted(held)))
    return col(Person.disabled_at).is_(None), holds


def write_notices(session: Session, people: Select[Any], said: Mapping[str, object], *, now: datetime) -> int:
    """Write one notice per selected row and return how many were new.

    `people` has no columns yet: it joins and filters, with Person among its tables. `said` gives every column of Notice that
    matters, as a value or as an SQL expression over those tables.
    """
    if not session.scalar(select(people.with_only_columns(literal(1), maintain_column_froms=True).exists())):
        return 0  # SQLAlchemy compiles an INSERT … ON CONFLICT anew each time, a SELECT once: asking first is cheaper
    values = {"person_id": col(Person.id), **_DEFAULTS, **said, "created_at": now}
    columns = [
        value if isinstance(value, SQLColumnExpression) else _literal(name, value) for name, value in values.items()
    ]
    insert = upsert_into(session, Notice).from_select(
        list(values), people.with_only_columns(*columns, maintain_column_froms=True), include_defaults=False
    )
    return int(session.execute(insert.once()).rowcount)  # type: ignore[attr-defined]


def _literal(name: str, value: object) -> ColumnElement[Any]:
    return literal(value, type_=Notice.__table__.c[name].type)  # type: ignore[attr-defined]


def tell_everybody(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Tell everybody who has work in a campaign that it was launched; return how many people that were."""
    return _tell(session, campaign, _doers(campaign), now)


def tell_newcomers(session: Session, campaign: Campaign, *, joined_on: date, now: datetime) -> int:
    """Tell the people of those who joined a roster on that day."""
    return _tell(session, campaign, _doers(campaign).where(col(RosterEntry.joined_on) == joined_on), now)


def _doers(campaign: Campaign) -> Select[tuple[int]]:
    doing = select(col(PlannedOccurrence.audience)).where(col(PlannedOccurrence.campaign_id) == campaign.id)
    return select(col(RosterEntry.organisation_id)).where(
        col(RosterEntry.campaign_id) == campaign.id,
        col(RosterEntry.left_on).is_(None),
        col(RosterEntry.audience).in_(doing),
    )


def _tell(session: Session, campaign: Campaign, organisations: Select[tuple[int]], now: datetime) -> int:
    people = select(Person).where(
        *active(roles_with(Permission.SUBMIT)), col(Person.organisation_id).in_(organisations)
    )
    said = {
        "key": f"launch:{campaign.id}",
        "kind": "campaign.launched",
        "title": f"{campaign.title}已启动",
        "body": f"自{day_words(campaign.starts_on)}起至{day_words(campaign.ends_on)}止。请签收任务，按期办理。",
        "link": "/",
        "campaign_id": campaign.id,
        "task_id": None,
    }
    return write_notices(session, people, said, now=now)
