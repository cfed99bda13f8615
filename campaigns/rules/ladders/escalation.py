"""升级: on which days an unfinished task climbs, and to what. A rung warns by itself or drafts; people decide the rest."""

from collections.abc import Sequence
from datetime import date

from campaigns.definition.ladders import EscalationRung
from campaigns.definition.phrases import duration
from campaigns.rules.dates.calendar import WorkCalendar
from campaigns.rules.ladders.rungs import Rung, later


def rungs(ladder: Sequence[EscalationRung], due_on: date, calendar: WorkCalendar) -> tuple[Rung, ...]:
    """Return each step's day for a task due on that day, in the ladder's order; keys are `逾期3个工作日通报`."""
    return tuple(_dated(step, position, due_on, calendar) for position, step in enumerate(ladder))


def step_name(step: EscalationRung) -> str:
    """Return what a step is known by for ever: 逾期3个工作日通报."""
    return f"逾期{step.after}{step.action}"


def _dated(step: EscalationRung, position: int, due_on: date, calendar: WorkCalendar) -> Rung:
    after = duration(step.after)
    on = later(due_on, after.days, working=after.working, calendar=calendar)
    if not calendar.is_working(on):
        on = calendar.add_working_days(on, 1)
    return Rung(step_name(step), on, position, step_name(step))
