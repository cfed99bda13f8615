"""Any report of the library on the desks of those who file it and of those above, for tests: opened, filled in, climbing."""

from dataclasses import dataclass, replace

from sqlmodel import Session

from campaigns.actions.directory.organisations import establish
from campaigns.actions.reporting.filling import Typed, fill_cells
from campaigns.actions.reporting.reports import accept, file, open_period
from campaigns.actions.reporting.rollup import recount
from campaigns.definition.report_form import Atom, ReportForm
from campaigns.definition.shelf import reports
from campaigns.rules.permissions import SYSTEM, Actor, OrganisationKind
from campaigns.rules.reporting.indicators import Contribution, row_of
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.reporting.cells import cells_of, filed_figures
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report
from tests.monthly import MAY, campaign_of, instant_of, planned, report_of, task_of
from tests.people import FOUNDED, Cast

NAMES = sorted(reports())
WORDS = {"文字": "已部署", "日期": "2023年5月20日", "是否": "是", "分": "10"}


@dataclass
class Ladder:
    """Who files a report, lowest level first: two that file it, then whoever adds theirs up."""

    filers: list[tuple[Organisation, Actor]]
    above: list[tuple[Organisation, Actor]]


def ladder(session: Session, cast: Cast, form: ReportForm) -> Ladder:
    assert form.rollup is not None
    county, city = (cast.bureau, cast.leader), (cast.city_bureau, cast.city_leader)
    steps = {"企业": [], "镇": [], "县": [county], "市": [city], "省": [province(session, cast)]}
    lowest, *above = form.rollup.levels
    if lowest == "企业":
        filers = [(cast.pond, cast.principal), (cast.other_pond, cast.other_principal)]
    elif lowest == "镇":
        filers = [town(session, cast)]
    else:
        filers = [county, (cast.neighbour_bureau, cast.neighbour_leader)]
    return Ladder(filers, [who for level in above for who in steps[level]])


def province(session: Session, cast: Cast) -> tuple[Organisation, Actor]:
    return bureau(session, cast, session.get_one(Region, cast.city.parent_id), "山东省应急管理厅")


def town(session: Session, cast: Cast) -> tuple[Organisation, Actor]:
    return bureau(session, cast, cast.town, "乐平铺镇应急管理中心")


def bureau(session: Session, cast: Cast, region: Region, name: str) -> tuple[Organisation, Actor]:
    new = establish(session, kind=OrganisationKind.BUREAU, name=name, region=region, by=SYSTEM, now=FOUNDED)
    return new, replace(cast.leader, organisation_id=new.id, region_id=region.id, level=region.level)


def typed(form: ReportForm) -> dict[str, Typed]:
    """Something in every blank; of a list its first line."""
    first = row_of(form.atoms[0])
    return {
        atom.code: Typed(month=a_value(atom))
        for atom in form.atoms
        if atom.source == "填报" and (not form.lines or row_of(atom) == first)
    }


def a_value(atom: Atom) -> str:
    return WORDS.get(atom.unit, "1")


@dataclass
class Period:
    """One period of one report, from opening to the top."""

    session: Session
    cast: Cast
    campaign: Campaign
    form: ReportForm
    who: Ladder

    def report(self, organisation: Organisation) -> Report:
        return report_of(self.session, self.campaign, organisation)

    def fill(self, organisation: Organisation, by: Actor) -> None:
        report = self.report(organisation)
        fill_cells(
            self.session,
            report_id=report.id,
            edit_version=report.edit_version,
            values=typed(self.form),
            by=by,
            now=instant_of(5, 22),
        )

    def climb(self) -> None:
        """File and accept from the lowest level to the top."""
        steps = [self.who.filers, *([one] for one in self.who.above)]
        for step, (_, superior) in zip(steps, self.who.above, strict=False):
            for organisation, leader in step:
                file(self.session, report_id=self.report(organisation).id, by=leader, now=instant_of(5, 23))
                accept(self.session, report_id=self.report(organisation).id, by=superior, now=instant_of(5, 24))
        top, leader = self.who.above[-1]
        recount(self.session, report=self.report(top), now=instant_of(5, 25), everything=True)
        file(self.session, report_id=self.report(top).id, by=leader, now=instant_of(5, 25))


def opened(session: Session, cast: Cast, name: str) -> Period:
    campaign = campaign_of(session, cast)
    form = report_form(session, campaign, name)
    who = ladder(session, cast, form)
    due = planned(session, campaign, duty="B-01", period=MAY, on=instant_of(5, 25).date(), report=name)
    for organisation, _ in who.filers:
        task_of(session, campaign, due, organisation)
    open_period(session, campaign_id=campaign.id, form=name, period=MAY, now=instant_of(5, 20))
    return Period(session, cast, campaign, form, who)


def contribution(period: Period, organisation: Organisation) -> Contribution:
    cells = cells_of(period.session, period.report(organisation).id)
    return Contribution(filed_figures(period.form, cells))
