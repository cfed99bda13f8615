"""What is asked, reported and ordered about one hazard while it is open: 延期, 双报告, 停产, 逐级上报."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from campaigns.store.types import UtcDateTime


class HazardExtension(SQLModel, table=True):
    """整改期限的延期: asked for by the enterprise with a reason, decided by somebody else. At most one waits per hazard."""

    __tablename__ = "hazard_extension"

    id: int = Field(default=None, primary_key=True)
    hazard_id: int = Field(foreign_key="hazard.id", index=True)
    state: str = Field(max_length=12)  # rules.states.RequestState
    reason: str = Field(max_length=500)
    deadline_on: date
    previous_deadline_on: date
    asked_by_id: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decision_reason: str = Field(default="", max_length=500)

    __table_args__ = (
        Index(
            "uq_hazard_extension_waiting",
            "hazard_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )


class HazardReport(SQLModel, table=True):
    """One of the two reports on a major hazard (双报告, 安全生产法41条), to the bureau or to the workers, with its receipt.

    `received_by` signed for it: an official of the bureau who is signed in, or whom the enterprise names for the assembly.
    """

    __tablename__ = "hazard_report"

    id: int = Field(default=None, primary_key=True)
    hazard_id: int = Field(foreign_key="hazard.id")
    addressee: str = Field(max_length=12)  # rules.hazards.reporting_up.Addressee
    content: str = Field(max_length=2000)
    reported_by_id: int = Field(foreign_key="person.id")
    reported_at: datetime = Field(sa_type=UtcDateTime)
    received_by: str = Field(default="", max_length=60)
    received_by_id: int | None = Field(default=None, foreign_key="person.id")
    received_on: date | None = None
    received_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    __table_args__ = (
        UniqueConstraint("hazard_id", "addressee"),
        Index(
            "ix_hazard_report_waiting",
            "hazard_id",
            sqlite_where=text("addressee = 'bureau' AND received_at IS NULL"),
            postgresql_where=text("addressee = 'bureau' AND received_at IS NULL"),
        ),
    )


class HazardStop(SQLModel, table=True):
    """停产 because of one hazard, of a part or the whole, ordered by the bureau or the enterprise itself, until it is lifted."""

    __tablename__ = "hazard_stop"

    id: int = Field(default=None, primary_key=True)
    hazard_id: int = Field(foreign_key="hazard.id", index=True)
    scope: str = Field(max_length=12)  # rules.hazards.stopping.StopScope
    place: str = Field(default="", max_length=120)
    number: str = Field(default="", max_length=60)
    reason: str = Field(max_length=500)
    ordered_by_id: int = Field(foreign_key="person.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    ordered_at: datetime = Field(sa_type=UtcDateTime)
    lifted_by_id: int | None = Field(default=None, foreign_key="person.id")
    lifted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lifted_because: str = Field(default="", max_length=500)

    __table_args__ = (
        Index(
            "uq_hazard_stop_active",
            "hazard_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )


class HazardEscalation(SQLModel, table=True):
    """逐级上报: what a bureau cannot solve goes to the bureau above, with the difficulty and what was tried, until it answers."""

    __tablename__ = "hazard_escalation"

    id: int = Field(default=None, primary_key=True)
    hazard_id: int = Field(foreign_key="hazard.id", index=True)
    from_id: int = Field(foreign_key="organisation.id")
    to_id: int = Field(foreign_key="organisation.id", index=True)
    difficulty: str = Field(max_length=2000)
    tried: str = Field(max_length=2000)
    wanted: str = Field(max_length=2000)
    raised_by_id: int = Field(foreign_key="person.id")
    raised_at: datetime = Field(sa_type=UtcDateTime)
    answer: str = Field(default="", max_length=2000)
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    __table_args__ = (
        Index(
            "uq_hazard_escalation_waiting",
            "hazard_id",
            "from_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )
