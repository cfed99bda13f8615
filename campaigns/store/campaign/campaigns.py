"""A launched campaign: its frozen definition, stages, dated plan and roster."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from campaigns.store.types import JsonObject, UtcDateTime


class FrozenDefinition(SQLModel, table=True):
    """The exact text a campaign was launched from; its SHA-256 is the pin that `rectify verify` recomputes.

    `borrowed` holds the shipped forms and reports that the text names and does not write itself, and the duties it takes.
    """

    __tablename__ = "frozen_definition"

    id: int = Field(default=None, primary_key=True)
    template: str = Field(max_length=80)
    version: str = Field(max_length=20)
    language: str = Field(max_length=20)
    text: str = Field(sa_column=Column(Text, nullable=False))
    parent_text: str | None = Field(default=None, sa_column=Column(Text))
    borrowed: str = Field(default="", sa_column=Column(Text, nullable=False))
    sha256: str = Field(max_length=64, unique=True)


class Campaign(SQLModel, table=True):
    """专项行动: launched once by one bureau over its region."""

    id: int = Field(default=None, primary_key=True)
    template: str = Field(max_length=80, index=True)
    title: str = Field(max_length=120)
    kind: str = Field(max_length=20)
    bureau_id: int = Field(foreign_key="organisation.id", index=True)
    region_id: int = Field(foreign_key="region.id", index=True)
    definition_id: int = Field(foreign_key="frozen_definition.id")
    parameters: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JsonObject, nullable=False))
    document_number: str = Field(default="", max_length=60)
    starts_on: date
    ends_on: date
    state: str = Field(max_length=12)  # rules.states.CampaignState
    launched_at: datetime = Field(sa_type=UtcDateTime)
    launched_by_id: int | None = Field(default=None, foreign_key="person.id")
    launch_key: str = Field(max_length=64, unique=True)
    skipped: list[str] = Field(default_factory=list, sa_column=Column(JsonObject, nullable=False))


class Stage(SQLModel, table=True):
    """阶段 of one campaign. Stages overlap; an end cancels nothing."""

    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    code: str = Field(max_length=40)
    title: str = Field(max_length=60)
    position: int
    opens_on: date
    opens_inferred: bool = False
    closes_on: date
    state: str = Field(max_length=12)  # rules.states.StageState
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    __table_args__ = (UniqueConstraint("campaign_id", "code"),)


class PlannedOccurrence(SQLModel, table=True):
    """One dated line of the plan. Text is kept here once, not in every task.

    Neither an optional line (`required` false) nor an event-driven one (每次作业前) is ever overdue or chased.
    """

    __tablename__ = "occurrence"

    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    duty: str = Field(max_length=20)
    title: str = Field(max_length=120)
    clause: str = Field(default="", max_length=60)
    period: str = Field(max_length=24)
    seq: int
    quota: int = 1
    stage_id: int | None = Field(default=None, foreign_key="stage.id")
    opens_on: date
    nominal_on: date
    due_on: date
    due_at: datetime = Field(sa_type=UtcDateTime)
    moved_reason: str = Field(default="", max_length=120)
    audience: str = Field(max_length=40)
    per: str | None = Field(default=None, max_length=40)
    responsible: str = Field(default="", max_length=40)
    form: str | None = Field(default=None, max_length=40)
    evidence: list[str] = Field(default_factory=list, sa_column=Column(JsonObject, nullable=False))
    report: str | None = Field(default=None, max_length=40)
    reviewer: str | None = Field(default=None, max_length=40)
    required: bool = True
    event_driven: bool = False
    reminder: str | None = Field(default=None, max_length=40)
    escalation: str | None = Field(default=None, max_length=40)

    __table_args__ = (
        UniqueConstraint("campaign_id", "duty", "period", "seq"),
        Index("ix_occurrence_campaign_id_due_on", "campaign_id", "due_on"),
    )


class Milestone(SQLModel, table=True):
    """里程碑 on the stage bar: a date by which a condition should hold; `reached_on` is set once, never a gate."""

    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    stage_id: int = Field(foreign_key="stage.id")
    code: str = Field(max_length=40)
    due_on: date
    condition: str = Field(default="", max_length=200)
    reached_on: date | None = None

    __table_args__ = (UniqueConstraint("campaign_id", "code"),)


class RosterEntry(SQLModel, table=True):
    """名单: one organisation in one audience of one campaign, since when, and why it left."""

    __tablename__ = "roster_entry"

    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    audience: str = Field(max_length=40)
    organisation_id: int = Field(foreign_key="organisation.id")
    joined_on: date
    joined_reason: str = Field(default="", max_length=120)
    left_on: date | None = None
    left_reason: str = Field(default="", max_length=120)

    __table_args__ = (
        UniqueConstraint("campaign_id", "audience", "organisation_id"),
        Index("ix_roster_entry_organisation_id_campaign_id", "organisation_id", "campaign_id", "left_on"),
    )
