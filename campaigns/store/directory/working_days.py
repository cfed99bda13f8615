"""The work calendar as it stands: the shipped table with what administrators entered over it."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.rules.dates.calendar import WorkCalendar
from campaigns.store.ledger import WorkdayOverride


def work_calendar(session: Session) -> WorkCalendar:
    """Return the calendar that due dates move by; read it once per pass, it does not change under one."""
    return WorkCalendar(overrides(session))


def overrides(session: Session) -> dict[date, bool]:
    """Return every day an administrator set, and whether people work on it."""
    rows = session.execute(select(col(WorkdayOverride.day), col(WorkdayOverride.working)))
    return {date.fromisoformat(day): working for day, working in rows}
