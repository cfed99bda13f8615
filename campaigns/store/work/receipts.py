"""What the hash on a receipt covers, read back from the row, so that anybody can compute it again."""

from typing import Any

from campaigns.rules.work.receipts import Sealed
from campaigns.store.work.tasks import PaperEntry, Submission

HANDED_IN = ("task.submitted", "task.entered", "task.record_used")
"""Kinds of event that tell of a submission: by its doer himself, from his paper, or with a record that he handed in already."""


def sealed(submission: Submission, *, signer: str, paper: PaperEntry | None = None) -> Sealed:
    """Return what a submission's hash covers. `signer` is the name at that time: the actor's name on its event."""
    return Sealed(
        receipt=submission.receipt,
        task_id=submission.task_id,
        organisation_id=submission.organisation_id,
        subject_id=submission.subject_id,
        person_id=submission.person_id,
        signer=signer,
        submitted_at=submission.submitted_at,
        occurred_on=submission.occurred_on,
        nil=submission.nil,
        content=submission.content,
        paper=None if paper is None else _paper(paper),
    )


def _paper(paper: PaperEntry) -> dict[str, Any]:
    return {"signed_by": paper.signed_by, "received_on": paper.received_on.isoformat(), "scans": paper.scans}
