"""What stands today on the ladders of 催办 and 升级: pure decisions that a sweep turns into one statement per step.

An escalation ladder is monotonous: if a task due on the 10th has reached a step, so has every task due before. So one step of
one pass is one comparison of due dates, whatever the number of tasks.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from fractions import Fraction

from campaigns.clock import local
from campaigns.definition.conditions import condition
from campaigns.definition.expressions import Facts, holds
from campaigns.definition.ladders import EscalationRung, ReminderLadder
from campaigns.definition.phrases import duration, office_hours
from campaigns.rules.dates.calendar import WorkCalendar
from campaigns.rules.ladders.escalation import rungs as escalation_rungs
from campaigns.rules.ladders.reminders import rungs as reminder_rungs
from campaigns.rules.ladders.rungs import Rung
from campaigns.rules.permissions import Permission, Role, roles_with

REMINDED = roles_with(Permission.SUBMIT) - {Role.LEADER}
"""Whose work it is. Leaders are told what is late (升级), not what is due."""
MAJOR_HAZARD = "涉及重大隐患"
"""The one condition that differs from task to task: the organisation has a 重大隐患 that is not closed."""


def in_office_hours(now: datetime, hours: str, calendar: WorkCalendar) -> bool:
    """Whether an instant falls inside the campaign's 办公时间 of a working day."""
    opens, closes = office_hours(hours)
    wall = local(now)
    return calendar.is_working(wall.date()) and opens <= wall.time() <= closes


def newest_reminder(ladder: ReminderLadder, due_on: date, calendar: WorkCalendar, today: date) -> Rung | None:
    """Return the last reminder reached by that day: after an outage the missed ones collapse into it."""
    reached = [rung for rung in reminder_rungs(ladder, due_on, calendar) if rung.on <= today]
    return reached[-1] if reached else None


def latest_due(step: EscalationRung, today: date, calendar: WorkCalendar) -> date:
    """Return the latest due date that has reached the step by `today`: every task due then or before is concerned."""
    due_on = today - timedelta(days=duration(step.after).days)
    while escalation_rungs([step], due_on, calendar)[0].on > today:
        due_on -= timedelta(days=1)
    return due_on


class Applies(Enum):
    """To which of the overdue tasks a step applies at this moment."""

    TO_NONE = "none"
    TO_ALL = "all"
    WITH_MAJOR_HAZARD = "with"
    WITHOUT_MAJOR_HAZARD = "without"


def applies(step: EscalationRung, facts: Facts) -> Applies:
    """Return to which tasks the step's 条件 applies; a fact that is not known applies to none."""
    if step.condition is None:
        return Applies.TO_ALL
    node = condition(step.condition)
    return {
        (True, True): Applies.TO_ALL,
        (True, False): Applies.WITH_MAJOR_HAZARD,
        (False, True): Applies.WITHOUT_MAJOR_HAZARD,
        (False, False): Applies.TO_NONE,
    }[holds(node, _Assuming(facts, major=True)), holds(node, _Assuming(facts, major=False))]


@dataclass(frozen=True, slots=True)
class _Assuming:
    """Facts of a campaign, under the assumption that the task's organisation has a major hazard, or has none."""

    facts: Facts
    major: bool

    def name(self, word: str) -> int | Fraction | bool | None:
        return self.major if word == MAJOR_HAZARD else self.facts.name(word)

    def call(self, function: str, argument: str) -> int | Fraction | bool | None:
        return self.facts.call(function, argument)
