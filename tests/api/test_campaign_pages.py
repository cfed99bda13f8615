"""A running campaign in one screen: the figures are right, open the rows behind them, and stay within sight."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.launch.campaigns import launch
from campaigns.actions.launch.drafts import Draft
from campaigns.actions.time.chasing import mark_overdue
from campaigns.actions.time.escalation import escalate
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.work.tasks import Proposal
from tests.api.client import Browser, Clock, words
from tests.people import Cast

FIRST_OF_MAY = datetime(2023, 5, 4, 1, 0, tzinfo=UTC)
TWENTY_FIRST = datetime(2023, 6, 21, 1, 0, tzinfo=UTC)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    """Launch the 2023 action on 4 May, and hand in nothing."""
    with cast.database.transaction() as session:
        draft = Draft.of_template("hazard-2023")
        return launch(session, draft, launch_key="story", by=cast.officer, now=FIRST_OF_MAY)


@pytest.fixture
def overdue(cast: Cast, campaign: Campaign, clock: Clock) -> Campaign:
    """Let seven weeks pass in which nobody did anything."""
    clock.instant = TWENTY_FIRST
    with cast.database.transaction() as session:
        mark_overdue(session, campaign, now=TWENTY_FIRST)
        escalate(session, campaign, now=TWENTY_FIRST)
    return campaign


def test_the_first_screen_answers_the_four_questions(browser: Browser, overdue: Campaign) -> None:
    browser.sign_in("leader")
    seen = words(browser.get(f"/campaigns/{overdue.id}"))
    for question in ("走到哪一步", "七天内到期", "谁逾期了", "等我决定"):
        assert question in seen
    assert "今天处在：企业自查自改和部门帮扶" in browser.get(f"/campaigns/{overdue.id}").text


def test_each_figure_opens_as_many_rows_as_it_says(browser: Browser, overdue: Campaign) -> None:
    browser.sign_in("officer")
    for tab in ("late", "week", "review", "done", "all"):
        page = browser.get(f"/campaigns/{overdue.id}/tasks?tab={tab}")
        current = page.text.split('aria-current="page"')[-1]
        told = int(current.split('class="tally">')[1].split("<")[0].replace(",", ""))
        assert page.text.count('<th scope="row">') == min(told, 50), tab
        assert page.status_code == 200


def test_the_list_shows_how_far_each_campaign_is(browser: Browser, overdue: Campaign) -> None:
    browser.sign_in("officer")
    page = browser.get("/campaigns")
    assert overdue.title in words(page)
    assert f'href="/campaigns/{overdue.id}"' in page.text


def test_a_neighbour_cannot_find_the_campaign_and_the_city_can(browser: Browser, overdue: Campaign) -> None:
    browser.sign_in("neighbour.officer")
    assert browser.get(f"/campaigns/{overdue.id}").status_code == 404
    assert overdue.title not in words(browser.get("/campaigns"))
    browser.sign_in("city.officer")
    assert browser.get(f"/campaigns/{overdue.id}").status_code == 200


def test_an_enterprise_sees_its_own_share_and_nobody_elses(browser: Browser, overdue: Campaign, cast: Cast) -> None:
    browser.sign_in("principal")
    seen = words(browser.get(f"/campaigns/{overdue.id}/tasks?tab=all"))
    assert cast.pond.name in seen
    assert cast.other_pond.name not in seen
    assert cast.bureau.name not in seen.replace(f"{cast.bureau.name}审核", "")


def test_only_a_leader_decides_a_drafted_step_and_his_reason_is_kept(
    browser: Browser, overdue: Campaign, cast: Cast
) -> None:
    with cast.database.reading() as session:
        mine = select(col(Proposal.id)).where(col(Proposal.handler_id) == cast.bureau.id)
        proposal = session.scalars(mine.order_by(col(Proposal.id))).first()
    address = f"/decisions/proposal/{proposal}"
    browser.sign_in("officer")
    assert "您没有权限决定拟办事项" in words(browser.get(address))
    assert browser.post(address, decision="confirm", reason="属实").status_code == 403
    browser.sign_in("leader")
    assert address in browser.get("/decisions?kind=proposal").text
    missing = browser.post(address, key="a" * 20, decision="confirm")
    assert missing.status_code == 422
    assert "请写明采纳或不采纳的理由" in words(missing)
    assert "已批准" in words(browser.follow(browser.post(address, key="b" * 20, decision="confirm", reason="属实")))
    assert "属实" in words(browser.get(address))
    assert browser.post(address, key="c" * 20, decision="dismiss", reason="改主意").status_code == 409


def test_a_drafted_step_is_nobody_elses_to_see(browser: Browser, overdue: Campaign) -> None:
    for login in ("neighbour.leader", "principal", "stranger"):
        browser.sign_in(login)
        assert browser.get("/decisions/proposal/1").status_code == 404


def test_closing_early_wants_a_reason_and_the_bureau_that_launched(browser: Browser, overdue: Campaign) -> None:
    address = f"/campaigns/{overdue.id}/close"
    browser.sign_in("city.officer")
    assert "您没有权限" in words(browser.get(address))
    browser.sign_in("leader")
    refused = browser.post(address, key="a" * 20)
    assert refused.status_code == 422
    assert "请写明现在结束的理由" in words(refused)
    closed = browser.follow(browser.post(address, key="b" * 20, reason="并入三年行动"))
    assert "已结束" in words(closed)
    assert address not in closed.text
