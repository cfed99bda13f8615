"""走势: a campaign month by month, each month's end counted from the rows as they stood then: history can be recounted."""

from dataclasses import dataclass
from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta
from sqlalchemy import and_, func, select
from sqlmodel import Session

from campaigns.clock import instant, local_date
from campaigns.queries.campaign.looking import Place, counted_hazards, counted_tasks, looked_at, number_of
from campaigns.rules.permissions import Actor
from campaigns.store.campaign.counted import done_by, due_at, late_at, open_at

MOST_MONTHS = 40
"""Three years and a little: the longest campaigns."""


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The end of one month, or now in the month that still runs. `label` is 2023-05."""

    label: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """How a place stood at a month's end: tasks of the whole campaign, due by then, done of those, late; open major hazards."""

    month: MonthEnd
    total: int
    due: int
    done_due: int
    done: int
    late: int
    major_open: int

    @property
    def percent(self) -> int | None:
        """到期完成率 in whole percent, None before anything was due."""
        return 100 * self.done_due // self.due if self.due else None

    @property
    def left(self) -> int:
        """Tasks not yet accepted."""
        return self.total - self.done

    @property
    def planned_left(self) -> int:
        """Tasks that were not due yet: what would be left if all were done in time."""
        return self.total - self.due


def month_ends(starts_on: date, ends_on: date, now: datetime) -> tuple[MonthEnd, ...]:
    """Return the ends of a campaign's months up to now, the newest last; before its first day there is none."""
    ends, first = [], starts_on.replace(day=1)
    last = min(local_date(now), ends_on)
    while first <= last:
        following = first + relativedelta(months=1)
        ends.append(MonthEnd(f"{first:%Y-%m}", min(now, instant(following, time()))))
        first = following
    return tuple(ends[-MOST_MONTHS:])


def trend_of(
    session: Session, *, campaign_id: int, actor: Actor, months: tuple[MonthEnd, ...], region_id: int | None = None
) -> tuple[MonthFigures, ...]:
    """Return the figures of a place at each month's end: one statement over its tasks, one over its hazards."""
    if not months:
        return ()
    place = looked_at(session, actor, region_id)
    tasks, hazards = _tasks(session, campaign_id, place, months), _hazards(session, place, months)
    total, counted = tasks[0], tasks[1:]
    found = []
    for number, month in enumerate(months):
        due, done_due, done, late = counted[4 * number : 4 * number + 4]
        found.append(MonthFigures(month, total, due, done_due, done, late, hazards[number]))
    return tuple(found)


def _tasks(session: Session, campaign_id: int, place: Place, months: tuple[MonthEnd, ...]) -> list[int]:
    columns = [
        number_of(condition)
        for month in months
        for condition in (
            due_at(month.at),
            and_(due_at(month.at), done_by(month.at)),
            done_by(month.at),
            late_at(month.at),
        )
    ]
    row = session.execute(counted_tasks(select(func.count(), *columns), campaign_id, place)).one()
    return [int(value or 0) for value in row]


def _hazards(session: Session, place: Place, months: tuple[MonthEnd, ...]) -> list[int]:
    counted = select(*(number_of(open_at(month.at)) for month in months))
    row = session.execute(counted_hazards(counted, place)).one()
    return [int(value or 0) for value in row]
