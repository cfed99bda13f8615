"""A period opens once, for everybody who files and every level above."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.reporting.reports import open_due_periods, open_period
from campaigns.definition.report_form import ReportForm
from campaigns.rules.reporting.checks import named
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report
from tests.monthly import JUNE, MAY, TABLE, Register, reporting
from tests.people import Cast

MAY_20 = datetime(2023, 5, 20, 2, tzinfo=UTC)


def by_name(session: Session, period: str = MAY) -> dict[str, Report]:
    rows = session.execute(
        select(col(Organisation.name), Report)
        .join(Report, col(Report.organisation_id) == col(Organisation.id))
        .where(col(Report.period) == period)
    )
    return dict(rows.tuples().all())


def test_counties_report_and_their_city_gets_the_table_that_adds_them_up(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign = reporting(session, either_cast)
        assert open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=MAY_20) == 3
        reports = by_name(session)
        city = reports[either_cast.city_bureau.name]
        assert {reports[bureau.name].parent_id for bureau in (either_cast.bureau, either_cast.neighbour_bureau)} == {
            city.id
        }
        assert city.parent_id is None
        assert reports[either_cast.bureau.name].task_id is not None
        assert not city.caught_up


def test_opening_twice_is_once(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign = reporting(session, either_cast)
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=MAY_20)
        assert open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=MAY_20) == 0


def test_a_period_follows_the_one_before(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign = reporting(session, either_cast)
        for period in (MAY, JUNE):
            open_period(session, campaign_id=campaign.id, form=TABLE, period=period, now=MAY_20)
        name = either_cast.bureau.name
        assert by_name(session, JUNE)[name].previous_id == by_name(session, MAY)[name].id


def test_a_period_opened_after_its_time_is_marked(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign = reporting(session, either_cast)
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=datetime(2023, 5, 27, 2, tzinfo=UTC))
        assert all(report.caught_up for report in by_name(session).values())


def test_periods_open_when_their_task_begins(cast: Cast) -> None:
    with cast.database.transaction() as session:
        campaign = reporting(session, cast)
        assert open_due_periods(session, campaign_id=campaign.id, now=MAY_20) == 3
        assert open_due_periods(session, campaign_id=campaign.id, now=MAY_20) == 0
        assert open_due_periods(session, campaign_id=campaign.id, now=datetime(2023, 6, 1, 2, tzinfo=UTC)) == 3


def test_a_report_opens_filled_in_from_the_registers(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign = reporting(session, either_cast)
        register = Register(session, campaign, either_cast.officer.person_id or 0)
        register.hazard(either_cast.pond, either_cast.bureau, MAY_20)
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=MAY_20)
        report = by_name(session)[either_cast.bureau.name]
        assert report.counted_until == MAY_20


def test_a_table_names_the_county_that_launched_it_and_a_citys_names_none(cast: Cast) -> None:
    with cast.database.transaction() as session:
        citys = reporting(session, cast)
        assert "3.1“帮扶指导县区”" in named_in(report_form(session, citys, TABLE))
        citys.region_id = cast.county.id
        assert "3.1“帮扶指导茌平区”" in named_in(report_form(session, citys, TABLE))


def named_in(form: ReportForm) -> list[str]:
    return [named(form, atom) for atom in form.atoms]
