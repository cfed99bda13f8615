"""The monthly table: one report per organisation and period, its cells, and the enterprises behind a 家."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from campaigns.store.types import UtcDateTime


class Report(SQLModel, table=True):
    """报表 of one organisation for one period. Filed figures are frozen; a 更正 is the next version.

    The row stays the one that is linked up the tree; what was filed before moves aside to a row of its own in state
    已被更正, whose `current_id` names this one. `received_at` is when version 1 was filed, which lateness is judged by.
    `behalf` is why its superior filed it (代报); `unlocked_until` an exception from the lock, with its reason in the trail.

    当月 counts what was recorded after `counted_from` (where the period before stopped) up to `counted_until`, which follows
    the clock until filing and never passes `due_at`. `computed_through` is the last event its figures took in.
    `caught_up` marks a period opened after its time (补发), `nil` a signed 零报告, `late` one filed after its deadline.
    """

    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    form: str = Field(max_length=40)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    parent_id: int | None = Field(default=None, foreign_key="report.id", index=True)
    previous_id: int | None = Field(default=None, foreign_key="report.id")
    task_id: int | None = Field(default=None, foreign_key="task.id")
    period: str = Field(max_length=24)
    version: int = 1
    cutoff_on: date
    due_at: datetime = Field(sa_type=UtcDateTime)
    counted_from: datetime = Field(sa_type=UtcDateTime)
    counted_until: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=12)  # rules.states.ReportState
    late: bool = False
    caught_up: bool = False
    nil: bool = False
    computed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    computed_through: int = 0
    filed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    filed_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    reason: str = Field(default="", max_length=500)
    current_id: int | None = Field(default=None, foreign_key="report.id", index=True)
    correction: str = Field(default="", max_length=500)
    received_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    behalf: str = Field(default="", max_length=200)
    unlocked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reviewed_by_id: int | None = Field(default=None, foreign_key="person.id")
    reviewed_sha256: str = Field(default="", max_length=64)
    sha256: str = Field(default="", max_length=64)
    edit_version: int = 1

    __table_args__ = (
        UniqueConstraint("campaign_id", "form", "organisation_id", "period", "version"),
        Index("ix_report_campaign_id_period_state", "campaign_id", "period", "state"),
        # Reports counted together bear one stamp: read through this index they come by id, and no count sorts its rows.
        # PostgreSQL is told their ids instead; there an index over the stamp would be written anew with every count.
        Index(
            "ix_report_counted_together", *("campaign_id", "form", "period", "computed_at"), info={"only_on": "sqlite"}
        ),
    )


class ReportCell(SQLModel, table=True):
    """One atom of a report (41 in the 2023 table). Amounts are 元, counts are plain, 是否 is 0/1; None is blank, not zero.

    `*_computed` come from rows, `*_reported` from a person; a difference between them needs `reason`. A cell of words keeps
    them in `text`, a date as 2023-05-25.
    """

    __tablename__ = "report_cell"
    # PostgreSQL would ask for every cell whether its report is there: of a country's month 138,000 times, a quarter of it all.
    # Cells are only written from a SELECT of reports, and `rectify verify` follows both keys there as well.
    __table_args__ = (
        ForeignKeyConstraint(["report_id"], ["report.id"], info={"only_on": "sqlite"}),
        ForeignKeyConstraint(["typed_by_id"], ["person.id"], info={"only_on": "sqlite"}),
    )

    report_id: int = Field(primary_key=True)
    atom: str = Field(max_length=24, primary_key=True)
    month_computed: int | None = Field(default=None, sa_type=BigInteger)
    month_reported: int | None = Field(default=None, sa_type=BigInteger)
    total_computed: int | None = Field(default=None, sa_type=BigInteger)
    total_reported: int | None = Field(default=None, sa_type=BigInteger)
    text: str | None = Field(default=None, sa_type=Text)
    reason: str = Field(default="", max_length=300)
    typed_by_id: int | None = None


class ReportMember(SQLModel, table=True):
    """What stood behind a number when it was filed; written once, by filing.

    `hazard` and `submission` rows are what was counted; `enterprise` rows are the set that a 家 is the size of and that rolls
    up as a union; a `report` row (atom empty) is a lower level's sealed report that was added in.
    """

    __tablename__ = "report_member"

    report_id: int = Field(foreign_key="report.id", primary_key=True)
    atom: str = Field(max_length=24, primary_key=True)
    kind: str = Field(max_length=12, primary_key=True)
    row_id: int = Field(primary_key=True)
    in_month: bool = False


class ReportComment(SQLModel, table=True):
    """What a superior says about one cell when he returns a report; `settled_at` is when it was filed anew."""

    __tablename__ = "report_comment"

    id: int = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    atom: str = Field(max_length=24)
    text: str = Field(max_length=300)
    said_by_id: int | None = Field(default=None, foreign_key="person.id")
    said_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
