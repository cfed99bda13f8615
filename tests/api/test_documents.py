"""文书 of a campaign: what can be drafted, what it says, and that nothing goes out by itself."""

import csv
import hashlib
import re
from io import BytesIO, StringIO
from pathlib import Path

import docx
import pytest
from sqlalchemy import func, select
from sqlmodel import col

from campaigns.actions.time.chasing import mark_overdue
from campaigns.queries.campaign.overview import overview
from campaigns.rules.work.short_links import task_behind
from campaigns.settings import DEMO_SECRET, Settings
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.ledger import Event
from campaigns.store.messages import Delivery, Notice
from tests.api.client import Browser, Clock, words
from tests.campaigns import at, launched
from tests.documents.test_package import checked, unpacked
from tests.people import Cast

NOW = at(6, 21)


@pytest.fixture
def campaign(cast: Cast, clock: Clock) -> Campaign:
    """Launch the 2023 action, and let seven weeks pass in which nobody did anything."""
    clock.instant = NOW
    campaign = launched(cast)
    with cast.database.transaction() as session:
        mark_overdue(session, campaign, now=NOW)
    return campaign


@pytest.fixture
def office(cast: Cast, clock: Clock, campaign: Campaign, tmp_path: Path) -> Browser:
    """Seat the officer of the county bureau."""
    browser = Browser(cast.database, clock, Settings(demo=True, home=tmp_path))
    browser.sign_in("officer")
    return browser


def drafted(browser: Browser, campaign: Campaign, kind: str, about: str = "", key: str = "") -> tuple[str, bytes]:
    """Draft one document and return its text and its bytes."""
    here = f"/campaigns/{campaign.id}/documents"
    page = browser.follow(browser.post(here, key=key or f"a-key-for-{kind}-{about or 0}", kind=kind, about=about))
    assert page.status_code == 200, words(page)
    newest = re.search(r'href="(/files/[0-9a-f]{32})"', page.text)
    assert newest is not None
    content = browser.get(newest.group(1)).content
    word = docx.Document(BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells]), content


def test_the_page_offers_what_can_be_drafted_and_says_why_the_rest_cannot(office: Browser, campaign: Campaign) -> None:
    page = words(office.get(f"/campaigns/{campaign.id}/documents"))
    for kind in ("部署通知", "催办单", "通报", "督办函", "阶段小结", "季度材料", "总结"):
        assert kind in page
    assert "本单位没有正在挂牌督办的重大隐患。" in page
    assert "行动到2023年12月31日才结束，现在还不能写总结。" in page


def test_a_reminder_names_what_the_organisation_let_pass(office: Browser, campaign: Campaign, cast: Cast) -> None:
    text, content = drafted(office, campaign, "reminder", str(cast.pond.id))
    assert f"{cast.pond.name}：" in text
    assert f"{cast.bureau.name}" in text
    with cast.database.reading() as session:
        event = session.scalars(select(Event).where(col(Event.kind) == "document.drafted")).one()
    assert event.data["sha256"] == hashlib.sha256(content).hexdigest()
    assert event.actor_name == cast.officer.name
    assert "http://testserver/t/ 后面加清单里的短码" in text
    codes = [line for line in text.splitlines() if task_behind(line, DEMO_SECRET)]
    assert codes
    assert len(set(codes)) == len(codes), "each task has its own"


def test_the_bulletin_has_the_figures_of_the_campaigns_page(office: Browser, campaign: Campaign, cast: Cast) -> None:
    text, _ = drafted(office, campaign, "bulletin")
    with cast.database.reading() as session:
        found = overview(session, campaign_id=campaign.id, actor=cast.officer, now=NOW)
    assert f"应办任务{found.total}项，已完成{found.done}项" in text
    assert f"共有{found.late_organisations}家单位{found.late}项任务逾期未办" in text


@pytest.mark.parametrize(
    ("kind", "about", "says"),
    [
        ("launch_notice", "", "各有关单位："),
        ("quarterly", "2023-Q2", "2023年第2季度"),
        ("bulletin", "", "没有上报的是"),
    ],
)
def test_a_document_is_filled_in(office: Browser, campaign: Campaign, kind: str, about: str, says: str) -> None:
    text, _ = drafted(office, campaign, kind, about)
    assert says in text or kind == "bulletin"
    assert "None" not in text
    assert "[^" not in text


def test_nothing_goes_out_by_itself(office: Browser, campaign: Campaign, cast: Cast) -> None:
    def told() -> tuple[int | None, int | None]:
        with cast.database.reading() as session:
            return tuple(session.scalar(select(func.count()).select_from(table)) for table in (Notice, Delivery))  # type: ignore[return-value]

    before = told()
    drafted(office, campaign, "bulletin")
    assert told() == before


def test_a_second_click_drafts_no_second_document(office: Browser, campaign: Campaign, cast: Cast) -> None:
    for _ in range(2):
        drafted(office, campaign, "bulletin", key="one-key-for-two-clicks")
    with cast.database.reading() as session:
        kept = select(func.count()).select_from(Event).where(col(Event.kind) == "document.drafted")
        assert session.scalar(kept) == 1


@pytest.mark.parametrize(
    ("kind", "about", "status"),
    [
        ("summary", "", 422),
        ("supervision", "1", 422),
        ("stage_summary", "没有这个阶段", 404),
        ("quarterly", "1999-Q1", 404),
        ("quarterly", "x", 404),
        ("reminder", "999999", 404),
        ("reminder", "⑨", 404),
        ("no_such_kind", "", 404),
    ],
)
def test_what_is_not_on_offer_is_refused(
    office: Browser, campaign: Campaign, kind: str, about: str, status: int
) -> None:
    answer = office.post(f"/campaigns/{campaign.id}/documents", kind=kind, about=about)
    assert answer.status_code == status


def test_another_countys_organisation_and_draft_are_not_found(
    cast: Cast, clock: Clock, office: Browser, campaign: Campaign, tmp_path: Path
) -> None:
    here = f"/campaigns/{campaign.id}/documents"
    assert office.post(here, kind="reminder", about=str(cast.stranger.id)).status_code == 404
    page = office.follow(office.post(here, kind="bulletin", about=""))
    address = re.findall(r'href="(/files/[0-9a-f]{32})"', page.text)[0]
    neighbour = Browser(cast.database, clock, Settings(demo=True, home=tmp_path))
    neighbour.sign_in("neighbour.officer")
    assert neighbour.get(address).status_code == 404
    assert neighbour.get(here).status_code == 404


def test_an_enterprise_has_no_documents_page(cast: Cast, clock: Clock, campaign: Campaign) -> None:
    enterprise = Browser(cast.database, clock)
    enterprise.sign_in("principal")
    assert enterprise.get(f"/campaigns/{campaign.id}/documents").status_code == 404


def test_an_inspector_sees_the_page_and_is_told_that_he_may_not_draft(
    cast: Cast, clock: Clock, campaign: Campaign
) -> None:
    inspector = Browser(cast.database, clock)
    inspector.sign_in("inspector")
    assert "您没有权限拟写文书。" in words(inspector.get(f"/campaigns/{campaign.id}/documents"))
    answer = inspector.post(f"/campaigns/{campaign.id}/documents", kind="bulletin", about="")
    assert answer.status_code == 403


def test_the_package_has_tables_and_drafts_and_checks(office: Browser, campaign: Campaign, tmp_path: Path) -> None:
    _, content = drafted(office, campaign, "bulletin")
    answer = office.get(f"/campaigns/{campaign.id}/package.zip")
    folder = unpacked(answer.content, tmp_path / "unpacked")
    assert checked(folder).returncode == 0
    assert content in [path.read_bytes() for path in folder.glob("文书/通报/*.docx")]
    lines = list(csv.DictReader(StringIO((folder / "清单.csv").read_text("utf-8-sig"))))
    tasks = next(line for line in lines if line["文件"] == "台账/任务台账.csv")
    with (folder / "台账" / "任务台账.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == int(tasks["行数"]) > 0


def test_another_bureau_and_an_enterprise_get_no_package(cast: Cast, clock: Clock, campaign: Campaign) -> None:
    for login in ("neighbour.officer", "principal"):
        browser = Browser(cast.database, clock)
        browser.sign_in(login)
        assert browser.get(f"/campaigns/{campaign.id}/package.zip").status_code == 404
