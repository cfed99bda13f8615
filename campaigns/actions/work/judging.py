"""What a reviewer says of a submission, written down on it."""

from datetime import datetime

from campaigns.rules.permissions import Actor
from campaigns.store.work.tasks import Submission


def judge(submission: Submission, decision: str, *, by: Actor, now: datetime, reason: str = "") -> None:
    """Write down what was decided on a submission, by whom, when and why."""
    submission.decision, submission.decided_by_id, submission.decided_at = decision, by.person_id, now
    submission.reason = reason
