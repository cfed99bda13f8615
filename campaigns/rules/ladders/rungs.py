"""A rung of a ladder on the calendar; recomputed from the due date at every look, so an extension cannot lose one."""

from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.rules.dates.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Rung:
    """One dated step. `key` names it for ever (到期前5个工作日, 逾期3个工作日通报); `position` is its line in the ladder.

    `name` is what people read: the key, or how far the due date really is when a day off moved the step (到期当日 told on the
    Friday before is 到期前1天).
    """

    key: str
    on: date
    position: int
    name: str


def later(day: date, distance: int, *, working: bool, calendar: WorkCalendar) -> date:
    """Return the day that lies so many working or calendar days after (before, when negative) a due date."""
    return calendar.add_working_days(day, distance) if working else day + timedelta(days=distance)
