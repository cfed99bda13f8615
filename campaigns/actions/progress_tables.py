"""调度表 in a campaign's calendar: opened when its period begins, rolled up at the template's hour."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.reports import open_due_periods
from campaigns.actions.rollup import compute
from campaigns.store.campaigns import Campaign, PlannedOccurrence


def open_tables(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Open the tables of every period that has begun, so that a county can fill them before they are due."""
    return open_due_periods(session, campaign_id=campaign.id, now=now)


def roll_up(session: Session, campaign: Campaign, period: str, *, now: datetime) -> int:
    """Roll one period's tables up the tree as they stand at `now`; return how many were counted again."""
    open_tables(session, campaign, now=now)
    forms = select(col(PlannedOccurrence.report)).where(
        col(PlannedOccurrence.campaign_id) == campaign.id,
        col(PlannedOccurrence.period) == period,
        col(PlannedOccurrence.report).is_not(None),
    )
    return sum(
        compute(session, campaign_id=campaign.id, form=form, period=period, now=now)
        for form in session.scalars(forms.distinct()).all()
        if form is not None
    )
