"""The roll-up equals a recount that walks the facts one by one, on random trees (TRUST T35)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from campaigns.actions.directory.organisations import add_region, establish
from campaigns.actions.reporting.correcting import correct
from campaigns.actions.reporting.filling import Typed, fill_cells, refresh
from campaigns.actions.reporting.reports import accept, file, open_period
from campaigns.actions.reporting.unlocking import unlock
from campaigns.rules.indicators import roll_up
from campaigns.rules.permissions import SYSTEM, Actor, Level, OrganisationKind
from campaigns.rules.states import HazardSource, ReportState
from campaigns.store.database import Database
from campaigns.store.regions import Organisation, Region
from tests.fifteen import contribution, opened
from tests.monthly import (
    MAY,
    TABLE,
    Register,
    campaign_of,
    figures,
    instant_of,
    on_roster,
    planned,
    report_of,
    task_of,
    type_everything,
)
from tests.people import FOUNDED, Cast

ENTERPRISES = 3
OVERSTATED = "另有纸质检查记录"


@dataclass(frozen=True)
class County:
    """What happened in a county: hazards (self-found?, closed?), inspections (enterprise, 制度不落实?, penalties), and typed.

    `forgotten` visits are added by a 更正, made before or (`noticed_late`) after the city filed.
    """

    hazards: tuple[tuple[bool, bool], ...]
    inspections: tuple[tuple[int, bool, int], ...]
    visits: int
    staff: int
    broadcast: bool
    unnamed: int
    reports: bool
    forgotten: int
    noticed_late: bool


@dataclass(frozen=True)
class City:
    """Its counties, and the inspections its own bureau made: (county, enterprise)."""

    counties: tuple[County, ...]
    inspections: tuple[tuple[int, int], ...]
    reports: bool


counties = st.builds(
    County,
    hazards=st.lists(st.tuples(st.booleans(), st.booleans()), max_size=4).map(tuple),
    inspections=st.lists(st.tuples(st.integers(0, ENTERPRISES - 1), st.booleans(), st.integers(0, 3)), max_size=4).map(
        tuple
    ),
    visits=st.integers(0, 9),
    staff=st.integers(0, 9),
    broadcast=st.booleans(),
    unnamed=st.integers(0, 2),
    reports=st.booleans(),
    forgotten=st.integers(0, 2),
    noticed_late=st.booleans(),
)
cities = st.builds(
    City,
    counties=st.lists(counties, min_size=1, max_size=3).map(tuple),
    inspections=st.lists(st.tuples(st.integers(0, 2), st.integers(0, ENTERPRISES - 1)), max_size=3).map(tuple),
    reports=st.booleans(),
)


class Undone(Exception):
    """Ends an example without keeping anything of it."""


@contextmanager
def example(base: Database) -> Iterator[Session]:
    try:
        with base.transaction() as session:
            yield session
            raise Undone
    except Undone:
        return


class Tree:
    """A tree built of rows; every county that reports is filed and accepted, then every city."""

    def __init__(self, session: Session, cast: Cast, shape: list[City]) -> None:
        self.session, self.cast, self.shape = session, cast, shape
        self.campaign = campaign_of(session, cast)
        self.register = Register(session, self.campaign, cast.officer.person_id or 0)
        self.province = session.get_one(Region, cast.city.parent_id)
        self.top = self.bureau(self.province)
        occurrence = planned(
            session, self.campaign, duty="JG-01", period=MAY, on=instant_of(5, 25).date(), report=TABLE
        )
        self.cities: list[tuple[Organisation, list[tuple[Organisation, list[Organisation]]]]] = []
        for number, city in enumerate(shape):
            region = add_region(
                session, code=f"38{number}0", name=f"市{number}", level=Level.CITY, parent=self.province
            )
            below = [self.county(region, f"38{number}{n}1") for n, _ in enumerate(city.counties)]
            for bureau, _ in below:
                task_of(session, self.campaign, occurrence, bureau)
            self.cities.append((self.bureau(region), below))

    def bureau(self, region: Region) -> Organisation:
        kind, name = OrganisationKind.BUREAU, f"{region.name}应急局"
        return establish(self.session, kind=kind, name=name, region=region, by=SYSTEM, now=FOUNDED)

    def county(self, city: Region, code: str) -> tuple[Organisation, list[Organisation]]:
        region = add_region(self.session, code=code, name=f"县{code}", level=Level.COUNTY, parent=city)
        kind = OrganisationKind.ENTERPRISE
        enterprises = [
            establish(self.session, kind=kind, name=f"企业{code}-{n}", region=region, by=SYSTEM, now=FOUNDED)
            for n in range(ENTERPRISES)
        ]
        on_roster(self.session, self.campaign, enterprises)
        return self.bureau(region), enterprises

    def live(self) -> None:
        for city, (city_bureau, below) in zip(self.shape, self.cities, strict=True):
            for county, (bureau, enterprises) in zip(city.counties, below, strict=True):
                self.happen(county, bureau, enterprises)
            for at, enterprise in city.inspections:
                who = below[at % len(below)][1][enterprise]
                self.register.record("执法检查记录", city_bureau, who, instant_of(5, 11), 制度措施不落实=0, 行政处罚=0)
        open_period(self.session, campaign_id=self.campaign.id, form=TABLE, period=MAY, now=instant_of(5, 20))

    def happen(self, county: County, bureau: Organisation, enterprises: list[Organisation]) -> None:
        for self_found, closed in county.hazards:
            source = HazardSource.SELF if self_found else HazardSource.INSPECTION
            when = instant_of(5, 12) if closed else None
            self.register.hazard(enterprises[0], bureau, instant_of(5, 10), source=source, closed=when)
        for who, slack, penalties in county.inspections:
            found = {"制度措施不落实": int(slack), "行政处罚": penalties}
            self.register.record("执法检查记录", bureau, enterprises[who], instant_of(5, 11), **found)

    def seal(self) -> None:
        for city, (city_bureau, below) in zip(self.shape, self.cities, strict=True):
            boss = self.leader(city_bureau, Level.CITY)
            for county, (bureau, _) in zip(city.counties, below, strict=True):
                if county.reports:
                    self.file_county(county, bureau)
                    accept(self.session, report_id=self.id_of(bureau), by=boss, now=instant_of(5, 24))
                    if county.forgotten and not county.noticed_late:
                        self.correct(county, bureau, boss)
            if city.reports and any(county.reports for county in city.counties):
                file(self.session, report_id=self.id_of(city_bureau), without="缺报", by=boss, now=instant_of(5, 25))
                top = self.leader(self.top, Level.PROVINCE)
                accept(self.session, report_id=self.id_of(city_bureau), by=top, now=instant_of(5, 25))
            for county, (bureau, _) in zip(city.counties, below, strict=True):
                if county.reports and county.forgotten and county.noticed_late:
                    self.correct(county, bureau, boss)
                    self.sign_again(city_bureau, boss)
        refresh(
            self.session,
            report_id=self.id_of(self.top),
            by=self.leader(self.top, Level.PROVINCE),
            now=instant_of(6, 10),
        )

    def correct(self, county: County, bureau: Organisation, boss: Actor) -> None:
        report_id, leader, now = self.id_of(bureau), self.leader(bureau), instant_of(6, 1)
        until = instant_of(6, 5).date()
        unlock(self.session, report_id=report_id, until=until, reason="来电", by=boss, now=now)
        report = correct(self.session, report_id=report_id, reason="漏报", by=leader, now=now)
        values, version = {"3.1": Typed(month=str(county.visits + county.forgotten))}, report.edit_version
        fill_cells(self.session, report_id=report_id, edit_version=version, values=values, by=leader, now=now)
        file(self.session, report_id=report_id, by=leader, now=instant_of(6, 2))
        accept(self.session, report_id=report_id, by=boss, now=instant_of(6, 3))

    def sign_again(self, city_bureau: Organisation, boss: Actor) -> None:
        """A city that had filed signs the correction that was opened for it."""
        report = report_of(self.session, self.campaign, city_bureau)
        if report.state == ReportState.CORRECTING:
            file(self.session, report_id=report.id, without="缺报", by=boss, now=instant_of(6, 4))
            top = self.leader(self.top, Level.PROVINCE)
            accept(self.session, report_id=report.id, by=top, now=instant_of(6, 5))

    def file_county(self, county: County, bureau: Organisation) -> None:
        report, leader, now = report_of(self.session, self.campaign, bureau), self.leader(bureau), instant_of(5, 22)
        answer = "是" if county.broadcast else "否"
        type_everything(self.session, report, leader, now, c3_1=str(county.visits), c4_7=str(county.staff), c4_6=answer)
        if county.unnamed:
            more = str(len({who for who, _, _ in county.inspections}) + county.unnamed)
            typed = {"2.1": Typed(month=more, total=more, reason=OVERSTATED)}
            version = report.edit_version
            fill_cells(self.session, report_id=report.id, edit_version=version, values=typed, by=leader, now=now)
        file(self.session, report_id=report.id, by=leader, now=now)

    def leader(self, bureau: Organisation, level: Level = Level.COUNTY) -> Actor:
        return replace(self.cast.leader, organisation_id=bureau.id, region_id=bureau.region_id, level=level)

    def id_of(self, bureau: Organisation) -> int:
        return report_of(self.session, self.campaign, bureau).id

    def totals(self, bureau: Organisation) -> dict[str, int | None]:
        report = report_of(self.session, self.campaign, bureau)
        codes = ("1.1", "1.2", "1.3", "2.1", "2.10", "3.1", "3.3", "4.6", "4.7")
        found = figures(self.session, report, *codes)
        assert all(month == total for month, total in found.values()), "a first period's 当月 is its 累计"
        return {code: total for code, (_, total) in found.items()}


def recounted(number: int, city: City) -> dict[str, int | None]:
    """Count a city from the facts, one by one. An enterprise is (city, county, number)."""
    sealed = [(n, county) for n, county in enumerate(city.counties) if county.reports]
    hazards = [hazard for _, county in sealed for hazard in county.hazards]
    own = {(number, at % len(city.counties), who) for at, who in city.inspections}
    inspected = {(number, n, who) for n, county in sealed for who, _, _ in county.inspections}
    slack = {(number, n, who) for n, county in sealed for who, bad, _ in county.inspections if bad}
    typed = [county for _, county in sealed]
    return {
        "1.1": sum(self_found for self_found, _ in hazards),
        "1.2": sum(self_found and closed for self_found, closed in hazards),
        "1.3": sum(not self_found for self_found, _ in hazards),
        "2.1": len(own | inspected) + sum(county.unnamed for county in typed),
        "2.10": len(slack),
        "3.1": sum(county.visits + county.forgotten for county in typed) if typed else None,
        "3.3": sum(fined for county in typed for _, _, fined in county.inspections),
        "4.6": int(any(county.broadcast for county in typed)) if typed else None,
        "4.7": sum(county.staff for county in typed) if typed else None,
    }


def added(parts: list[dict[str, int | None]]) -> dict[str, int | None]:
    """Add cities up: no enterprise lies in two of them, so 家 adds too."""
    together: dict[str, int | None] = {"3.1": None, "4.6": None, "4.7": None}
    for part in parts:
        for code, value in part.items():
            if value is not None:
                before = together.get(code) or 0
                together[code] = max(before, value) if code == "4.6" else before + value
    return together


@pytest.mark.timeout(900)
def test_the_roll_up_equals_a_recount_on_random_trees(cast: Cast) -> None:
    unhurried = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))

    @unhurried
    @given(st.lists(cities, min_size=1, max_size=2))
    def holds(shape: list[City]) -> None:
        with example(cast.database) as session:
            tree = Tree(session, cast, shape)
            tree.live()
            tree.seal()
            expected = [recounted(number, city) for number, city in enumerate(shape)]
            assert [tree.totals(bureau) for bureau, _ in tree.cities] == expected
            filed = [
                each
                for each, city in zip(expected, shape, strict=True)
                if city.reports and any(county.reports for county in city.counties)
            ]
            above = tree.totals(tree.top)
            assert {code: value or 0 for code, value in above.items()} == {
                code: added(filed).get(code) or 0 for code in above
            }

    holds()


lines = st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 9), st.integers(0, 9), st.integers(0, 5))
matrices = st.lists(lines, min_size=3, max_size=3)
"""Rows 1 to 3 of 执法办案统计表: checks, of them by the system, penalties, 万元, suspended."""


@pytest.mark.timeout(900)
def test_a_matrix_rolls_up_cell_by_cell_with_its_rates_worked_out_anew(cast: Cast) -> None:
    unhurried = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))

    @unhurried
    @given(st.tuples(matrices, matrices))
    def holds(both: tuple[list[tuple[int, ...]], ...]) -> None:
        with example(cast.database) as session:
            period = opened(session, cast, "执法办案统计表")
            for (bureau, leader), rows in zip(period.who.filers, both, strict=True):
                report = period.report(bureau)
                values, version = matrix(rows), report.edit_version
                fill_cells(
                    session, report_id=report.id, edit_version=version, values=values, by=leader, now=instant_of(5, 22)
                )
            period.climb()
            parts = [contribution(period, bureau) for bureau, _ in period.who.filers]
            expected = roll_up(period.form, parts).figures
            for bureau, _ in period.who.above:
                assert contribution(period, bureau).figures == expected
            checked = sum(row[0] for rows in both for row in rows)
            by_system = sum(min(row[:2]) for rows in both for row in rows)
            assert expected["9:1"] == checked
            assert expected["9:3"] == (int((20_000 * by_system / checked + 1) // 2) if checked else None)

    holds()


def matrix(rows: list[tuple[int, ...]]) -> dict[str, Typed]:
    """Type three rows that balance: no more by the system than in all, no fine without a penalty."""
    typed = {}
    for number, (checks, system, penalties, money, suspended) in enumerate(rows, 1):
        figures = (checks, min(checks, system), penalties, money if penalties else 0, suspended)
        typed |= {
            f"{number}:{column}": Typed(month=str(figure))
            for column, figure in zip((1, 2, 4, 5, 6), figures, strict=True)
        }
    return typed
