"""The latest nil returns of a campaign's enterprises, and how others of their category fared, in two statements."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, takewhile
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, or_, select
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.definition.spot_check import SpotCheckRules
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import OrganisationKind
from campaigns.rules.spot_checks.nil_streaks import NilReturn, Streak
from campaigns.rules.states import TaskState
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.directory.regions import Organisation
from campaigns.store.work.tasks import Submission, Task

LONGEST = 60
"""How many periods a streak is followed back: a year of weeks."""
SENT_BACK = "sent_back"


def streaks(session: Session, campaign_id: int, rules: SpotCheckRules, *, now: datetime) -> Iterator[Streak]:
    """Return the unbroken nil returns of every enterprise whose latest periods were all nil."""
    latest = _ranked(campaign_id, now).subquery()
    recent = latest.c.rank <= rules.nil_periods
    per_line = (
        select(
            latest.c.organisation_id,
            latest.c.duty,
            latest.c.category,
            func.count(latest.c.receipt).label("handed"),
            func.sum(latest.c.nil).label("nils"),
        )
        .where(recent)
        .group_by(latest.c.organisation_id, latest.c.duty, latest.c.category)
        .subquery()
    )
    throughout = per_line.c.nils == rules.nil_periods
    counted = select(
        per_line.c.duty,
        per_line.c.category,
        func.count().label("handed"),
        func.sum(case((per_line.c.nils < per_line.c.handed, 1), else_=0)).label("found"),
    ).where(per_line.c.handed == rules.nil_periods)
    others = {(row.duty, row.category): row for row in session.execute(counted.group_by(*counted.selected_columns[:2]))}
    same = and_(per_line.c.organisation_id == latest.c.organisation_id, per_line.c.duty == latest.c.duty)
    rows = session.execute(
        select(latest)
        .join(per_line, same)
        .where(throughout, latest.c.rank <= LONGEST)
        .order_by(latest.c.organisation_id, latest.c.duty, latest.c.rank)
    )
    for _, line in groupby(rows, key=lambda row: (row.organisation_id, row.duty)):
        yield _streak(list(takewhile(lambda row: row.nil == 1, line)), others)


def _ranked(campaign_id: int, now: datetime) -> Select[Any]:
    """Select every required record of the enterprises that is due or handed in, numbered back from the latest."""
    line = (col(Task.organisation_id), col(PlannedOccurrence.duty))
    order = (col(Task.due_on).desc(), col(PlannedOccurrence.seq).desc(), col(Task.id).desc())
    handed_in = and_(col(Submission.task_id) == col(Task.id), col(Submission.decision) != SENT_BACK)
    let_off = (TaskState.WAIVED, TaskState.WITHDRAWN)
    return (
        select(
            col(Task.id),
            col(Task.organisation_id),
            col(Organisation.category),
            col(PlannedOccurrence.duty),
            col(PlannedOccurrence.title),
            col(PlannedOccurrence.period),
            col(PlannedOccurrence.seq),
            col(PlannedOccurrence.quota),
            col(Submission.receipt),
            col(Submission.submitted_at),
            case((col(Submission.nil).is_(True), 1), else_=0).label("nil"),
            func.row_number().over(partition_by=line, order_by=order).label("rank"),
        )
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Organisation, col(Organisation.id) == col(Task.organisation_id))
        .outerjoin(Submission, handed_in)
        .where(
            col(Task.campaign_id) == campaign_id,
            col(Task.state).not_in(let_off),
            col(Task.subject_id) == col(Task.organisation_id),
            col(PlannedOccurrence.form).is_not(None),
            col(PlannedOccurrence.event_driven).is_(False),
            col(Organisation.kind) == OrganisationKind.ENTERPRISE,
            or_(col(Submission.id).is_not(None), col(Task.due_on) <= local_date(now)),
        )
    )


def _streak(rows: list[Row[Any]], others: dict[tuple[str, str], Row[Any]]) -> Streak:
    latest, compared = rows[0], others[rows[0].duty, rows[0].category]
    return Streak(
        enterprise_id=latest.organisation_id,
        category=latest.category,
        duty=latest.duty,
        title=latest.title,
        returns=tuple(
            NilReturn(row.id, period_label(row.period, row.seq, row.quota), row.receipt, row.submitted_at)
            for row in reversed(rows)
        ),
        others=compared.handed - 1,
        others_found=compared.found,
    )
