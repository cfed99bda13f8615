"""What people are told: a notice in the inbox exactly once; outward one digest per person, channel and day, and to programs
one delivery per event."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from campaigns.store.types import UtcDateTime

REPORT_REMINDER = "report.reminder"
"""The kind of a notice that urges to file a report (催报)."""
_URGES = text(f"kind = '{REPORT_REMINDER}'")


class Notice(SQLModel, table=True):
    """站内消息. `key` names the effect (`launch:7`, `reminder:{task}:{rung}:{due}`), so that twice is once."""

    id: int = Field(default=None, primary_key=True)
    key: str = Field(max_length=100)
    person_id: int = Field(foreign_key="person.id")
    kind: str = Field(max_length=40)
    title: str = Field(max_length=160)
    body: str = Field(default="", max_length=1000)
    link: str = Field(default="", max_length=200)
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id", index=True)
    task_id: int | None = Field(default=None, foreign_key="task.id", index=True)
    late: bool = False
    outward: str = Field(default="", max_length=80)  # rules.ways_out
    created_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_notice_person_id_read_at", "person_id", "read_at"),
        Index("ix_notice_created_at", "created_at"),
        # How often each report was urged, without a look at everything that people were told.
        Index("ix_notice_report_reminder", "link", sqlite_where=_URGES, postgresql_where=_URGES),
    )


class ChannelSetting(SQLModel, table=True):
    """Where a person or an organisation is reached outside: an e-mail address, a webhook, a chat robot.

    Exactly one of `person_id` and `organisation_id` is set; each has at most one setting per channel.
    """

    __tablename__ = "channel_setting"

    id: int = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    channel: str = Field(max_length=20)
    address: str = Field(max_length=300)
    secret: str = Field(default="", max_length=200)
    enabled: bool = True

    __table_args__ = (
        UniqueConstraint("person_id", "channel"),
        UniqueConstraint("organisation_id", "channel"),
        CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", "one_owner"),
    )


class Delivery(SQLModel, table=True):
    """One digest to one person (or one organisation's group robot) through one channel on one day, or one event to a program.

    `event_id` is the event that an organisation's other system is told at once, 0 for a digest. `day` is the digest's, or the
    event's. It is claimed, sent outside the transaction, then marked. Exactly one of `person_id` and `organisation_id` is set.
    """

    id: int = Field(default=None, primary_key=True)
    channel: str = Field(max_length=20)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    day: date
    event_id: int = 0
    address: str = Field(max_length=300)
    title: str = Field(max_length=160)
    body: str = Field(sa_column=Column(Text, nullable=False))
    state: str = Field(max_length=12)  # rules.states.DeliveryState
    next_try_at: datetime = Field(sa_type=UtcDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str = Field(default="", max_length=500)
    message_id: str = Field(max_length=80, unique=True)

    __table_args__ = (
        UniqueConstraint("person_id", "channel", "day", "event_id"),
        UniqueConstraint("organisation_id", "channel", "day", "event_id"),
        CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", "one_recipient"),
        Index("ix_delivery_state_next_try_at", "state", "next_try_at"),
    )


class DeliveryNotice(SQLModel, table=True):
    """Which notices a delivery carried, so that none is told twice."""

    __tablename__ = "delivery_notice"

    channel: str = Field(max_length=20, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id", primary_key=True)
    delivery_id: int = Field(foreign_key="delivery.id", index=True)
