"""The event ledger and its readers, due work and heartbeats: what happened, what must happen, that somebody is awake."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from campaigns.store.types import JsonObject, UtcDateTime

SCHEDULER = "scheduler"
"""The heartbeat of the minute's tick; older than two minutes means that nothing is being dispatched."""
GENESIS = "0" * 64
"""What the first event names as its predecessor."""


class Event(SQLModel, table=True):
    """One thing that happened. Append-only, hash-chained, without foreign keys: it outlives what it speaks of."""

    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(max_length=40, index=True)
    actor_id: int | None = None
    actor_name: str = Field(default="", max_length=60)
    actor_organisation_id: int | None = None
    campaign_id: int | None = None
    organisation_id: int | None = None
    subject: str = Field(default="", max_length=24)
    subject_id: int | None = None
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JsonObject, nullable=False))
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64, unique=True)

    __table_args__ = (
        Index("ix_event_subject_subject_id", "subject", "subject_id"),
        Index("ix_event_campaign_id_id", "campaign_id", "id"),
        Index("ix_event_organisation_id_id", "organisation_id", "id"),
    )


def fingerprint(event: Event) -> str:
    """Return the SHA-256 of an event's content chained to its predecessor's."""
    content = [
        event.previous_hash,
        event.at.astimezone(UTC).isoformat(),
        event.kind,
        event.actor_id,
        event.actor_name,
        event.actor_organisation_id,
        event.campaign_id,
        event.organisation_id,
        event.subject,
        event.subject_id,
        event.data,
    ]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


class DueWork(SQLModel, table=True):
    """One thing the calendar makes due once. Prefect only wakes it; this row says whether it is done.

    `late` marks work done after its time because nothing was running then (补发).
    """

    __tablename__ = "due_work"

    id: int = Field(default=None, primary_key=True)
    key: str = Field(max_length=120, unique=True)
    kind: str = Field(max_length=20)
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id", index=True)
    period: str = Field(default="", max_length=24)
    title: str = Field(default="", max_length=120)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    leased_by: str = Field(default="", max_length=60)
    attempts: int = 0
    last_error: str = Field(default="", max_length=500)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    late: bool = False
    flow_run_id: str = Field(default="", max_length=40)


class Cursor(SQLModel, table=True):
    """How far a reader has read the event ledger; moved in the transaction that keeps what was read."""

    name: str = Field(max_length=30, primary_key=True)
    position: int


class Heartbeat(SQLModel, table=True):
    """When a part of the machinery last worked; every page shows the scheduler's."""

    name: str = Field(max_length=30, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    detail: str = Field(default="", max_length=200)


class WorkdayOverride(SQLModel, table=True):
    """A day an administrator set to working or off, over the shipped table (调休 of a new year, a local order)."""

    __tablename__ = "workday_override"

    day: str = Field(max_length=10, primary_key=True)
    working: bool
    note: str = Field(default="", max_length=100)
