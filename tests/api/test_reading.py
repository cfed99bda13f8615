"""Keys that read: calendars and programs see what their maker sees, limited to a subtree, until the key is revoked."""

import re

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.directory.people import disable_account
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.reading_keys import ReadingKey
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.reporting.reports import Report
from campaigns.store.work.tasks import Task
from tests.api.client import Browser, Clock, words
from tests.api.test_access import STATED
from tests.campaigns import at, launched
from tests.monthly import reporting
from tests.people import Cast

KEYS = "/settings/keys"
BY_KEY = [path for (method, path), who in STATED.items() if who == "key" and path.startswith("/api/")]


@pytest.fixture
def campaign(cast: Cast, clock: Clock) -> Campaign:
    """Let the city launch over both counties."""
    clock.instant = at(5, 20)
    return launched(cast, by=cast.city_leader)


def made(browser: Browser, to: str, **fields: object) -> str:
    """Make a key on the page and read it off the next one."""
    page = words(browser.follow(browser.post(f"{KEYS}/{to}", key=f"a-key-to-make-{to}-{len(fields)}", **fields)))
    found = re.search(r"：(?:http\S+/feeds/)?([A-Za-z0-9_-]{43})", page)
    assert found is not None, page
    return found.group(1)


def seated(cast: Cast, clock: Clock, login: str) -> Browser:
    browser = Browser(cast.database, clock)
    browser.sign_in(login)
    return browser


def asked(browser: Browser, path: str, token: str) -> object:
    """Ask the API with a token and without a session."""
    browser.http.cookies.clear()
    answer = browser.http.get(path, headers={"Authorization": f"Bearer {token}"})
    return answer.json() if answer.status_code == 200 else answer.status_code


def every(browser: Browser, path: str, token: str, limit: int = 200) -> list[dict[str, object]]:
    """Follow the pages to the end."""
    items: list[dict[str, object]] = []
    after: object = 0
    while after is not None:
        page = asked(browser, f"{path}?limit={limit}&after={after}", token)
        assert isinstance(page, dict)
        items += page["items"]
        after = page["next"]
    return items


def test_a_token_is_shown_once_and_kept_as_a_hash(cast: Cast, clock: Clock, campaign: Campaign) -> None:
    browser = seated(cast, clock, "officer")
    token = made(browser, "program", title="市平台")
    assert token not in browser.get(KEYS).text
    with cast.database.reading() as session:
        key = session.scalars(select(ReadingKey)).one()
    assert token not in repr(key)
    assert "市平台" in words(browser.get(KEYS))


def test_a_token_reads_what_its_maker_sees_and_nothing_else(cast: Cast, clock: Clock, campaign: Campaign) -> None:
    browser = seated(cast, clock, "officer")
    token = made(browser, "program", title="市平台")
    names = {item["name"] for item in every(browser, "/api/v1/organisations", token)}
    assert cast.pond.name in names
    assert cast.stranger.name not in names
    assert asked(browser, f"/api/v1/organisations/{cast.pond.id}", token) != 404
    assert asked(browser, f"/api/v1/organisations/{cast.stranger.id}", token) == 404
    assert asked(browser, "/api/v1/organisations/99999999999999999999", token) == 404


def test_a_token_limited_to_a_county_reads_only_that_county(cast: Cast, clock: Clock, campaign: Campaign) -> None:
    browser = seated(cast, clock, "city.leader")
    whole = made(browser, "program", title="全市")
    narrow = made(browser, "program", title="茌平", organisation=str(cast.bureau.id))
    seen = {item["organisation"] for item in every(browser, "/api/v1/tasks", narrow)}
    assert cast.pond.name in seen
    assert not seen & {cast.stranger.name, cast.neighbour_bureau.name, cast.city_bureau.name}
    assert seen < {item["organisation"] for item in every(browser, "/api/v1/tasks", whole)}
    assert asked(browser, f"/api/v1/organisations/{cast.city_bureau.id}", narrow) == 404


def test_nobody_makes_a_key_for_a_place_out_of_his_sight(cast: Cast, clock: Clock, campaign: Campaign) -> None:
    browser = seated(cast, clock, "officer")
    for place in (cast.city_bureau.id, cast.neighbour_bureau.id, 999_999, "x"):
        answer = browser.post(f"{KEYS}/program", key=f"key-for-nobody-{place}", title="别处", organisation=str(place))
        assert answer.status_code == 404


def test_pages_by_key_hold_every_task_once_in_order(cast: Cast, clock: Clock, campaign: Campaign) -> None:
    browser = seated(cast, clock, "city.leader")
    token = made(browser, "program", title="全市")
    ids = [item["id"] for item in every(browser, "/api/v1/tasks", token, limit=37)]
    with cast.database.reading() as session:
        here = select(col(Task.id)).where(col(Task.campaign_id) == campaign.id).order_by(col(Task.id))
        assert ids == list(session.scalars(here))


def test_a_foreign_report_or_campaign_is_not_found(cast: Cast, clock: Clock) -> None:
    with cast.database.transaction() as session:
        campaign = reporting(session, cast)
        assert session.scalars(select(Report)).first() is None
        campaign_id = campaign.id
    browser = seated(cast, clock, "stranger")
    token = made(browser, "program", title="企业系统")
    for path in ("/api/v1/reports/1/figures", "/api/v1/reports/1", f"/api/v1/tasks/{1}"):
        assert asked(browser, path, token) == 404
    assert asked(browser, f"/api/v1/hazards?campaign_id={campaign_id + 1}", token) == 404
    assert asked(browser, "/api/v1/hazards", token) == {"items": [], "next": None}
    with cast.database.reading() as session:
        assert session.scalars(select(Hazard)).first() is None


@pytest.mark.parametrize("path", BY_KEY)
def test_without_a_good_token_nothing_is_read(browser: Browser, path: str) -> None:
    address = re.sub(r"\{\w+\}", "1", path)
    assert browser.http.get(address).status_code == 401
    assert asked(browser, address, "x" * 43) == 401
    browser.sign_in("leader")
    assert browser.get(address).status_code == 401, "a browser's cookie opens nothing here"


def test_a_revoked_token_and_a_disabled_makers_token_read_nothing(cast: Cast, clock: Clock, campaign: Campaign) -> None:
    browser = seated(cast, clock, "officer")
    first, second = made(browser, "program", title="甲"), made(browser, "calendar")
    with cast.database.reading() as session:
        key_id = session.scalars(select(col(ReadingKey.id)).where(col(ReadingKey.title) == "甲")).one()
    stranger = seated(cast, clock, "leader")
    assert stranger.post(f"{KEYS}/{key_id}/revoke").status_code == 404
    browser.follow(browser.post(f"{KEYS}/{key_id}/revoke"))
    assert asked(browser, "/api/v1/campaigns", first) == 401
    assert browser.http.get(f"/feeds/{second}.ics").status_code == 200
    with cast.database.transaction() as session:
        disable_account(session, person_id=cast.officer.person_id or 0, by=cast.administrator, now=clock.instant)
    assert browser.http.get(f"/feeds/{second}.ics").status_code == 404


def test_a_calendars_key_is_no_programs_key(cast: Cast, clock: Clock, campaign: Campaign) -> None:
    browser = seated(cast, clock, "officer")
    address, token = made(browser, "calendar"), made(browser, "program", title="甲")
    assert asked(browser, "/api/v1/campaigns", address) == 401
    assert browser.http.get(f"/feeds/{token}.ics").status_code == 404


def test_the_calendar_has_the_enterprises_open_deadlines(cast: Cast, clock: Clock, campaign: Campaign) -> None:
    browser = seated(cast, clock, "principal")
    address = made(browser, "calendar")
    browser.http.cookies.clear()
    answer = browser.http.get(f"/feeds/{address}.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    entries = Calendar.from_ical(answer.content).walk("VEVENT")
    assert entries
    assert len({str(entry["uid"]) for entry in entries}) == len(entries)
    assert all(str(entry["summary"]).startswith("截止：") for entry in entries)
    assert cast.other_pond.name not in answer.text


def test_the_description_is_openapi_and_names_every_listing(browser: Browser) -> None:
    described = browser.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert set(described["paths"]) == set(BY_KEY)
    assert "late" in described["components"]["schemas"]["tasks_row"]["properties"]
