"""The launch wizard: nothing happens before the last button, and then it happens once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.work.tasks import Task
from tests.api.client import Browser, Clock, form_key, words
from tests.people import Cast
from tests.sharing import beside

FIRST_OF_MAY = datetime(2023, 5, 1, 1, 0, tzinfo=UTC)
PREVIEW = "/launch/hazard-2023/preview"


@pytest.fixture
def officer(browser: Browser, clock: Clock) -> Browser:
    """Return the bureau officer's browser on the first day of the notice."""
    clock.instant = FIRST_OF_MAY
    browser.sign_in("officer")
    return browser


def campaigns(cast: Cast) -> int:
    with cast.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Campaign)) or 0


def test_every_template_of_the_shelf_can_be_chosen_and_looked_at(officer: Browser) -> None:
    page = officer.get("/launch")
    for template in ("hazard-2023", "hundred-days", "root-cause-2024-2026"):
        assert f'href="/launch/{template}"' in page.text
        assert officer.get(f"/launch/{template}").status_code == 200


def test_the_preview_shows_every_date_and_who_and_changes_nothing(officer: Browser, cast: Cast) -> None:
    page = officer.get(f"{PREVIEW}?starts_on=&set.报送日=25")
    seen = words(page)
    assert page.status_code == 200
    assert "5月25日 周四" in seen
    assert "企业：2 家" in seen
    assert "没有日期，每次做时填" in seen
    assert "每次一张 没有日期" in seen
    assert cast.pond.name in seen
    assert cast.stranger.name not in seen
    assert campaigns(cast) == 0


def test_the_preview_shows_the_burden_and_what_running_campaigns_cover_already(officer: Browser, cast: Cast) -> None:
    beside(cast)
    seen = words(officer.get(f"{PREVIEW}?starts_on="))
    assert "企业负担" in seen
    assert "2023年5月 2 → " in seen
    assert "QY-01 重大事故隐患排查治理 2/2 家已覆盖，共 4 次" in seen
    assert "“集中排查整治”的“企业自查”：2/2 家已覆盖，共 4 次。" in seen
    assert "QY-02 全员安全警示教育 2/2 家已覆盖，共 4 次" in seen


def test_a_parameter_out_of_bounds_leads_back_to_its_field_with_everything_typed(officer: Browser) -> None:
    page = officer.get(f"{PREVIEW}?set.报送日=31&set.季报截止=季末&starts_on=2023-05-01")
    assert page.status_code == 422
    assert "“报送日”不能大于28" in words(page)
    assert 'value="31"' in page.text
    assert 'value="2023-05-01"' in page.text
    assert 'href="#field-set.报送日"' in page.text


def test_a_start_that_is_no_date_is_said_beside_it(officer: Browser) -> None:
    page = officer.get(f"{PREVIEW}?starts_on=明天")
    assert page.status_code == 422
    assert "请写成 2023-05-01 这样" in words(page)


def test_the_last_button_launches_once_however_often_it_is_pressed(officer: Browser, cast: Cast) -> None:
    key = form_key(officer.get(PREVIEW))
    sent = {"document_number": "茌应急〔2023〕12号", "set.报送日": "24"}
    first = officer.post("/launch/hazard-2023", key=key, **sent)
    again = officer.post("/launch/hazard-2023", key=key, **sent)
    assert first.headers["location"] == again.headers["location"]
    assert campaigns(cast) == 1
    seen = words(officer.follow(first))
    assert "已下发" in seen
    assert "茌应急〔2023〕12号" in seen
    with cast.database.reading() as session:
        assert session.scalars(select(Campaign)).one().parameters == {"报送日": "24"}
        assert (session.scalar(select(func.count()).select_from(Task)) or 0) > 100


def test_what_the_notice_leaves_open_must_be_stated_before_the_button_can_be_pressed(officer: Browser) -> None:
    page = officer.get("/launch/hundred-days/preview?starts_on=2023-05-01")
    seen = words(page)
    assert "个参数文件没有写明" in seen
    assert "还有参数要由本局填写" in seen
    refused = officer.post("/launch/hundred-days", key="k" * 20, starts_on="2023-05-01")
    assert refused.status_code == 422
    assert "要由本局填写" in words(refused) or "企业多久自查一次" in words(refused)


def test_nobody_but_a_bureau_with_the_permission_gets_that_far(browser: Browser, cast: Cast) -> None:
    for login in ("inspector", "principal", "government"):
        browser.sign_in(login)
        assert browser.get("/launch").status_code in (403, 404), login
        assert browser.get(PREVIEW).status_code in (403, 404), login
        assert browser.post("/launch/hazard-2023", key="k" * 20).status_code in (403, 404), login
    assert campaigns(cast) == 0


def test_an_unknown_template_is_not_found(officer: Browser) -> None:
    for address in ("/launch/nothing", "/launch/nothing/preview", "/launch/..%2Fsecret"):
        assert officer.get(address).status_code == 404
