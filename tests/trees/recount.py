"""The recount: walks what happened, one thing after the other, in plain Python, and shares no code with the roll-up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tests.monthly import instant_of
from tests.trees.shapes import DAYS, DUE, City, County, Filing, Flaw, Place, Province, closed_at, flaws, visited

START = instant_of(5, 1, 0)
COUNTED = ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "3.3", "3.3.罚款")
ENTERPRISES = ("2.1", "2.10")
TYPED = ("3.1", "4.6", "4.7")
CODES = (*COUNTED, *ENTERPRISES, *TYPED)
Pair = tuple[int | None, int | None]
"""当月 and 累计."""
Where = Callable[[datetime], tuple[bool, bool]]


@dataclass(frozen=True)
class Table:
    """What a filed table brings to its superior: its figures, and the enterprises that it names behind each 家."""

    figures: dict[str, Pair]
    named: dict[str, tuple[frozenset[Place], frozenset[Place]]] = field(default_factory=dict)


def window(after: datetime, until: datetime) -> Where:
    """Say of an instant whether it belongs to 当月 and to 累计."""
    return lambda at: (after < at <= until, at <= until)


def filed_until(county: County, month: int) -> datetime:
    """Return where a county's month stops counting: when it was filed for good, never after the deadline."""
    filing = county.months[month].filing
    day = {0: (5, 22), 1: (6, 22)}[month]
    if not county.files(month) or filing is Filing.LATE or (month == 0 and county.corrects_late):
        return DUE[month]
    if month == 0 and county.corrects_early:
        return instant_of(5, 24, 13)
    return instant_of(day[0], day[1] + 1, 12) if filing is Filing.RETURNED else instant_of(*day)


def county_table(city: City, place: tuple[int, int], month: int) -> Table:
    """Count one county's month."""
    county = city.counties[place[1]]
    counted = _sums(_hazards(city, place[1], month) + _inspections(city, place, month))
    named = _named(city, place, month)
    figures: dict[str, Pair] = {code: counted.get(code, (0, 0)) for code in COUNTED}
    figures |= {code: (len(named[code][0]), len(named[code][1])) for code in ENTERPRISES}
    more = 0 if is_nil(city, place, month) else county.months[month].unnamed
    if unnamed(city, place, month):
        figures["2.1"] = (len(named["2.1"][0]) + more, len(named["2.1"][1]) + unnamed(city, place, month))
    return Table(figures | _typed(city, place, month), named)


def unnamed(city: City, place: tuple[int, int], month: int) -> int:
    """How many enterprises were typed from paper up to a month, beyond those that records name."""
    months = range(month + 1)
    return sum(city.counties[place[1]].months[m].unnamed for m in months if not is_nil(city, place, m))


def is_nil(city: City, place: tuple[int, int], month: int) -> bool:
    """Whether a month is filed as a nil return: it was meant to be, and the registers agree."""
    county = city.counties[place[1]]
    if county.months[month].filing is not Filing.NIL or (
        month == 0 and (county.corrects_early or county.corrects_late)
    ):
        return False
    return _is_empty(city, place, month)


def _is_empty(city: City, place: tuple[int, int], month: int) -> bool:
    rows = _hazards(city, place[1], month) + _inspections(city, place, month)
    return (
        not any(value for _, value, (this_month, _) in rows if this_month) and not _named(city, place, month)["2.1"][0]
    )


def _typed(city: City, place: tuple[int, int], month: int) -> dict[str, Pair]:
    visits, answers, staff = 0, 0, 0
    this: dict[str, Pair] = {}
    county = city.counties[place[1]]
    for m in range(month + 1):
        typed, nil = county.months[m], is_nil(city, place, m)
        now = 0 if nil else typed.visits + (county.forgotten if m == 0 and county.files(0) else 0)
        answer = 0 if nil else int(typed.broadcast)
        staff = staff if nil or (typed.staff is None and m) else typed.staff or 0
        visits, answers = visits + now, max(answers, answer)
        this = {"3.1": (now, visits), "4.6": (answer, answers), "4.7": (staff, staff)}
    return this


def _hazards(city: City, county: int, month: int) -> list[tuple[str, int, tuple[bool, bool]]]:
    """Return what hazards add to each cell. The county counts those it answered for when the month began."""
    begins = START if month == 0 else DUE[0]
    rows = []
    for home, flaw, lived in flaws(city):
        found, closed = DAYS[flaw.found], closed_at(flaw, lived)
        first = lived.bureau(home, found)
        moved = lived.moved_at is not None and found < lived.moved_at and (closed is None or closed > lived.moved_at)
        holder = lived.to if moved and lived.moved_at is not None and lived.moved_at <= begins else first
        if holder != county:
            continue
        after = START if month == 0 else filed_until(city.counties[first if moved else county], 0)
        within = window(after, filed_until(city.counties[county], month))
        rows += _of_one(flaw, found, closed, within)
    return rows


def _of_one(
    flaw: Flaw, found: datetime, closed: datetime | None, within: Where
) -> list[tuple[str, int, tuple[bool, bool]]]:
    kinds = [("1.1", "1.2") if flaw.self_found else ("1.3", "1.4"), *([("1.5", "1.6")] if flaw.listed else [])]
    rows = [(of_found, 1, within(found)) for of_found, _ in kinds]
    return rows + [(of_closed, 1, within(closed)) for _, of_closed in kinds if closed is not None]


def _inspections(city: City, place: tuple[int, int], month: int) -> list[tuple[str, int, tuple[bool, bool]]]:
    county = city.counties[place[1]]
    within = window(START if month == 0 else filed_until(county, 0), filed_until(county, month))
    return [
        row
        for visit in county.visits
        if visited(city, place[1], visit)
        for row in (("3.3", visit.penalties, within(DAYS[visit.on])), ("3.3.罚款", visit.fine, within(DAYS[visit.on])))
    ]


def _named(city: City, place: tuple[int, int], month: int) -> dict[str, tuple[frozenset[Place], frozenset[Place]]]:
    county = city.counties[place[1]]
    within = window(START if month == 0 else filed_until(county, 0), filed_until(county, month))
    seen = [((*place, v.enterprise), within(DAYS[v.on]), v.slack) for v in county.visits if visited(city, place[1], v)]
    return {
        "2.1": _sets((who, when) for who, when, _ in seen),
        "2.10": _sets((who, when) for who, when, slack in seen if slack),
    }


def _sets(seen: Iterable[tuple[Place, tuple[bool, bool]]]) -> tuple[frozenset[Place], frozenset[Place]]:
    rows = list(seen)
    return frozenset(w for w, (month, _) in rows if month), frozenset(w for w, (_, total) in rows if total)


def _sums(rows: Iterable[tuple[str, int, tuple[bool, bool]]]) -> dict[str, Pair]:
    sums: dict[str, list[int]] = {}
    for code, value, (month, total) in rows:
        both = sums.setdefault(code, [0, 0])
        both[0] += value * month
        both[1] += value * total
    return {code: (month, total) for code, (month, total) in sums.items()}


def added(tables: list[Table], own: Iterable[tuple[Place, tuple[bool, bool]]]) -> Table:
    """Add tables up, with the enterprises that the superior's own bureau inspected."""
    mine = _sets(own)
    figures: dict[str, Pair] = {code: (_sum(tables, code, 0) or 0, _sum(tables, code, 1) or 0) for code in COUNTED}
    figures |= {code: (_sum(tables, code, 0), _sum(tables, code, 1)) for code in ("3.1", "4.7")}
    figures["4.6"] = (_any(tables, 0), _any(tables, 1))
    named = {}
    for code in ENTERPRISES:
        lists = [mine if code == "2.1" else (frozenset(), frozenset()), *(table.named[code] for table in tables)]
        named[code] = (frozenset().union(*(m for m, _ in lists)), frozenset().union(*(t for _, t in lists)))
        more = [sum((t.figures[code][n] or 0) - len(t.named[code][n]) for t in tables) for n in (0, 1)]
        figures[code] = (len(named[code][0]) + more[0], len(named[code][1]) + more[1])
    return Table(figures, named)


def _sum(tables: list[Table], code: str, which: int) -> int | None:
    known = [value for table in tables if (value := table.figures[code][which]) is not None]
    return sum(known) if known else None


def _any(tables: list[Table], which: int) -> int | None:
    known = [value for table in tables if (value := table.figures["4.6"][which]) is not None]
    return max(known) if known else None


@dataclass(frozen=True)
class Recount:
    """The tables of a whole province: what a county brings, when a city counts it, what stands at the top."""

    province: Province

    def county(self, city: int, county: int, month: int) -> Table:
        """Count a county that filed."""
        return county_table(self.province.cities[city], (city, county), month)

    def files(self, city: int, month: int) -> bool:
        """Whether a city files a month: it wants to, somebody below was accepted, and the month before is filed."""
        shape = self.province.cities[city]
        earlier = month == 0 or self.files(city, 0)
        return shape.files[month] and earlier and bool(self._in_by(shape, month))

    def in_it(self, city: int, month: int) -> list[int]:
        """Return the counties that stand in a city's table in the end."""
        shape = self.province.cities[city]
        signed_again = month == 0 and any(county.corrects_late for county in shape.counties)
        if not self.files(city, month) or signed_again:
            return [n for n, county in enumerate(shape.counties) if county.files(month)]
        return self._in_by(shape, month)

    def city(self, city: int, month: int) -> Table:
        """Count a city's table as it stands in the end."""
        shape = self.province.cities[city]
        within = window(START if month == 0 else self._until(city, 0), self._until(city, month))
        own = (
            ((city, number, visit.enterprise), within(DAYS[visit.on]))
            for visit in shape.visits
            for number in (visit.county % len(shape.counties),)
            if visited(shape, number, visit)
        )
        return added([self.county(city, n, month) for n in self.in_it(city, month)], own)

    def top(self, month: int) -> Table:
        """Count the province's table, which stays open."""
        within = window(START if month == 0 else DUE[0], DUE[month])
        cities = self.province.cities
        own = (
            ((number, county, visit.enterprise), within(DAYS[visit.on]))
            for visit in self.province.visits
            for number in (visit.city % len(cities),)
            for county in (visit.county % len(cities[number].counties),)
            if visited(cities[number], county, visit)
        )
        return added([self.city(n, month) for n in range(len(cities)) if self.files(n, month)], own)

    def _in_by(self, shape: City, month: int) -> list[int]:
        """The counties accepted when a city files: late ones only if it waits for them."""
        return [
            number
            for number, county in enumerate(shape.counties)
            if county.files(month) and (shape.waits[month] or county.months[month].filing is not Filing.LATE)
        ]

    def _until(self, city: int, month: int) -> datetime:
        shape = self.province.cities[city]
        signed_again = month == 0 and any(county.corrects_late for county in shape.counties)
        if not self.files(city, month) or signed_again or shape.waits[month]:
            return DUE[month]
        return instant_of(5 + month, 25)
