"""工作日历 of one year as people see it: every day off and every changed day, and who changed it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.rules.dates.calendar import ONE_DAY, WEEKDAYS, WorkCalendar
from campaigns.store.directory.working_days import overrides
from campaigns.store.ledger import WorkdayOverride

ORDINARY = frozenset({*WEEKDAYS, "休息日"})


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


def _special(calendar: WorkCalendar, year: int) -> Iterator[tuple[date, date, str]]:
    """Yield the breaks with their week-ends, and the week-end days on which people work, as the notice lists them."""
    days = [date(year, 1, 1) + ONE_DAY * n for n in range(366)]
    for working, run in groupby((day for day in days if day.year == year), key=calendar.is_working):
        if working:
            yield from ((day, day, "调休上班") for day in run if day.weekday() >= 5)
            continue
        off = list(run)
        names = dict.fromkeys(calendar.why_off(day) for day in off)
        named = [name for name in names if name not in ORDINARY]
        if any(day.weekday() < 5 for day in off) or named:
            yield off[0], off[-1], "、".join(named) or "休息"
