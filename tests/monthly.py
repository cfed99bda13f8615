"""A campaign with a table to file, for tests of reports: rows laid down as a launch leaves them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.reporting.filling import Typed, fill_cells
from campaigns.clock import instant
from campaigns.definition.library import template_text
from campaigns.definition.versions import fingerprint
from campaigns.rules.permissions import Actor
from campaigns.rules.states import CampaignState, HazardSource, HazardState, TaskState
from campaigns.store.campaign.campaigns import Campaign, FrozenDefinition, PlannedOccurrence, RosterEntry
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard, SupervisionOrder
from campaigns.store.reporting.cells import cells_of, month, total
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report
from campaigns.store.work.tasks import Submission, Task
from tests.people import Cast

STARTS, ENDS = date(2023, 5, 1), date(2023, 12, 31)
MAY, JUNE = "2023-05", "2023-06"
TABLE = "调度表"
HOUR = time(17)


@cache
def template() -> str:
    """Return the text of the 2023 action."""
    return template_text("hazard-2023")


@dataclass
class Register:
    """Puts rows behind the figures: hazards found and closed, records handed in and accepted."""

    session: Session
    campaign: Campaign
    person_id: int
    count: int = 0

    def hazard(
        self,
        enterprise: Organisation,
        bureau: Organisation,
        on: datetime,
        *,
        source: HazardSource = HazardSource.SELF,
        closed: datetime | None = None,
        major: bool = True,
    ) -> Hazard:
        self.count += 1
        hazard = Hazard(
            number=f"隐患-{self.campaign.id}-{enterprise.id}-{self.count}",
            enterprise_id=enterprise.id,
            bureau_id=bureau.id,
            source=source,
            major=major,
            title="坝体渗漏",
            found_on=on.date(),
            registered_at=on,
            major_since=on if major else None,
            registered_by_id=self.person_id,
            checked_by_id=self.person_id if closed and major else None,
            state=HazardState.CLOSED if closed else HazardState.REGISTERED,
            closed_at=closed,
            closed_on=None if closed is None else closed.date(),
        )
        self.session.add(hazard)
        self.session.flush()
        return hazard

    def order(self, hazard: Hazard, by: Organisation, on: datetime) -> None:
        self.session.add(
            SupervisionOrder(
                hazard_id=hazard.id,
                issued_by_id=by.id,
                issued_on=on.date(),
                recorded_by_id=self.person_id,
                recorded_at=on,
            )
        )
        self.session.flush()

    def record(self, form: str, doer: Organisation, about: Organisation, on: datetime, **content: object) -> Submission:
        """Hand in and accept one record of a form."""
        self.count += 1
        occurrence = planned(
            self.session, self.campaign, duty=f"X-{self.count}", period="once", on=on.date(), form=form
        )
        task = task_of(self.session, self.campaign, occurrence, doer, about=about, state=TaskState.ACCEPTED)
        record = Submission(
            task_id=task.id,
            number=1,
            organisation_id=doer.id,
            subject_id=about.id,
            person_id=self.person_id,
            submitted_at=on,
            occurred_on=on.date(),
            content=content,
            receipt=f"回执-{self.campaign.id}-{doer.id}-{self.count}",
            sha256="0" * 64,
            decision="accepted",
            decided_at=on,
        )
        self.session.add(record)
        self.session.flush()
        return record


def campaign_of(session: Session, cast: Cast, *, text: str = "") -> Campaign:
    """Launch the 2023 action over 聊城市, with every enterprise on its roster."""
    text = text or template()
    pin = fingerprint(text)
    frozen = FrozenDefinition(template="hazard-2023", version="1.0.0", language="rectify/v1", text=text, sha256=pin)
    session.add(frozen)
    session.flush()
    campaign = Campaign(
        template="hazard-2023",
        title="全市非煤矿山重大事故隐患专项排查整治2023行动",
        kind="专项行动",
        bureau_id=cast.city_bureau.id,
        region_id=cast.city.id,
        definition_id=frozen.id,
        parameters={},
        starts_on=STARTS,
        ends_on=ENDS,
        state=CampaignState.RUNNING,
        launched_at=instant(STARTS, time(9)),
        launch_key=pin,
    )
    session.add(campaign)
    session.flush()
    on_roster(session, campaign, (cast.pond, cast.other_pond, cast.stranger))
    return campaign


def on_roster(session: Session, campaign: Campaign, enterprises: Iterable[Organisation]) -> None:
    session.add_all(
        RosterEntry(campaign_id=campaign.id, audience="企业", organisation_id=each.id, joined_on=STARTS)
        for each in enterprises
    )
    session.flush()


def planned(
    session: Session,
    campaign: Campaign,
    *,
    duty: str,
    period: str,
    on: date,
    form: str | None = None,
    report: str | None = None,
) -> PlannedOccurrence:
    occurrence = PlannedOccurrence(
        campaign_id=campaign.id,
        duty=duty,
        title=duty,
        period=period,
        seq=1,
        opens_on=on.replace(day=1),
        nominal_on=on,
        due_on=on,
        due_at=instant(on, HOUR),
        audience="县局",
        form=form,
        report=report,
    )
    session.add(occurrence)
    session.flush()
    return occurrence


def task_of(
    session: Session,
    campaign: Campaign,
    occurrence: PlannedOccurrence,
    doer: Organisation,
    *,
    about: Organisation | None = None,
    reviewer: Organisation | None = None,
    state: TaskState = TaskState.ASSIGNED,
) -> Task:
    task = Task(
        campaign_id=campaign.id,
        occurrence_id=occurrence.id,
        organisation_id=doer.id,
        subject_id=(about or doer).id,
        reviewer_id=None if reviewer is None else reviewer.id,
        state=state,
        opens_on=occurrence.opens_on,
        due_on=occurrence.due_on,
        due_at=occurrence.due_at,
    )
    session.add(task)
    session.flush()
    return task


def reporting(session: Session, cast: Cast, *, months: Iterable[int] = (5, 6)) -> Campaign:
    """Launch the campaign with the table due from both counties on the 25th of each month."""
    campaign = campaign_of(session, cast)
    for number in months:
        day = date(2023, number, 25)
        occurrence = planned(session, campaign, duty="JG-01", period=f"2023-{number:02}", on=day, report=TABLE)
        for bureau in (cast.bureau, cast.neighbour_bureau):
            task_of(session, campaign, occurrence, bureau, reviewer=cast.city_bureau)
    return campaign


def instant_of(month: int, day: int, hour: int = 10) -> datetime:
    """Return an instant of 2023 by its Beijing wall time."""
    return instant(date(2023, month, day), time(hour))


def report_of(session: Session, campaign: Campaign, organisation: Organisation, period: str = MAY) -> Report:
    """Return an organisation's report of a period, as it stands."""
    report = session.scalar(
        select(Report)
        .where(col(Report.campaign_id) == campaign.id, col(Report.period) == period)
        .where(col(Report.organisation_id) == organisation.id)
        .execution_options(populate_existing=True)
    )
    assert report is not None
    return report


def figures(session: Session, report: Report, *codes: str) -> dict[str, tuple[int | None, int | None]]:
    """Return (当月, 累计) of some cells as they would be reported."""
    cells = cells_of(session, report.id)
    return {code: (month(cells[code]), total(cells[code])) for code in codes}


def type_everything(session: Session, report: Report, by: Actor, now: datetime, **figures: str) -> None:
    """Type a figure into every blank of a table: the given ones (`c3_1="2"` is 3.1), else 0 (是否: 否)."""
    given = {name.removeprefix("c").replace("_", "."): text for name, text in figures.items()}
    form = report_form(session, session.get_one(Campaign, report.campaign_id), report.form)
    typed = {
        atom.code: Typed(month=given.get(atom.code, "否" if atom.unit == "是否" else "0"))
        for atom in form.atoms
        if atom.source == "填报"
    }
    fill_cells(session, report_id=report.id, edit_version=report.edit_version, values=typed, by=by, now=now)
