"""The one hazard register everything is counted from."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Column, Computed, Date, Index, Text, text
from sqlmodel import Field, SQLModel

from campaigns.store.types import UtcDateTime

_SEARCHED = "title || ' ' || location || ' ' || number"


class Hazard(SQLModel, table=True):
    """隐患. `source`, `found_on` and `registered_at` never change: whether it was self-found decides a penalty (004 五（二）3).

    The five fields of 五落实 are empty until a plan is made; funds are in 元. `bureau_id` answers for it since `bureau_since`, or
    since it was registered; who answered before stands in FormerBureau. `ended_*`: the enterprise was closed before it was fixed.

    `criterion` is the clause in words; where it was picked from a set of the 判定标准, the set, its version and the clause's
    number stand beside it, so that later versions change nothing. `major_since` is when it became a major one.
    `reopens_id` names the closed hazard that came back (反弹). `lowered_by_id` is who took the grade down from 重大 to 一般.
    `act_by` is the day by which somebody has to act: the deadline, or the day it was found while there is none; `is_open`
    is neither closed nor ended; `ordinary` puts major ones first in an index; `search` is what is looked through. All
    four follow from the row by themselves.

    `import_id` and `import_row` mark what came from an old ledger (历史台账导入). Its origin is what that ledger says, except
    `registered_at` and `registered_by_id`; `archived` is a closure that the old ledger tells of and nobody here signed.
    """

    id: int = Field(default=None, primary_key=True)
    number: str = Field(max_length=30, unique=True)
    enterprise_id: int = Field(foreign_key="organisation.id")
    bureau_id: int | None = Field(default=None, foreign_key="organisation.id")
    bureau_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    source: str = Field(max_length=12)  # rules.states.HazardSource
    major: bool
    major_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lowered_by_id: int | None = Field(default=None, foreign_key="person.id")
    title: str = Field(max_length=120)
    location: str = Field(default="", max_length=120)
    description: str = Field(default="", max_length=2000)
    criterion: str = Field(default="", max_length=200)
    criterion_set: str = Field(default="", max_length=40)
    criterion_version: str = Field(default="", max_length=20)
    criterion_clause: str = Field(default="", max_length=40)
    found_on: date
    registered_at: datetime = Field(sa_type=UtcDateTime)
    registered_by_id: int = Field(foreign_key="person.id")
    submission_id: int | None = Field(default=None, foreign_key="submission.id", index=True)
    reopens_id: int | None = Field(default=None, foreign_key="hazard.id", unique=True)
    import_id: int | None = Field(default=None, foreign_key="hazard_import.id")
    import_row: int | None = None
    state: str = Field(max_length=12)  # rules.states.HazardState
    fixed_on_the_spot: bool = False
    responsible: str = Field(default="", max_length=60)
    measures: str = Field(default="", max_length=2000)
    funds: int | None = None
    deadline_on: date | None = None
    contingency: str = Field(default="", max_length=2000)
    rectified_on: date | None = None
    rectified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rectified_by_id: int | None = Field(default=None, foreign_key="person.id")
    rectification: str = Field(default="", max_length=2000)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checked_by_id: int | None = Field(default=None, foreign_key="person.id")
    checked: str = Field(default="", max_length=2000)
    closed_on: date | None = None
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by_id: int | None = Field(default=None, foreign_key="person.id")
    recheck: str = Field(default="", max_length=2000)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_reason: str = Field(default="", max_length=500)
    version: int = 1
    act_by: date = Field(
        default=None,
        sa_column=Column(Date, Computed("coalesce(deadline_on, found_on)", persisted=True), nullable=False),
    )

    ordinary: bool = Field(
        default=None, sa_column=Column(Boolean, Computed("NOT major", persisted=True), nullable=False)
    )
    search: str = Field(
        default=None, sa_column=Column(Text, Computed(f"lower({_SEARCHED})", persisted=True), nullable=False)
    )
    is_open: bool = Field(
        default=None,
        sa_column=Column(
            Boolean, Computed("state NOT IN ('closed', 'ended', 'archived')", persisted=True), nullable=False
        ),
    )

    __table_args__ = (
        CheckConstraint("rectified_by_id IS NULL OR closed_by_id IS NULL OR rectified_by_id <> closed_by_id", "closer"),
        CheckConstraint("checked_by_id IS NULL OR closed_by_id IS NULL OR checked_by_id <> closed_by_id", "signers"),
        CheckConstraint(
            "checked_by_id IS NULL OR rectified_by_id IS NULL OR checked_by_id <> rectified_by_id", "checker"
        ),
        CheckConstraint("lowered_by_id IS NULL OR closed_by_id IS NULL OR lowered_by_id <> closed_by_id", "lowerer"),
        CheckConstraint("NOT major OR lowered_by_id IS NULL", "lowered"),
        CheckConstraint("NOT major OR state <> 'closed' OR checked_by_id IS NOT NULL", "two_signatures"),
        CheckConstraint("state <> 'closed' OR closed_at IS NOT NULL", "closed"),
        CheckConstraint("state <> 'archived' OR (import_id IS NOT NULL AND closed_by_id IS NULL)", "archived"),
        CheckConstraint("(import_id IS NULL) = (import_row IS NULL)", "imported"),
        CheckConstraint("(major AND major_since IS NOT NULL) OR (NOT major AND major_since IS NULL)", "graded"),
        # One enterprise's hazards with everything that the tabs and filters of the list and the pages of 各地进度 ask, so that
        # counting reads no row.
        Index(
            "ix_hazard_enterprise",
            *("enterprise_id", "state", "deadline_on", "source", "ordinary", "major_since", "closed_at", "ended_at"),
        ),
        Index("ix_hazard_bureau_id_state", "bureau_id", "state"),
        Index("ix_hazard_found_on", "found_on"),
        # Of the imported alone: nearly every hazard is none, and SQLite would read them all here to find those that are not.
        Index(
            "uq_hazard_import_row",
            *("import_id", "import_row"),
            unique=True,
            sqlite_where=text("import_id IS NOT NULL"),
            postgresql_where=text("import_id IS NOT NULL"),
        ),
        # What is open in the order of the list, with everything that its tabs and filters ask, so that no row is read for them.
        Index(
            "ix_hazard_open",
            *("is_open", "ordinary", "act_by", "id", "state", "deadline_on", "source", "enterprise_id"),
        ),
        # What is done with, newest first.
        Index("ix_hazard_done", "is_open", "id", "state", "source", "ordinary", "enterprise_id"),
        # Each tab under each filter as a few stretches of nothing else, so that what is rare is found without a search.
        Index("ix_hazard_state", "state", "source", "ordinary", "deadline_on", "enterprise_id"),
        # Every word that a search looks through, with the tabs and filters, so that the whole of it is read and no row.
        Index("ix_hazard_search", "search", "state", "source", "ordinary", "deadline_on", "enterprise_id"),
        # The 25th counts major hazards by bureau and source from this index alone.
        Index(
            "ix_hazard_major",
            *("bureau_id", "source", "major_since", "closed_at", "bureau_since", "enterprise_id"),
            sqlite_where=text("major IS 1 AND import_id IS NULL"),
            postgresql_where=text("major IS true AND import_id IS NULL"),
        ),
        # The few that were handed over, so that no count looks for them among all.
        Index(
            "ix_hazard_moved",
            "bureau_id",
            "bureau_since",
            sqlite_where=text("bureau_since IS NOT NULL"),
            postgresql_where=text("bureau_since IS NOT NULL"),
        ),
    )


class FormerBureau(SQLModel, table=True):
    """A bureau that answered for a hazard until its enterprise was handed over (移交): what it counted stays its own."""

    __tablename__ = "hazard_former_bureau"

    id: int = Field(default=None, primary_key=True)
    hazard_id: int = Field(foreign_key="hazard.id", index=True)
    bureau_id: int = Field(foreign_key="organisation.id", index=True)
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)


class SupervisionOrder(SQLModel, table=True):
    """挂牌督办 of one major hazard, addressed to the lower department (004 七（二）), until it is delisted (摘牌)."""

    __tablename__ = "supervision_order"

    id: int = Field(default=None, primary_key=True)
    hazard_id: int = Field(foreign_key="hazard.id", unique=True)
    issued_by_id: int = Field(foreign_key="organisation.id")
    number: str = Field(default="", max_length=60)
    issued_on: date
    deadline_on: date | None = None
    delisted_on: date | None = None
    recorded_by_id: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=UtcDateTime)
