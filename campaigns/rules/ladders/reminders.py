"""催办: on which days one task is brought to mind. Pure dates; who gets what and how is the catalogue's business.

Reminders go out on working days only: a rung that falls on a day off is pulled forward to the last working day before it, or,
once the task is late, goes out on the next one. It is then called by the day on which it really goes out.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from campaigns.definition.ladders import ReminderLadder
from campaigns.definition.phrases import Moment, moment
from campaigns.rules.dates.calendar import WorkCalendar
from campaigns.rules.ladders.rungs import Rung, later


def rungs(ladder: ReminderLadder, due_on: date, calendar: WorkCalendar) -> tuple[Rung, ...]:
    """Return the ladder's rungs for a task due on that day, earliest first, at most `ladder.most`, one a day."""
    return moments_on(ladder.moments, due_on, calendar, most=ladder.most)


def moments_on(moments: Iterable[str], due_on: date, calendar: WorkCalendar, *, most: int) -> tuple[Rung, ...]:
    """Return the days of 时点 phrases around a due date (a ladder's, or 整改催办 around a rectification deadline)."""
    found: dict[date, Rung] = {}
    for position, text in enumerate(moments):
        for rung in _rungs_of(text, moment(text), position, due_on, calendar, most):
            # Two rungs that meet on one day make one reminder, the more urgent.
            found[rung.on] = max(found.get(rung.on, rung), rung, key=lambda either: either.position)
    return tuple(sorted(found.values(), key=lambda rung: rung.on))[:most]


def _rungs_of(
    text: str, when: Moment, position: int, due_on: date, calendar: WorkCalendar, most: int
) -> Iterator[Rung]:
    if not when.repeats:
        meant = later(due_on, when.distance, working=when.working, calendar=calendar)
        on = calendar.last_working_day(meant)
        yield Rung(text, on, position, text if on == meant else f"到期前{(due_on - on).days}天")
        return
    for times in range(1, most + 1):
        distance = times * when.distance
        meant = later(due_on, distance, working=when.working, calendar=calendar)
        on = meant if calendar.is_working(meant) else calendar.add_working_days(meant, 1)
        key = f"逾期后第{distance}{'个工作日' if when.working else '天'}"
        yield Rung(key, on, position, key if on == meant else f"逾期后第{(on - due_on).days}天")
