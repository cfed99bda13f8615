"""Every route states who may enter, and keeps to it: foreign ids are not found, and lists name nobody out of sight.

`routes.tsv` beside this test is the statement: `public`, `anybody` who is signed in, `key` for programs (test_reading.py tries
those), or the permission it needs. A route that
is not in it fails here, so nothing is opened by oversight.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from api.app import ROUTERS
from campaigns.actions.hazards.looking_back import draw
from campaigns.actions.hazards.rechecking import close
from campaigns.actions.hazards.registering import register
from campaigns.actions.spot_checks.deciding import put_on_list
from campaigns.actions.spot_checks.raising import keep
from campaigns.actions.work.files import attach_to_task
from campaigns.actions.work.requests import ask
from campaigns.actions.work.tasks import submit
from campaigns.rules.files.uploads import Upload
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.permissions import Actor, Permission, may_somewhere
from campaigns.rules.spot_checks.flags import FlagKind, Found
from campaigns.rules.states import RequestKind
from campaigns.rules.work.short_links import short_code
from campaigns.settings import DEMO_SECRET, Settings
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.files import FileStore, Folder
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.look_backs import LookBack, LookBackItem
from campaigns.store.ledger import Event
from campaigns.store.messages import Delivery, Notice
from campaigns.store.rankings.rankings import Ranking, RankingAdjustment
from campaigns.store.reporting.reports import Report
from campaigns.store.spot_checks import Flag
from campaigns.store.work.tasks import Attachment, Proposal, Submission, TaskRequest
from flows.sweeps import pass_of_everything
from notifications.catalogue import CATALOGUE
from tests.actions.hazards.test_criteria import ROWS, imported
from tests.api.client import Browser, Clock, form_key, words
from tests.api.test_criteria_pages import upload
from tests.campaigns import at, launched
from tests.databases import copied
from tests.documents.test_register_workbook import workbook
from tests.factories import found, task_of
from tests.notifications.outside import tell
from tests.people import Cast
from tests.pictures import photo

TABLE = Path(__file__).with_name("routes.tsv")
ROUTES = [
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
]
LOGINS = {
    "leader": "leader",
    "officer": "officer",
    "inspector": "inspector",
    "administrator": "administrator",
    "government_officer": "government",
    "principal": "principal",
    "safety_officer": "safety",
    "neighbour_leader": "neighbour.leader",
    "neighbour_officer": "neighbour.officer",
    "stranger_principal": "stranger",
    "other_principal": "other.principal",
}


def stated() -> dict[tuple[str, str], str]:
    """Return the written table: (method, path) → who."""
    with TABLE.open(encoding="utf-8") as file:
        return {(row["method"], row["path"]): row["who"] for row in csv.DictReader(file, delimiter="\t")}


STATED = stated()
BY_SESSION = {route: who for route, who in STATED.items() if who != "key"}
NEEDING = {route: Permission(who) for route, who in STATED.items() if who not in ("public", "anybody", "key")}


@dataclass(frozen=True)
class Place:
    """The county's things by the name of the path's parameter, and a way to sit down as anybody."""

    cast: Cast
    clock: Clock
    given: Settings
    ids: dict[str, object]
    elsewhere: dict[str, dict[str, object]]

    def browser(self, who: str) -> Browser:
        browser = Browser(self.cast.database, self.clock, self.given)
        browser.sign_in(LOGINS[who])
        return browser

    def address(self, path: str) -> str:
        ids = self.ids | next((other for start, other in self.elsewhere.items() if path.startswith(start)), {})
        return re.sub(r"\{(\w+)\}", lambda name: str(ids[name.group(1)]), path)

    def actor(self, who: str) -> Actor:
        actor: Actor = getattr(self.cast, who)
        return actor

    def events(self) -> int:
        with self.cast.database.reading() as session:
            return session.scalar(select(func.count()).select_from(Event)) or 0


@pytest.fixture(scope="module")
def place(sqlite_cast: tuple[Path, Cast], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Let the county's campaign run for six weeks and leave one of everything; these tests only knock on doors."""
    home = tmp_path_factory.mktemp("access")
    with copied(sqlite_cast[0], home / "rectify.sqlite3") as base:
        yield settled(replace(sqlite_cast[1], database=base), Settings(demo=True, home=home))


def settled(cast: Cast, given: Settings) -> Place:
    """Launch, work, let time pass, and note down where everything is."""
    clock = Clock(at(6, 12, 10))
    campaign = launched(cast)
    with cast.database.transaction() as session:
        worked(session, cast, Folder(given.files))
    pass_of_everything(cast.database, now=at(6, 12))
    tell(cast.database, cast.principal.person_id, "canary:1", at=at(6, 12))
    criteria_version = imported(cast, *ROWS)
    with cast.database.transaction() as session:
        ids = one_of_everything(session, cast) | {"campaign_id": campaign.id, "version_id": criteria_version.id}
    still_open = {"task_id": ids["open_task"]}
    elsewhere = {"/tasks/{task_id}/ask": still_open, "/tasks/{task_id}/enter": still_open}
    place = Place(cast, clock, given, ids, elsewhere)
    place.elsewhere["/register/import"] = {"storage_id": uploaded(place.browser("officer"))}
    place.elsewhere["/hazards/import"] = {"storage_id": uploaded(place.browser("officer"), "/hazards/import")}
    place.elsewhere["/duties"] = {"name": "班前会"}
    criteria = place.browser("administrator")
    kept = upload(criteria, ("（九）", None, "样例情形", "尾矿库")).headers["location"].rsplit("/", 1)[1]
    place.elsewhere["/criteria/import"] = {"storage_id": kept}
    return place


def worked(session: Session, cast: Cast, store: FileStore) -> None:
    """Hand in one task with a hazard and a photo, and ask for more time for another."""
    one, by, now = task_of(session, "QY-01", cast.pond.id), cast.principal, at(5, 12)
    pictures = [Upload("坝顶.jpg", photo("red"))]
    attach_to_task(
        session, task_id=one.id, label="现场照片", uploads=pictures, picture=True, store=store, by=by, now=now
    )
    submit(session, task_id=one.id, values=found("坝体渗漏", major="重大"), by=by, now=now)
    other = task_of(session, "QY-11", cast.pond.id)
    ask(session, task_id=other.id, kind=RequestKind.WAIVER, reason="停产检修", by=by, now=now)


def one_of_everything(session: Session, cast: Cast) -> dict[str, object]:
    """Return the id of one row of the county for every parameter that a path has."""

    def first(table: type[SQLModel], *conditions: object) -> int:
        return int(session.scalars(select(table.id).where(*conditions).order_by(table.id)).first())  # type: ignore

    closed = register(
        session,
        enterprise_id=cast.pond.id,
        finding=Finding("灭火器过期", rectification="已更换"),
        found_on=at(5, 20).date(),
        by=cast.principal,
        now=at(5, 20),
    )
    close(session, hazard_id=closed.id, opinion="合格", by=cast.officer, now=at(5, 20))
    draw(session, starts_on=at(5, 20).date(), ends_on=at(5, 20).date(), size=1, by=cast.officer, now=at(6, 12))
    failed = Delivery(
        channel="email",
        person_id=cast.principal.person_id,
        day=at(6, 12).date(),
        address="x@example.invalid",
        title="",
        body="",
        state="failed",
        next_try_at=at(6, 12),
        message_id="m",
    )
    session.add(failed)
    ranking = Ranking(
        campaign_id=task_of(session, "QY-01", cast.pond.id).campaign_id,
        bureau_id=cast.bureau.id,
        region_id=cast.county.id,
        code="canary",
        rule={"名称": "canary", "层级": "县", "计分项": [{"编号": "1", "名称": "canary", "满分": 1, "取数": "评分"}]},
        until_on=at(6, 12).date(),
        state="draft",
        drafted_by_id=cast.officer.person_id or 0,
        drafted_at=at(6, 12),
        counted_at=at(6, 12),
    )
    session.add(ranking)
    session.flush()
    adjusted = RankingAdjustment(
        ranking_id=ranking.id,
        region_id=cast.county.id,
        points=100,
        reason="canary",
        basis="canary",
        adjusted_by_id=cast.officer.person_id or 0,
        adjusted_at=at(6, 12),
    )
    session.add(adjusted)
    session.flush()
    visit, flag = wondered(session, cast)
    return {
        "ranking_id": ranking.id,
        "adjustment_id": adjusted.id,
        "spot_check_id": visit,
        "flag_id": flag,
        "task_id": task_of(session, "QY-01", cast.pond.id).id,
        "code": short_code(task_of(session, "QY-01", cast.pond.id).id, DEMO_SECRET),
        "open_task": task_of(session, "QY-12", cast.pond.id).id,
        "request_id": first(TaskRequest),
        "hazard_id": first(Hazard),
        "look_back_id": first(LookBack),
        "item_id": first(LookBackItem),
        "proposal_id": first(Proposal),
        "report_id": first(Report, col(Report.organisation_id) == cast.bureau.id),
        "number": session.scalars(select(Submission.receipt)).first(),
        "storage_id": session.scalars(select(Attachment.storage_id)).first(),
        "organisation_id": cast.pond.id,
        "person_id": cast.principal.person_id,
        "notice_id": first(Notice, col(Notice.person_id) == cast.principal.person_id),
        "delivery_id": failed.id,
        "template_id": "hazard-2023",
        "name": "wecom",
        "day": "2023-08-05",
        "table": "tasks",
        "form": "csv",
        "kind": "csv",
        "key_id": 0,
        "atom": "1.1",
    }


def wondered(session: Session, cast: Cast) -> tuple[int, int]:
    """Raise two flags about the pond and list it for one; return the visit and the other flag."""
    kind, campaign_id = FlagKind.SAME_PHOTO, session.scalars(select(col(Campaign.id))).one()
    told = [Found(f"canary:{n}", kind, cast.pond.id, "canary", ()) for n in (1, 2)]
    keep(session, told, campaign_id=campaign_id, now=at(6, 12))
    one, other = session.scalars(select(col(Flag.id)).order_by(col(Flag.id)))
    check = put_on_list(session, flag_id=one, planned_on=at(6, 15).date(), by=cast.officer, now=at(6, 12))
    return check.id, other


def uploaded(browser: Browser, start: str = "/register/import") -> str:
    """Upload a register, or an old ledger, as the officer and return the id of the kept file."""
    content = workbook(("企业名称", "类别", "隐患内容"), ("博平采石场", "露天矿", "坝体渗漏"))
    data = {"form_key": form_key(browser.get(start))}
    to = "/register/upload" if start == "/register/import" else f"{start}/upload"
    answer = browser.http.post(to, data=data, files={"file": ("名册.xlsx", BytesIO(content))})
    return answer.headers["location"].rsplit("/", 1)[1]


def test_every_route_is_stated_and_nothing_is_stated_that_is_not_there() -> None:
    assert sorted(ROUTES) == sorted(STATED), "write the route into tests/api/routes.tsv with who may enter"


@pytest.mark.parametrize("who", ["neighbour_leader", "neighbour_officer", "stranger_principal"])
def test_a_foreign_id_is_not_found_on_any_page(place: Place, who: str) -> None:
    browser, own = place.browser(who), {"template_id", "name", "day", "table", "form", "version_id"}
    foreign = [path for method, path in BY_SESSION if method == "GET" and set(re.findall(r"\{(\w+)\}", path)) - own]
    assert len(foreign) > 8
    answers = {path: browser.get(place.address(path)).status_code for path in foreign}
    assert {path: status for path, status in answers.items() if status != 404} == {}


def test_the_same_pages_open_for_those_they_belong_to(place: Place) -> None:
    left = {path for method, path in BY_SESSION if method == "GET" and "{" in path}
    for who in ("leader", "officer", "principal", "administrator"):
        browser = place.browser(who)
        left -= {path for path in left if browser.get(place.address(path)).status_code in (200, 303)}
    assert left == set(), "a page that nobody can open proves nothing by not opening for strangers"


@pytest.mark.parametrize("who", ["neighbour_officer", "stranger_principal", "neighbour_leader"])
def test_no_list_names_anybody_out_of_sight(place: Place, who: str) -> None:
    cast, browser = place.cast, place.browser(who)
    canaries = {cast.pond.name, cast.bureau.name, cast.principal.name, cast.officer.name, "坝体渗漏", "canary"}
    for (method, path), entering in BY_SESSION.items():
        if method == "GET" and "{" not in path and entering != "public":
            seen = words(browser.get(path))
            assert not {canary for canary in canaries if canary in seen}, path


@pytest.mark.parametrize("who", LOGINS)
def test_who_lacks_a_permission_is_turned_away_and_leaves_no_trace(place: Place, who: str) -> None:
    browser, actor = place.browser(who), place.actor(who)
    before, entered = place.events(), {}
    for number, ((method, path), permission) in enumerate(NEEDING.items()):
        if may_somewhere(actor, permission):
            continue
        address = place.address(path)
        answer = browser.get(address) if method == "GET" else browser.post(address, key=f"key-of-a-test-{number:04}")
        entered[method, path] = answer.status_code
    assert {route: status for route, status in entered.items() if status not in (403, 404, 409, 422)} == {}
    assert place.events() == before


def test_every_link_of_a_message_leads_to_a_page() -> None:
    pages = [re.compile(re.sub(r"\\{\w+\\}", r"\\d+", re.escape(path))) for method, path in ROUTES if method == "GET"]
    links = {entry.link for entries in CATALOGUE.values() for entry in entries if entry.link}
    lost = {link for link in links if not any(page.fullmatch(_plain(link)) for page in pages)}
    assert lost == set()


def _plain(link: str) -> str:
    return re.sub(r"\{\w+\}", "1", link).split("?")[0].split("#")[0]
