"""办理记录: the event ledger as a reader sees it, within his sight, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col

from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor, Permission, check_somewhere
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event
from campaigns.store.scope import campaigns_in_sight, visible
from campaigns.store.work.tasks import Task


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What the reader looks for; None and empty mean all. `subject` is a table's name, `before` an event's id."""

    campaign_id: int | None = None
    organisation_id: int | None = None
    subject: str = ""
    subject_id: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One event: its kind and data as recorded, and in words what it is about and whose it is."""

    id: int
    at: datetime
    kind: str
    by: str
    about: str
    organisation: str
    campaign: str
    data: Mapping[str, Any]


def trail_lines(session: Session, *, actor: Actor, wanted: TrailFilter, limit: int) -> tuple[TrailLine, ...]:
    """List events of organisations in the actor's sight; raises Forbidden for one who may not read any trail."""
    check_somewhere(actor, Permission.READ_TRAIL)
    task, hazard = (and_(col(Event.subject) == name, col(Event.subject_id) == row) for name, row in _SUBJECTS)
    rows = session.execute(
        select(
            Event,
            col(Organisation.name),
            col(Campaign.title),
            col(PlannedOccurrence.title),
            col(PlannedOccurrence.period),
            col(PlannedOccurrence.seq),
            col(PlannedOccurrence.quota),
            col(Hazard.title),
        )
        .outerjoin(Organisation, col(Organisation.id) == col(Event.organisation_id))
        .outerjoin(Campaign, col(Campaign.id) == col(Event.campaign_id))
        .outerjoin(Task, task)
        .outerjoin(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .outerjoin(Hazard, hazard)
        .where(_in_sight(actor), *_conditions(wanted))
        .order_by(col(Event.id).desc())
        .limit(limit)
    )
    return tuple(_line(row) for row in rows)


_SUBJECTS = (("task", col(Task.id)), ("hazard", col(Hazard.id)))


def _in_sight(actor: Actor) -> ColumnElement[bool]:
    """Events of an organisation in sight; those of no organisation belong to whoever sees the campaign."""
    of_the_campaign = and_(col(Event.organisation_id).is_(None), col(Event.campaign_id).in_(campaigns_in_sight(actor)))
    return or_(col(Event.organisation_id).in_(visible(actor)), of_the_campaign)


def _conditions(wanted: TrailFilter) -> list[ColumnElement[bool]]:
    asked = {
        Event.campaign_id: wanted.campaign_id,
        Event.organisation_id: wanted.organisation_id,
        Event.subject: wanted.subject or None,
        Event.subject_id: wanted.subject_id,
    }
    conditions = [col(column) == value for column, value in asked.items() if value is not None]
    return conditions if wanted.before is None else [*conditions, col(Event.id) < wanted.before]


def _line(row: Any) -> TrailLine:
    event, organisation, campaign, duty, period, seq, quota, hazard = row
    label = period_label(period, seq, quota) if duty else ""
    about = (f"{duty}（{label}）" if label else duty) if duty else hazard
    return TrailLine(
        event.id, event.at, event.kind, event.actor_name, about or "", organisation or "", campaign or "", event.data
    )
