"""The newest submission of a task and its authors: what a reviewer judges, and who therefore is not its reviewer."""

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.store.work.tasks import RecordUse, Submission


def newest_submission(session: Session, task_id: int) -> Submission | None:
    """Return what was handed in last for a task, if anything was."""
    its = select(Submission).where(col(Submission.task_id) == task_id)
    return session.scalars(its.order_by(col(Submission.number).desc()).limit(1)).first()


def authors(session: Session, submission: Submission) -> frozenset[int]:
    """Return who handed a submission in and, if it uses a record, who filled that in: neither of them judges it."""
    used = select(col(RecordUse.record_id)).where(col(RecordUse.submission_id) == submission.id)
    behind = session.scalars(select(col(Submission.person_id)).where(col(Submission.id) == used.scalar_subquery()))
    return frozenset({submission.person_id, *behind})
