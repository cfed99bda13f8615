"""及时性 counts what came when, against the first deadline and the extended one, and every figure is its rows."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from campaigns.actions.reporting.reports import file, open_period, send_back
from campaigns.actions.work.requests import ask, grant
from campaigns.queries.reporting.timeliness import Asked, Count, Split, filed_reports, timeliness
from campaigns.rules.permissions import Actor
from campaigns.rules.states import RequestKind
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.regions import Organisation
from tests.monthly import JUNE, MAY, TABLE, instant_of, report_of, reporting, type_everything
from tests.people import Cast


def file_it(
    session: Session, campaign: Campaign, bureau: Organisation, by: Actor, month: int, day: int, period: str
) -> None:
    report = report_of(session, campaign, bureau, period)
    type_everything(session, report, by, instant_of(month, day))
    file(session, report_id=report.id, by=by, now=instant_of(month, day))


def lived(session: Session, cast: Cast) -> Campaign:
    """May: 茌平 on time, 东阿 after its first deadline but before the extended one. June: 茌平 late, 东阿 returned."""
    campaign = reporting(session, cast)
    open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 20))
    late = report_of(session, campaign, cast.neighbour_bureau).task_id or 0
    asked = ask(
        session,
        task_id=late,
        kind=RequestKind.EXTENSION,
        reason="停电",
        due_on=instant_of(5, 29).date(),
        by=cast.neighbour_officer,
        now=instant_of(5, 23),
    )
    grant(session, request_id=asked.id, by=cast.city_leader, now=instant_of(5, 24))
    file_it(session, campaign, cast.bureau, cast.leader, 5, 24, MAY)
    file_it(session, campaign, cast.neighbour_bureau, cast.neighbour_leader, 5, 28, MAY)
    open_period(session, campaign_id=campaign.id, form=TABLE, period=JUNE, now=instant_of(6, 20))
    file_it(session, campaign, cast.bureau, cast.leader, 6, 27, JUNE)
    file_it(session, campaign, cast.neighbour_bureau, cast.neighbour_leader, 6, 24, JUNE)
    back = report_of(session, campaign, cast.neighbour_bureau, JUNE)
    send_back(session, report_id=back.id, reason="重填", by=cast.city_officer, now=instant_of(6, 25))
    return campaign


def test_periods_are_counted_with_and_without_extensions(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        asked = Asked(lived(session, either_cast).id, TABLE, either_cast.city_officer, instant_of(6, 28))
        june, may, whole = timeliness(session, asked, Split.PERIOD)
        assert list(may.counts.values()) == [2, 2, 1, 2, 0, 0]
        assert list(june.counts.values()) == [2, 1, 0, 0, 1, 1], "sent back and not filed anew is missing"
        assert list(whole.counts.values()) == [4, 3, 1, 2, 1, 1]
        assert (may.percent(Count.ON_TIME), may.percent(Count.EXTENDED)) == ("50.0%", "100.0%")
        assert whole.percent(Count.EXTENDED) == "50.0%", "recomputed from the counts, not averaged"


@pytest.mark.parametrize("split", Split)
def test_every_figure_of_every_split_opens_as_many_reports(cast: Cast, split: Split) -> None:
    with cast.database.transaction() as session:
        asked = Asked(lived(session, cast).id, "", cast.city_officer, instant_of(6, 28))
        lines = timeliness(session, asked, split)
        assert lines[-1].counts[Count.EXPECTED] == 4
        for line in lines:
            for count in Count:
                opened = filed_reports(session, asked, split=split, key=line.key, count=count)
                assert len(opened) == line.counts[count], (line.title, count)


def test_a_county_counts_itself_and_nobody_else(cast: Cast) -> None:
    with cast.database.transaction() as session:
        campaign = lived(session, cast)
        asked = Asked(campaign.id, TABLE, cast.officer, instant_of(6, 28))
        (only, whole) = timeliness(session, asked, Split.REGION)
        assert (only.title, whole.counts[Count.EXPECTED]) == ("茌平区", 2)
        elsewhere = filed_reports(
            session, asked, split=Split.REGION, key=str(cast.neighbour_bureau.region_id), count=Count.EXPECTED
        )
        assert elsewhere == ()
        nothing = Asked(campaign.id, TABLE, cast.stranger_principal, instant_of(6, 28))
        assert timeliness(session, nothing, Split.PERIOD) == ()


def test_who_still_has_time_is_not_expected_yet(cast: Cast) -> None:
    with cast.database.transaction() as session:
        campaign = reporting(session, cast)
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 20))
        early = Asked(campaign.id, TABLE, cast.city_officer, instant_of(5, 24))
        assert timeliness(session, early, Split.PERIOD) == ()
        file_it(session, campaign, cast.bureau, cast.leader, 5, 24, MAY)
        (_, whole) = timeliness(session, early, Split.PERIOD)
        assert (whole.counts[Count.EXPECTED], whole.percent(Count.ON_TIME)) == (1, "100.0%")
        (_, whole) = timeliness(session, replace(early, now=instant_of(5, 28)), Split.PERIOD)
        assert (whole.counts[Count.EXPECTED], whole.counts[Count.MISSING]) == (2, 1)
