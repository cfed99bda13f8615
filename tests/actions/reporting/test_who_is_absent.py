"""A lower level that was in last period's table and is not in this one: its 累计 leaves, no more, and the table names it."""

import pytest
from sqlmodel import Session

from campaigns.actions.reporting.filling import Typed, fill_cells
from campaigns.actions.reporting.reports import accept, file, open_period
from campaigns.errors import Invalid
from campaigns.queries.reporting.monthly import monthly_table
from campaigns.rules.permissions import Actor
from campaigns.rules.states import ReportState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.reports import Report
from tests.monthly import JUNE, MAY, TABLE, figures, instant_of, report_of, reporting, type_everything
from tests.people import Cast


def county_files(
    session: Session, cast: Cast, campaign: Campaign, bureau: Organisation, leader: Actor, month: int, visits: str
) -> None:
    report = report_of(session, campaign, bureau, f"2023-{month:02}")
    type_everything(session, report, leader, instant_of(month, 21), c3_1=visits, c4_6="是")
    file(session, report_id=report.id, by=leader, now=instant_of(month, 22))
    accept(session, report_id=report.id, by=cast.city_leader, now=instant_of(month, 23))


def june_without_a_county(session: Session, cast: Cast) -> Report:
    """Both counties file May (3 and 2 visits) and the city adds them up; in June only 茌平 files (1 visit more)."""
    campaign = reporting(session, cast)
    open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 20))
    county_files(session, cast, campaign, cast.bureau, cast.leader, 5, "3")
    county_files(session, cast, campaign, cast.neighbour_bureau, cast.neighbour_leader, 5, "2")
    city = report_of(session, campaign, cast.city_bureau)
    file(session, report_id=city.id, by=cast.city_leader, now=instant_of(5, 24))
    open_period(session, campaign_id=campaign.id, form=TABLE, period=JUNE, now=instant_of(6, 20))
    county_files(session, cast, campaign, cast.bureau, cast.leader, 6, "1")
    return report_of(session, campaign, cast.city_bureau, JUNE)


def test_a_city_files_without_the_county_and_its_table_names_it(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        city, boss = june_without_a_county(session, either_cast), either_cast.city_leader
        assert monthly_table(session, report_id=city.id, actor=boss).moved == (), (
            "while it is open the county is waited for"
        )
        filed = file(session, report_id=city.id, without="东阿县缺报", by=boss, now=instant_of(6, 24))
        assert filed.state == ReportState.ACCEPTED
        assert figures(session, filed, "3.1") == {"3.1": (1, 4)}, "May's table said 5"
        said = monthly_table(session, report_id=city.id, actor=boss).moved
        assert said == ("东阿县应急管理局本期没有计入，它上期的累计也不在本表里。",)


def test_a_total_that_shrank_by_more_than_the_county_had_in_it_is_still_refused(cast: Cast) -> None:
    with cast.database.transaction() as session:
        city, boss = june_without_a_county(session, cast), cast.city_leader
        over = {"3.1": Typed(total="2", reason="核减")}
        fill_cells(
            session, report_id=city.id, edit_version=city.edit_version, values=over, by=boss, now=instant_of(6, 24)
        )
        with pytest.raises(Invalid) as refused:
            file(session, report_id=city.id, without="东阿县缺报", by=boss, now=instant_of(6, 24))
        assert list(refused.value.fields) == ["3.1"]
