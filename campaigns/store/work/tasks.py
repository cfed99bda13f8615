"""Tasks, what was handed in for them, and what was asked about them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from campaigns.store.types import JsonObject, UtcDateTime

ACCEPTED, SENT_BACK = "accepted", "sent_back"
"""What a reviewer decides on a Submission; empty while it waits."""
OPEN_TASKS = text("state IN ('assigned', 'acknowledged', 'sent_back')")


class Task(SQLModel, table=True):
    """One dated duty of one organisation. Narrow on purpose: a launch writes hundreds of thousands of these.

    `subject_id` is the organisation the work is about: the doer itself, or with 逐个 the enterprise inspected.
    `due_on`/`due_at` start as the plan's and move only by a granted extension.
    """

    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    occurrence_id: int = Field(foreign_key="occurrence.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    subject_id: int = Field(foreign_key="organisation.id")
    reviewer_id: int | None = Field(default=None, foreign_key="organisation.id")
    state: str = Field(max_length=12)  # rules.states.TaskState
    opens_on: date
    due_on: date
    due_at: datetime = Field(sa_type=UtcDateTime)
    overdue_on: date | None = None
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1

    __table_args__ = (
        UniqueConstraint("occurrence_id", "organisation_id", "subject_id"),
        Index("ix_task_organisation_id_state_due_on", "organisation_id", "state", "due_on"),
        # What a campaign asks of the organisations of a place, without its tasks elsewhere.
        Index("ix_task_campaign_id_organisation_id_state", "campaign_id", "organisation_id", "state"),
        Index("ix_task_reviewer_id_state", "reviewer_id", "state"),
        Index("ix_task_open_due_on", "due_on", sqlite_where=OPEN_TASKS, postgresql_where=OPEN_TASKS),
    )


class Draft(SQLModel, table=True):
    """What somebody typed and did not hand in yet; kept so that a weak network loses nothing."""

    task_id: int = Field(foreign_key="task.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    content: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JsonObject, nullable=False))
    saved_at: datetime = Field(sa_type=UtcDateTime)


class Submission(SQLModel, table=True):
    """提交: what was handed in, never edited. A correction is a new one with the next number.

    `receipt` is the number printed for the person; `sha256` covers the content, the files, the signer and the instant.
    """

    id: int = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    number: int
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    subject_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    submitted_at: datetime = Field(sa_type=UtcDateTime)
    occurred_on: date
    nil: bool = False
    content: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JsonObject, nullable=False))
    receipt: str = Field(max_length=40, unique=True)
    sha256: str = Field(max_length=64)
    decision: str = Field(default="", max_length=12)  # "", accepted, sent_back
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", max_length=500)

    __table_args__ = (UniqueConstraint("task_id", "number"),)


class PaperEntry(SQLModel, table=True):
    """代录: the signed paper behind a submission that the supervising bureau's clerk typed in for an enterprise.

    `signed_by` and `scans` (as the content keeps files) say what the paper is, `received_on` when the bureau had it; the hash of
    the submission covers them. The enterprise may object once.
    """

    __tablename__ = "paper_entry"

    submission_id: int = Field(foreign_key="submission.id", primary_key=True)
    signed_by: str = Field(max_length=40)
    received_on: date
    scans: list[Any] = Field(default_factory=list, sa_column=Column(JsonObject, nullable=False))
    objection: str = Field(default="", max_length=500)
    objected_by_id: int | None = Field(default=None, foreign_key="person.id")
    objected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RecordUse(SQLModel, table=True):
    """用已报的记录: a submission that was not typed anew but uses a record handed in for another campaign.

    The submission is its own task's, with its own receipt and review; `record_id` is the submission that was filled in, which has
    the paper and the hazards. `campaign_id` is the using task's: one campaign uses a record once.
    """

    __tablename__ = "record_use"

    submission_id: int = Field(foreign_key="submission.id", primary_key=True)
    record_id: int = Field(foreign_key="submission.id")
    campaign_id: int = Field(foreign_key="campaign.id")

    __table_args__ = (UniqueConstraint("record_id", "campaign_id"),)


PRINTED = text("print_1 IS NOT NULL")


class Attachment(SQLModel, table=True):
    """A stored file. `storage_id` is random; the person's own file name is kept only to show it again.

    `undrawn`: a picture whose thumbnail is still to be drawn and its print to be taken, `broken`: one that no decoder can draw.
    `print_1` to `print_4` are the bands of a photo's print (rules/files/photo_print), `compared` whether a pass has looked for it
    among the others.
    """

    id: int = Field(default=None, primary_key=True)
    storage_id: str = Field(max_length=40, unique=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    name: str = Field(max_length=200)
    label: str = Field(default="", max_length=40)
    content_type: str = Field(max_length=60)
    size: int
    sha256: str = Field(max_length=64)
    task_id: int | None = Field(default=None, foreign_key="task.id", index=True)
    submission_id: int | None = Field(default=None, foreign_key="submission.id", index=True)
    hazard_id: int | None = Field(default=None, foreign_key="hazard.id", index=True)
    uploaded_by_id: int = Field(foreign_key="person.id")
    uploaded_at: datetime = Field(sa_type=UtcDateTime)
    undrawn: bool = False
    broken: bool = False
    print_1: int | None = None
    print_2: int | None = None
    print_3: int | None = None
    print_4: int | None = None
    compared: bool = False

    __table_args__ = (
        *(
            Index(f"ix_attachment_print_{band}", f"print_{band}", sqlite_where=PRINTED, postgresql_where=PRINTED)
            for band in (1, 2, 3, 4)
        ),
        Index(
            "ix_attachment_undrawn",
            "id",
            sqlite_where=text("undrawn IS 1"),
            postgresql_where=text("undrawn IS true"),
        ),
        Index(
            "ix_attachment_uncompared",
            "organisation_id",
            sqlite_where=text("print_1 IS NOT NULL AND compared IS 0"),
            postgresql_where=text("print_1 IS NOT NULL AND compared IS false"),
        ),
    )


class TaskRequest(SQLModel, table=True):
    """延期 or 豁免 asked for by the doer, or its 异议 to a 代录 that was accepted, decided by the reviewing bureau.

    `due_on` is the day that was asked for; of a granted objection the day until which the doer fills in itself, if that moved.
    One request waits at a time, and beside it an objection: an extension asked for before waits on while the task is done.
    """

    __tablename__ = "task_request"

    id: int = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    kind: str = Field(max_length=12)  # rules.states.RequestKind
    state: str = Field(max_length=12)  # rules.states.RequestState
    reason: str = Field(max_length=500)
    due_on: date | None = None
    previous_due_on: date
    asked_by_id: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decision_reason: str = Field(default="", max_length=500)

    __table_args__ = (
        Index(
            "uq_task_request_asked",
            "task_id",
            unique=True,
            sqlite_where=text("state = 'asked' AND kind <> 'objection'"),
            postgresql_where=text("state = 'asked' AND kind <> 'objection'"),
        ),
        Index(
            "uq_task_request_objected",
            "task_id",
            unique=True,
            sqlite_where=text("state = 'asked' AND kind = 'objection'"),
            postgresql_where=text("state = 'asked' AND kind = 'objection'"),
        ),
    )


class Proposal(SQLModel, table=True):
    """拟办: a drafted step of an escalation ladder that a named official confirms or dismisses.

    One per task, step and due date: after an extension that lapsed, the ladder begins again.
    """

    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    task_id: int = Field(foreign_key="task.id")
    rung: str = Field(max_length=40)
    due_on: date
    action: str = Field(max_length=20)
    target_id: int = Field(foreign_key="organisation.id")
    handler_id: int = Field(foreign_key="organisation.id")
    state: str = Field(max_length=12)  # rules.states.ProposalState
    drafted_at: datetime = Field(sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", max_length=500)

    __table_args__ = (
        UniqueConstraint("task_id", "rung", "due_on"),
        Index("ix_proposal_handler_id_state", "handler_id", "state"),
    )
