"""Every table of the pages as a file: what the page shows, within sight."""

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest

from campaigns.queries.campaign.all_tasks import TaskTab, count_campaign_tasks
from campaigns.queries.listings.tables import LISTINGS
from campaigns.store.campaign.campaigns import Campaign
from tests.api.client import Browser, Clock
from tests.campaigns import at, launched
from tests.people import Cast


@pytest.fixture
def campaign(cast: Cast, clock: Clock) -> Campaign:
    """Let the city launch over both counties, and a month pass."""
    clock.instant = at(6, 1)
    return launched(cast, by=cast.city_leader)


def read(browser: Browser, address: str) -> list[dict[str, str]]:
    answer = browser.get(address)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def test_the_tasks_file_has_as_many_rows_as_the_page_says(browser: Browser, cast: Cast, campaign: Campaign) -> None:
    browser.sign_in("officer")
    rows = read(browser, f"/tables/tasks.csv?campaign={campaign.id}")
    with cast.database.reading() as session:
        told = count_campaign_tasks(session, campaign_id=campaign.id, actor=cast.officer, now=at(6, 1))
    assert len(rows) == told[TaskTab.ALL]
    assert sum(row["是否逾期"] == "是" for row in rows) == told[TaskTab.LATE]
    assert cast.stranger.name not in {row["责任单位"] for row in rows}


@pytest.mark.parametrize("name", LISTINGS)
def test_every_listing_is_a_workbook_too(browser: Browser, campaign: Campaign, name: str) -> None:
    browser.sign_in("city.leader")
    page = openpyxl.load_workbook(BytesIO(browser.get(f"/tables/{name}.xlsx").content)).active
    assert page is not None
    assert [cell.value for cell in next(page.iter_rows(max_row=1))] == list(LISTINGS[name].headings)
    assert page.max_row - 1 == len(read(browser, f"/tables/{name}.csv"))


def test_the_progress_file_has_the_pages_regions(browser: Browser, campaign: Campaign) -> None:
    browser.sign_in("city.leader")
    rows = read(browser, f"/progress/{campaign.id}/table.csv")
    page = browser.get(f"/progress/{campaign.id}").text
    assert rows
    assert all(row["地区"] in page for row in rows)


@pytest.mark.parametrize("address", ["/tables/nothing.csv", "/tables/tasks.pdf", "/tables/tasks.csv?campaign=999"])
def test_what_is_not_there_is_not_found(browser: Browser, campaign: Campaign, address: str) -> None:
    browser.sign_in("officer")
    assert browser.get(address).status_code == 404
