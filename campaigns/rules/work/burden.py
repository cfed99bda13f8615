"""负担: how often an enterprise has to fill something in each month, before a launch and with it (减负).

Counted are entries: dated, required tasks that are discharged by a form. What one record does for in several campaigns is one.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low

Load = Mapping[tuple[int, date], int]
"""(enterprise, first day of the month) → entries that month."""


@dataclass(frozen=True, slots=True)
class MonthLoad:
    """One month: entries of the median enterprise and of the most burdened one, before and with the new campaign.

    `new` are the entries that the new campaign adds to all enterprises together, `spared` those of them that need not be typed,
    because a running one asks for the same record.
    """

    month: date
    before: int
    after: int
    most_before: int
    most_after: int
    new: int
    spared: int


@dataclass(frozen=True, slots=True)
class Heaviest:
    """The enterprise that would have most to fill in one month."""

    enterprise_id: int
    month: date
    before: int
    after: int


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def loads(
    enterprises: Collection[int], months: Sequence[date], before: Load, new: Load, spared: Load
) -> list[MonthLoad]:
    """Return the burden month by month; who has nothing to do in a month counts with zero."""
    found = []
    for month in months:
        old = [before.get((one, month), 0) for one in enterprises]
        after = [
            was + new.get((one, month), 0) - spared.get((one, month), 0)
            for one, was in zip(enterprises, old, strict=True)
        ]
        found.append(
            MonthLoad(
                month=month,
                before=median_low(old) if old else 0,
                after=median_low(after) if after else 0,
                most_before=max(old, default=0),
                most_after=max(after, default=0),
                new=sum(new.get((one, month), 0) for one in enterprises),
                spared=sum(spared.get((one, month), 0) for one in enterprises),
            )
        )
    return found


def heaviest(before: Load, new: Load, spared: Load) -> Heaviest | None:
    """Return the enterprise with the fullest month once the campaign runs, the earliest such month, the smallest id of it."""
    after = Counter(before)
    after.update(new)
    after.subtract(spared)
    most = min(after, key=lambda key: (-after[key], key[1], key[0]), default=None)
    return None if most is None else Heaviest(most[0], most[1], before.get(most, 0), after[most])
