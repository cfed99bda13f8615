"""A random tree lived through with real actions, in the order of time; what came out is compared with the recount."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from sqlmodel import Session

from campaigns.actions.directory.closing import close_enterprise
from campaigns.actions.directory.handing_over import transfer
from campaigns.actions.directory.organisations import add_region, establish, supervise
from campaigns.actions.events import record
from campaigns.actions.reporting.reports import accept, file, open_period
from campaigns.actions.reporting.rollup import compute, recount
from campaigns.actions.work.requests import ask, grant
from campaigns.rules.permissions import SYSTEM, Actor, Level, OrganisationKind
from campaigns.rules.states import HazardSource, ReportState, RequestKind
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.reporting.cells import cells_of, month, total
from campaigns.store.reporting.reports import Report
from tests.monthly import (
    TABLE,
    Register,
    campaign_of,
    instant_of,
    on_roster,
    planned,
    task_of,
)
from tests.people import FOUNDED, Cast
from tests.trees.filing import PERIODS, Desk, standing
from tests.trees.recount import CODES, Pair, Recount, Table, is_nil
from tests.trees.shapes import (
    DAYS,
    ENTERPRISES,
    MONTHS,
    County,
    Flaw,
    Life,
    Province,
    Visit,
    closed_at,
    flaws,
    life,
    visited,
)

END = instant_of(7, 1)


class Tree:
    """The regions, bureaus and enterprises of a shape, and a diary of what has to be done when."""

    def __init__(self, session: Session, cast: Cast, shape: Province) -> None:
        self.session, self.cast, self.shape, self.recount = session, cast, shape, Recount(shape)
        self.campaign = campaign_of(session, cast)
        self.register = Register(session, self.campaign, cast.officer.person_id or 0)
        self.diary: list[tuple[datetime, Callable[[datetime], object]]] = []
        self.province = session.get_one(Region, cast.city.parent_id)
        self.top = self._bureau(self.province)
        self.cities: list[Organisation] = []
        self.counties: list[list[Organisation]] = []
        self.enterprises: list[list[list[Organisation]]] = []
        for number in range(len(shape.cities)):
            self._city(number)
        for number, day in enumerate((date(2023, 5, 25), date(2023, 6, 25))):
            due = planned(session, self.campaign, duty="JG-01", period=PERIODS[number], on=day, report=TABLE)
            for city, bureaus in zip(self.cities, self.counties, strict=True):
                for bureau in bureaus:
                    task_of(session, self.campaign, due, bureau, reviewer=city)

    def _city(self, number: int) -> None:
        session, code = self.session, f"38{number}0"
        region = add_region(session, code=code, name=f"市{number}", level=Level.CITY, parent=self.province)
        self.cities.append(self._bureau(region))
        self.counties.append([])
        self.enterprises.append([])
        for n in range(len(self.shape.cities[number].counties)):
            county = add_region(session, code=f"{code}{n}1", name=f"县{number}{n}", level=Level.COUNTY, parent=region)
            bureau = self._bureau(county)
            kind, name = OrganisationKind.ENTERPRISE, f"企业{number}{n}"
            mine = [
                establish(session, kind=kind, name=f"{name}{e}", region=county, by=SYSTEM, now=FOUNDED)
                for e in range(ENTERPRISES)
            ]
            for enterprise in mine:
                supervise(
                    session, enterprise=enterprise, bureau=bureau, from_day=date(2023, 4, 1), by=SYSTEM, now=FOUNDED
                )
            on_roster(session, self.campaign, mine)
            self.counties[-1].append(bureau)
            self.enterprises[-1].append(mine)

    def _bureau(self, region: Region) -> Organisation:
        kind, name = OrganisationKind.BUREAU, f"{region.name}应急局"
        return establish(self.session, kind=kind, name=name, region=region, by=SYSTEM, now=FOUNDED)

    def actor(self, bureau: Organisation, level: Level) -> Actor:
        """Return somebody of a bureau who may do everything there."""
        roles = self.cast.leader.roles | self.cast.officer.roles
        who = self.cast.officer if level is Level.COUNTY else self.cast.leader  # nobody decides what he asked himself
        own = replace(who, level=level, roles=roles)
        return replace(own, organisation_id=bureau.id, region_id=bureau.region_id)

    def live(self) -> None:
        """Write the diary and do what stands in it."""
        for number, city in enumerate(self.shape.cities):
            for county, flaw, lived in flaws(city):
                self._flaw(number, county, flaw, lived)
            for county in range(len(city.counties)):
                self._county(number, county)
            for visit in city.visits:
                self._inspect(self.cities[number], number, visit.county % len(city.counties), visit)
            self._reports_of(number)
        for visit in self.shape.visits:
            number = visit.city % len(self.shape.cities)
            self._inspect(self.top, number, visit.county % len(self.shape.cities[number].counties), visit)
        for number, day in enumerate((instant_of(5, 20), instant_of(6, 10))):
            self.diary.append((day, partial(self._open, number)))
        self.diary.append((instant_of(6, 9), self.count))
        for at, work in sorted(self.diary, key=lambda entry: entry[0]):
            work(at)
        self.count(END)

    def _open(self, number: int, at: datetime) -> None:
        open_period(self.session, campaign_id=self.campaign.id, form=TABLE, period=PERIODS[number], now=at)

    def count(self, at: datetime, *, everything: bool = False) -> None:
        """Do what the minute's tick does: bring what is open up to date."""
        for period in PERIODS:
            campaign_id = self.campaign.id
            compute(self.session, campaign_id=campaign_id, form=TABLE, period=period, now=at, everything=everything)

    def _flaw(self, city: int, county: int, flaw: Flaw, lived: Life) -> None:
        enterprise = self.enterprises[city][county][flaw.enterprise]
        source = HazardSource.SELF if flaw.self_found else HazardSource.INSPECTION
        made: list[Hazard] = []

        def find(at: datetime) -> None:
            bureau = self.counties[city][lived.bureau(county, at)]
            hazard = self.register.hazard(enterprise, bureau, at, source=source)
            if flaw.listed:
                self.register.order(hazard, bureau, at)
            made.append(hazard)
            self._told("hazard.registered", enterprise, at)

        def close(at: datetime) -> None:
            hazard = self.session.get_one(Hazard, made[0].id)
            hazard.checked_by_id, hazard.closed_by_id = self.cast.inspector.person_id, self.cast.officer.person_id
            hazard.state, hazard.closed_at, hazard.closed_on = "closed", at, at.date()
            self.session.flush()
            self._told("hazard.closed", enterprise, at)

        self.diary.append((DAYS[flaw.found], find))
        if closed := closed_at(flaw, lived):
            self.diary.append((closed, close))

    def _county(self, city: int, county: int) -> None:
        for visit in self.shape.cities[city].counties[county].visits:
            self._inspect(self.counties[city][county], city, county, visit)
        for enterprise, who in enumerate(self.enterprises[city][county]):
            lived = life(self.shape.cities[city], county, enterprise)
            boss = self.actor(self.cities[city], Level.CITY)
            if lived.moved_at is not None:
                to = self.counties[city][lived.to]
                self.diary.append((lived.moved_at, partial(self._move, who, to, boss)))
            if lived.shut_at is not None:
                self.diary.append((lived.shut_at, partial(self._shut, who, boss)))

    def _move(self, who: Organisation, to: Organisation, by: Actor, at: datetime) -> None:
        transfer(self.session, enterprise_id=who.id, bureau_id=to.id, on=at.date(), reason="统一监管", by=by, now=at)

    def _shut(self, who: Organisation, by: Actor, at: datetime) -> None:
        close_enterprise(self.session, enterprise_id=who.id, reason="政策性关闭", on=at.date(), by=by, now=at)

    def _inspect(self, by: Organisation, city: int, county: int, visit: Visit) -> None:
        if not visited(self.shape.cities[city], county, visit):
            return
        about = self.enterprises[city][county][visit.enterprise]
        found = {"制度措施不落实": int(visit.slack), "行政处罚": visit.penalties, "罚款": visit.fine}

        def inspect(at: datetime) -> None:
            self.register.record("执法检查记录", by, about, at, **found)
            self._told("task.accepted", by, at)

        self.diary.append((DAYS[visit.on], inspect))

    def _told(self, kind: str, organisation: Organisation, at: datetime) -> None:
        record(self.session, kind, by=SYSTEM, now=at, organisation_id=organisation.id)

    def _reports_of(self, city: int) -> None:
        shape, boss = self.shape.cities[city], self.actor(self.cities[city], Level.CITY)
        for number, county in enumerate(shape.counties):
            bureau = self.counties[city][number]
            self._reports_of_county(city, number, county, boss)
            if county.dissolved:
                self.diary.append((instant_of(6, 15), partial(self._let_off, bureau, boss)))
        for m in MONTHS:
            if self.recount.files(city, m):
                at = instant_of(5 + m, 28 if shape.waits[m] else 25)
                self.diary.append((at, partial(self._city_files, city, m)))
                self.diary.append((instant_of(5 + m, 28, 13), partial(self._city_accepted, city, m)))
        if any(county.corrects_late for county in shape.counties):
            self.diary.append((instant_of(6, 4), partial(self._city_signs_again, city)))

    def _reports_of_county(self, city: int, number: int, county: County, boss: Actor) -> None:
        bureau = self.counties[city][number]
        desk = Desk(self.session, self.campaign, bureau, self.actor(bureau, Level.COUNTY), boss)
        for m in MONTHS:
            if county.files(m):
                self.diary += desk.files(county, m, self._figures(city, number, m), nil=self._nil(city, number, m))
        if county.corrects_early or county.corrects_late:
            self.diary += desk.corrects(county, self._figures(city, number, 0))

    def _nil(self, city: int, county: int, m: int) -> bool:
        return is_nil(self.shape.cities[city], (city, county), m)

    def _figures(self, city: int, county: int, m: int) -> tuple[int, int] | None:
        """What is typed over 2.1, if anything: so many enterprises more than the records name."""
        figures = self.recount.county(city, county, m).figures["2.1"]
        named = self.recount.county(city, county, m).named["2.1"]
        more = (figures[0] or 0) - len(named[0]), (figures[1] or 0) - len(named[1])
        return (figures[0] or 0, figures[1] or 0) if any(more) else None

    def _let_off(self, bureau: Organisation, boss: Actor, at: datetime) -> None:
        task_id = self.standing(bureau, 1).task_id or 0
        by = self.actor(bureau, Level.COUNTY)
        asked = ask(self.session, task_id=task_id, kind=RequestKind.WAIVER, reason="县已撤销", by=by, now=at)
        grant(self.session, request_id=asked.id, by=boss, now=at)

    def standing(self, bureau: Organisation, m: int) -> Report:
        """Return the living report of a bureau."""
        return standing(self.session, self.campaign, bureau, m)

    def _city_files(self, city: int, m: int, at: datetime) -> None:
        report = self.standing(self.cities[city], m)
        recount(self.session, report=report, now=at)
        file(self.session, report_id=report.id, without="缺报", by=self.actor(self.cities[city], Level.CITY), now=at)

    def _city_accepted(self, city: int, m: int, at: datetime) -> None:
        report = self.standing(self.cities[city], m)
        accept(self.session, report_id=report.id, by=self.actor(self.top, Level.PROVINCE), now=at)

    def _city_signs_again(self, city: int, at: datetime) -> None:
        report = self.standing(self.cities[city], 0)
        if report.state == ReportState.CORRECTING:
            by = self.actor(self.cities[city], Level.CITY)
            recount(self.session, report=report, now=at)
            file(self.session, report_id=report.id, without="缺报", by=by, now=at)
            accept(self.session, report_id=report.id, by=self.actor(self.top, Level.PROVINCE), now=at)

    def differences(self) -> tuple[int, list[str]]:
        """Compare every table with the recount; return how many figures were compared, and what differs."""
        compared, wrong = 0, []
        for name, report, expected in self._expected():
            found = self._figures_of(report)
            for code in CODES:
                pair, recounted = found[code], expected.figures.get(code, (None, None))
                compared += 2
                if pair != recounted:
                    wrong.append(f"{name} {report.period} {code}: {pair}, recounted {recounted}")
        return compared, wrong

    def _figures_of(self, report: Report) -> dict[str, Pair]:
        cells = cells_of(self.session, report.id)
        return {code: (month(cells[code]), total(cells[code])) for code in CODES}

    def _expected(self) -> Iterator[tuple[str, Report, Table]]:
        for m in MONTHS:
            for city, shape in enumerate(self.shape.cities):
                for number, county in enumerate(shape.counties):
                    if county.files(m):
                        report = self.standing(self.counties[city][number], m)
                        yield f"county {city}.{number}", report, self.recount.county(city, number, m)
                yield f"city {city}", self.standing(self.cities[city], m), self.recount.city(city, m)
            yield "province", self.standing(self.top, m), self.recount.top(m)
