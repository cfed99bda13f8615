"""The 25th: open what is due, count it at the cut-off, add it up the tree. Twice, by two workers or days late gives the same."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.actions.reporting.reports import open_due_periods, open_period
from campaigns.actions.reporting.rollup import compute
from campaigns.actions.time.due_work import Item
from campaigns.rules.states import OPEN_REPORT_STATES
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.database import Database
from campaigns.store.reporting.reports import Report


def roll_up(base: Database, item: Item, now: datetime) -> None:
    """Do one due roll-up: every report of the item's campaign and period that is still open is counted at its cut-off.

    A period that nobody opened in time is opened now and marked 补发.
    """
    if item.campaign_id is not None:
        roll_up_period(base, campaign_id=item.campaign_id, period=item.period, now=now)


def roll_up_period(base: Database, *, campaign_id: int, period: str, now: datetime) -> int:
    """Open a period if it is not and bring its open reports up to date; return how many were counted."""
    with base.transaction() as session:
        counted = 0
        for form in _forms(session, campaign_id, period):
            open_period(session, campaign_id=campaign_id, form=form, period=period, now=now)
            counted += compute(session, campaign_id=campaign_id, form=form, period=period, now=now, everything=True)
        return counted


def open_reports(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Open the periods whose reporting has begun, so that they can be filled before their hour; return the new reports."""
    return open_due_periods(session, campaign_id=campaign.id, now=now)


def count_again(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Bring the open tables up to date with what happened since they were counted; return how many that were."""
    moving = select(col(Report.form), col(Report.period)).where(
        col(Report.campaign_id) == campaign.id, col(Report.state).in_(OPEN_REPORT_STATES)
    )
    families = moving.group_by(col(Report.form), col(Report.period)).order_by(func.min(col(Report.due_at)))
    return sum(
        compute(session, campaign_id=campaign.id, form=form, period=period, now=now)
        for form, period in session.execute(families).all()
    )


def _forms(session: Session, campaign_id: int, period: str) -> list[str]:
    forms = select(col(PlannedOccurrence.report)).where(
        col(PlannedOccurrence.campaign_id) == campaign_id,
        col(PlannedOccurrence.period) == period,
        col(PlannedOccurrence.report).is_not(None),
    )
    return sorted({form for form in session.scalars(forms) if form})
