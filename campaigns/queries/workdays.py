"""工作日历 of one year as people see it: every day off and every changed day, and who changed it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.rules.calendar import WorkCalendar
from campaigns.store.ledger import WorkdayOverride
from campaigns.store.working_days import overrides


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """One day an administrator set, with what the shipped table would say."""

    day: date
    working: bool
    shipped: bool
    note: str


@dataclass(frozen=True, slots=True)
class Year:
    """One year: the runs of special days as (first, last, words), the changed days, and the warnings about the table."""

    year: int
    special: tuple[tuple[date, date, str], ...]
    changed: tuple[ChangedDay, ...]
    warnings: tuple[str, ...]


def work_year(session: Session, *, year: int) -> Year:
    """Return a year of the calendar."""
    calendar, shipped = WorkCalendar(overrides(session)), WorkCalendar()
    rows = session.scalars(
        select(WorkdayOverride)
        .where(col(WorkdayOverride.day).startswith(f"{year:04}-"))
        .order_by(col(WorkdayOverride.day))
    )
    changed = tuple(
        ChangedDay(day := date.fromisoformat(row.day), row.working, shipped.is_working(day), row.note) for row in rows
    )
    return Year(year, tuple(_special(calendar, year)), changed, tuple(calendar.warnings((year,))))


def _special(calendar: WorkCalendar, year: int) -> list[tuple[date, date, str]]:
    runs: list[tuple[date, date, str]] = []
    day = date(year, 1, 1)
    while day.year == year:
        if words := _words(calendar, day):
            joins = bool(runs) and runs[-1][2] == words and runs[-1][1] + timedelta(days=1) == day
            runs[-1:] = [(runs[-1][0], day, words)] if joins else [*runs[-1:], (day, day, words)]
        day += timedelta(days=1)
    return runs


def _words(calendar: WorkCalendar, day: date) -> str:
    """Return why a day is out of the ordinary week, or nothing."""
    working, weekend = calendar.is_working(day), day.weekday() >= 5
    if working == weekend:
        return "调休上班" if working else calendar.why_off(day)
    return ""
