"""Random trees: a province of cities and counties over two months, with what happened in each and how its tables were filed.

Only what happened stands here. `tests.trees.living` does it with real actions, `tests.trees.recount` counts it by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from hypothesis import strategies as st

from tests.monthly import instant_of

ENTERPRISES = 2
MONTHS = (0, 1)
DUE = (instant_of(5, 25, 17), instant_of(6, 25, 17))
DAYS = (
    instant_of(5, 10),
    instant_of(5, 21),
    instant_of(5, 24, 15),  # after a county in time has filed, before the deadline
    instant_of(5, 26),  # after the deadline: June's
    instant_of(6, 12),
    instant_of(6, 24, 15),
)
MOVES = (instant_of(5, 13), instant_of(5, 24, 16), instant_of(6, 13))
SHUTS = (instant_of(5, 14), instant_of(6, 14))


class Filing(Enum):
    """How a county files a month."""

    IN_TIME = "in time"
    RETURNED = "returned once, then filed anew"
    LATE = "after the deadline"
    NIL = "as a nil return, if nothing happened"
    MISSING = "not at all"


@dataclass(frozen=True)
class Flaw:
    """A hazard: who found it, when, on whose ground, when it was closed (day numbers), whether it was listed."""

    self_found: bool
    enterprise: int
    found: int
    closed: int
    listed: bool


@dataclass(frozen=True)
class Visit:
    """An inspection by a bureau, with what it found; a superior's names the city and county of the enterprise too."""

    enterprise: int
    on: int
    slack: bool = False
    penalties: int = 0
    fine: int = 0
    county: int = 0
    city: int = 0


@dataclass(frozen=True)
class Month:
    """What a county types and how it files. `staff` None leaves the stock as it was."""

    visits: int
    staff: int | None
    broadcast: bool
    unnamed: int
    filing: Filing


@dataclass(frozen=True)
class County:
    """A county's two months. `moved`: (enterprise, which instant) goes to the next county; `shut`: an enterprise closes.

    `forgotten` visits are added by a 更正 of May, made before the city filed or (`noticed_late`) after. `dissolved`: it is let
    off in June.
    """

    flaws: tuple[Flaw, ...]
    visits: tuple[Visit, ...]
    months: tuple[Month, Month]
    forgotten: int
    noticed_late: bool
    moved: tuple[int, int] | None
    shut: tuple[int, int] | None
    dissolved: bool

    @property
    def corrects_early(self) -> bool:
        """Whether May is corrected before the city files."""
        punctual = self.months[0].filing is not Filing.LATE
        return bool(self.forgotten) and not self.noticed_late and punctual and self.files(0)

    @property
    def corrects_late(self) -> bool:
        """Whether May is corrected in June."""
        return bool(self.forgotten) and not self.corrects_early and self.files(0)

    def files(self, month: int) -> bool:
        """Whether a table is filed at all: June waits for May."""
        if month and (self.dissolved or not self.files(0)):
            return False
        return self.months[month].filing is not Filing.MISSING


@dataclass(frozen=True)
class City:
    """Its counties, the inspections of its own bureau, which months it files, and whether it waits for late counties."""

    counties: tuple[County, ...]
    visits: tuple[Visit, ...]
    files: tuple[bool, bool]
    waits: tuple[bool, bool]


@dataclass(frozen=True)
class Province:
    """The whole tree."""

    cities: tuple[City, ...]
    visits: tuple[Visit, ...]


Place = tuple[int, int, int]
"""City, county and enterprise by number."""


@dataclass(frozen=True)
class Life:
    """What became of one enterprise: to which county it moved and when, when it closed."""

    moved_at: datetime | None
    to: int
    shut_at: datetime | None

    def open_at(self, at: datetime) -> bool:
        """Whether it still exists."""
        return self.shut_at is None or at < self.shut_at

    def bureau(self, home: int, at: datetime) -> int:
        """Return the county that supervises it."""
        return self.to if self.moved_at is not None and self.moved_at <= at else home


def life(city: City, number: int, enterprise: int) -> Life:
    """Return an enterprise's life; one that closed before its hand-over never moved."""
    county = city.counties[number]
    shut = SHUTS[county.shut[1]] if county.shut and county.shut[0] == enterprise else None
    moved = MOVES[county.moved[1]] if county.moved and county.moved[0] == enterprise else None
    if len(city.counties) == 1 or (moved and shut and shut < moved):
        moved = None
    return Life(moved, (number + 1) % len(city.counties), shut)


def flaws(city: City) -> Iterator[tuple[int, Flaw, Life]]:
    """Yield every hazard that came to be, with the county of its enterprise."""
    for number, county in enumerate(city.counties):
        for flaw in county.flaws:
            lived = life(city, number, flaw.enterprise)
            if lived.open_at(DAYS[flaw.found]):
                yield number, flaw, lived


def closed_at(flaw: Flaw, lived: Life) -> datetime | None:
    """Return when a hazard was closed: after it was found, and while its enterprise existed."""
    at = DAYS[flaw.closed] if flaw.closed > flaw.found else None
    return at if at is not None and lived.open_at(at) else None


def visited(city: City, number: int, visit: Visit) -> bool:
    """Whether the enterprise of a visit still existed on that day."""
    return life(city, number, visit.enterprise).open_at(DAYS[visit.on])


_day = st.integers(0, len(DAYS) - 1)
_enterprise = st.integers(0, ENTERPRISES - 1)
_flaws = st.builds(Flaw, st.booleans(), _enterprise, _day, _day, st.booleans())
_fines = st.sampled_from([(0, 0), (1, 0), (2, 30_000)])
_visits = st.builds(
    lambda enterprise, on, slack, fines: Visit(enterprise, on, slack, *fines), _enterprise, _day, st.booleans(), _fines
)
_abroad = st.builds(
    lambda enterprise, on, county, city: Visit(enterprise, on, county=county, city=city),
    _enterprise,
    _day,
    st.integers(0, 2),
    st.integers(0, 1),
)
_months = st.builds(
    Month,
    visits=st.integers(0, 9),
    staff=st.none() | st.integers(0, 9),
    broadcast=st.booleans(),
    unnamed=st.integers(0, 2),
    filing=st.sampled_from([Filing.IN_TIME, *Filing]),
)
_counties = st.builds(
    County,
    flaws=st.lists(_flaws, max_size=3).map(tuple),
    visits=st.lists(_visits, max_size=3).map(tuple),
    months=st.tuples(_months, _months),
    forgotten=st.sampled_from([0, 0, 2]),
    noticed_late=st.booleans(),
    moved=st.none() | st.tuples(_enterprise, st.integers(0, len(MOVES) - 1)),
    shut=st.none() | st.tuples(_enterprise, st.integers(0, len(SHUTS) - 1)),
    dissolved=st.sampled_from([False, False, False, True]),
)
_cities = st.builds(
    City,
    counties=st.lists(_counties, min_size=1, max_size=3).map(tuple),
    visits=st.lists(_abroad, max_size=2).map(tuple),
    files=st.tuples(st.sampled_from([True, True, False]), st.booleans()),
    waits=st.tuples(st.booleans(), st.booleans()),
)
provinces = st.builds(
    Province,
    cities=st.lists(_cities, min_size=1, max_size=2).map(tuple),
    visits=st.lists(_abroad, max_size=2).map(tuple),
)
