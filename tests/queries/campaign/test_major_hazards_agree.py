"""重大隐患未销号: 各地进度, 走势 and 逐家 count the same, whatever became of the hazard."""

from datetime import date, datetime
from typing import Any

from campaigns.actions.hazards.regrading import regrade
from campaigns.queries.campaign.progress import progress
from campaigns.queries.campaign.standings import one_by_one
from campaigns.queries.campaign.trend import MonthEnd, trend_of
from campaigns.rules.hazards.criteria import Criterion
from campaigns.store.campaign.campaigns import Campaign
from tests.actions.directory.test_closing import close, found, reopen
from tests.actions.hazards.test_the_closed_loop import MINOR
from tests.actions.hazards.test_the_closed_loop import found as found_by_itself
from tests.campaigns import at, launched
from tests.people import Cast


def open_majors(cast: Cast, campaign: Campaign, now: datetime, then: datetime) -> tuple[int, int]:
    """Return how many the city counts in the county now and then; every page says the same."""
    place: dict[str, Any] = {"campaign_id": campaign.id, "actor": cast.city_leader, "region_id": cast.county.id}
    ends = tuple(MonthEnd("", instant) for instant in (now, then))
    with cast.database.reading() as session:
        lines = progress(session, **place, now=now, then=then).regions
        trend = trend_of(session, **place, months=ends)
        listed = one_by_one(session, **place, now=now, limit=50).lines
    counted = sum(line.major_open for line in lines), sum(line.major_open_then for line in lines)
    assert tuple(month.major_open for month in trend) == counted
    assert sum(line.major_open for line in listed) == counted[0]
    return counted


def test_a_hazard_that_ended_with_its_enterprise_is_open_until_that_instant(either_cast: Cast) -> None:
    campaign = launched(either_cast, by=either_cast.city_leader)
    found(either_cast, "坝体裂缝", "排洪不畅")
    assert open_majors(either_cast, campaign, at(5, 9), at(5, 7)) == (2, 0)
    close(either_cast)
    assert open_majors(either_cast, campaign, at(5, 11), at(5, 9)) == (0, 2)
    reopen(either_cast)
    assert open_majors(either_cast, campaign, at(5, 13), at(5, 9)) == (2, 2)


def test_a_hazard_that_was_regraded_is_a_major_one_only_since_then(either_cast: Cast) -> None:
    campaign = launched(either_cast, by=either_cast.city_leader)
    hazard = found_by_itself(either_cast, MINOR, now=at(5, 8), found_on=date(2023, 5, 8))
    with either_cast.database.transaction() as session:
        clause, officer = Criterion("矿安〔2022〕88号 三（一）"), either_cast.officer
        regrade(session, hazard_id=hazard.id, criterion=clause, reason="专家会诊认定", by=officer, now=at(5, 15))
    assert open_majors(either_cast, campaign, at(5, 16), at(5, 12)) == (1, 0)
