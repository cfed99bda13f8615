"""How the invented people keep their dates: most in good time, some at the last minute, some late, one or two never.

A habit is a function of who and what, not of the day on which it is asked, so that every replay is the same.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random


@dataclass(frozen=True)
class Habit:
    """How early one organisation acts (days before the due date, least to most), and how often it is late or silent."""

    earliest: int
    latest: int
    late: float = 0.0
    silent: float = 0.0


PROMPT = Habit(9, 3)
STEADY = Habit(5, 1, late=0.03)
LAST_MINUTE = Habit(2, 0, late=0.15)
TARDY = Habit(3, 0, late=0.35, silent=0.04)
NEGLIGENT = Habit(2, 0, late=0.3, silent=0.5)
BY_NAME = {
    "青山矿业": PROMPT,
    "白石矿业": LAST_MINUTE,
    "河湾石料": TARDY,
    "北岭矿业": LAST_MINUTE,
    "松岗矿业": TARDY,
    "云杉金属": NEGLIGENT,
}
NEVER = date.max
ALWAYS_NIL = "北岭矿业"
"""Finds nothing, period after period: what a flag on the list of proposed spot checks is raised for."""
OLD_PHOTO = ("松岗矿业", "白石矿业")
"""They hand the same photo in again and again, in two counties: raises the other flag."""


def acts_on(name: str, what: str, *, opens_on: date, due_on: date) -> date:
    """Return the day on which an organisation deals with one task, `date.max` if it never does."""
    habit = next((habit for word, habit in BY_NAME.items() if word in name), STEADY)
    chance = Random(f"{name}/{what}")  # noqa: S311 - a story, not a secret
    lot = chance.random()
    if lot < habit.silent:
        return NEVER
    if lot < habit.silent + habit.late:
        return due_on + timedelta(days=chance.randint(1, 9))
    early = chance.randint(habit.latest, habit.earliest)
    return max(opens_on, due_on - timedelta(days=early))
