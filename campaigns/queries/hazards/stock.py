"""存量: the hazards that stood open at the end of a day, how many of them are left month by month, and 动态清零 today."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, extract, func, or_, select
from sqlmodel import Session, col

from campaigns.clock import instant, local_date
from campaigns.queries.hazards.register_list import in_sight
from campaigns.rules.hazards.clearance import Clearance
from campaigns.rules.hazards.reporting_up import Addressee
from campaigns.rules.permissions import Actor
from campaigns.rules.states import OPEN_HAZARD_STATES, HazardState
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.records import HazardReport

MOST_MONTHS = 120
_OPEN = col(Hazard.state).in_(OPEN_HAZARD_STATES)
_MAJOR = col(Hazard.ordinary).is_(False)
"""A major one, said so that the index of an enterprise answers it."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The cohort of a day: how many stood open then, and at the end of each month since; the last one is today's."""

    on: date
    total: int
    left: tuple[tuple[str, int], ...]

    @property
    def now(self) -> int:
        """How many are left today."""
        return self.left[-1][1] if self.left else self.total


@dataclass(frozen=True, slots=True)
class Behind:
    """An enterprise that keeps 动态清零 from being reached, with its two counts."""

    enterprise_id: int
    name: str
    overdue: int
    unreported: int


def stock(session: Session, *, actor: Actor, on: date, major_only: bool, now: datetime) -> Stock:
    """Count the hazards in sight found by the end of a day and not closed by then, and what is left of them since.

    One whose enterprise was closed stays in the stock: it was never rectified.
    """
    year, month = extract("year", col(Hazard.closed_on)), extract("month", col(Hazard.closed_on))
    rows = session.execute(
        select(year, month, func.count())
        .where(
            in_sight(actor),
            col(Hazard.found_on) <= on,
            or_(col(Hazard.closed_on).is_(None), col(Hazard.closed_on) > on),
            or_(col(Hazard.state) != HazardState.ARCHIVED, col(Hazard.closed_on).is_not(None)),
            *([_MAJOR] if major_only else []),
        )
        .group_by(year, month)
    )
    closed = {(row[0], row[1]): row[2] for row in rows}
    total = left = sum(closed.values())
    series = []
    for at in _months(on, local_date(now)):
        left -= closed.get(at, 0)
        series.append((f"{at[0]}-{at[1]:02}", left))
    return Stock(on, total, tuple(series))


def clearance(session: Session, *, actor: Actor, now: datetime) -> Clearance:
    """Return the two counts of 动态清零 over everything in sight."""
    today = local_date(now)
    row = session.execute(
        select(*(func.count().filter(condition) for condition in _failings(today)))
        .select_from(Hazard)
        .where(in_sight(actor), _MAJOR, _OPEN)
    ).one()
    return Clearance(*row)


def behind(session: Session, *, actor: Actor, now: datetime, limit: int = 20) -> tuple[Behind, ...]:
    """List the enterprises in sight that stand in the way, the worst first."""
    overdue, unreported = (func.count().filter(condition) for condition in _failings(local_date(now)))
    rows = session.execute(
        select(col(Organisation.id), col(Organisation.name), overdue, unreported)
        .select_from(Hazard)
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .where(in_sight(actor), _MAJOR, _OPEN, or_(*_failings(local_date(now))))
        .group_by(col(Organisation.id), col(Organisation.name))
        .order_by(overdue.desc(), unreported.desc(), col(Organisation.id))
        .limit(limit)
    )
    return tuple(Behind(*row) for row in rows)


def _failings(today: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What an open major hazard fails in: it is overdue, or not reported to both."""
    made: Any = (
        select(func.count())
        .where(col(HazardReport.hazard_id) == col(Hazard.id), col(HazardReport.addressee).in_(tuple(Addressee)))
        .correlate(Hazard)
        .scalar_subquery()
    )
    return col(Hazard.deadline_on) < today, and_(_registered_before(today), made < len(Addressee))


def _registered_before(today: date) -> ColumnElement[bool]:
    return col(Hazard.registered_at) < instant(today, time())


def _months(on: date, until: date) -> list[tuple[int, int]]:
    """Return (year, month) from the month of a day to that of another."""
    first, last = on.year * 12 + on.month - 1, until.year * 12 + until.month - 1
    return [(at // 12, at % 12 + 1) for at in range(max(first, last - MOST_MONTHS), last + 1)]
