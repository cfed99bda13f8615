"""热力表, one county looked at one by one, and the tasks behind any figure of 各地进度."""

from urllib.parse import urlencode

from fastapi import APIRouter, Response

from api.deps import VisitDep
from api.drawings.heat import heat_grid
from api.pages.progress.superior import only_bureaus
from api.pages.reporting.tables import Form, send, title_of
from api.paging import PAGE_SIZE, Page, offset
from campaigns.queries.campaign.heat import HeatSplit, heat
from campaigns.queries.campaign.overview import campaign_head
from campaigns.queries.campaign.standings import Looked, Which, count_behind, named, one_by_one, tasks_behind
from campaigns.queries.listings.looking_rows import ORGANISATIONS, heat_headings, heat_rows, organisation_rows

router = APIRouter()


@router.get("/progress/{campaign_id}/heat")
def heat_page(
    visit: VisitDep, campaign_id: int, by: HeatSplit = HeatSplit.STAGE, region: int | None = None
) -> Response:
    """Show how much of what is due was done, by region and stage or duty; `region` looks inside one."""
    only_bureaus(visit)
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    found = heat(visit.session, campaign_id=campaign_id, actor=visit.actor, now=visit.now, split=by, region_id=region)
    at = f"/progress/{campaign_id}"
    return visit.page(
        "progress-heat.html",
        head=head,
        found=found,
        grid=heat_grid(found, by, at=at, inside=region),
        tabs=[(each.label, f"{at}/heat?{_query(by=each, region=region)}", each is by, None) for each in HeatSplit],
        region=region,
        query=f"?{_query(by=by, region=region)}",
    )


@router.get("/progress/{campaign_id}/heat/table.{kind}")
def heat_file(
    visit: VisitDep, campaign_id: int, kind: Form, by: HeatSplit = HeatSplit.STAGE, region: int | None = None
) -> Response:
    """Send 热力表 as the page shows it."""
    only_bureaus(visit)
    title = title_of(visit, campaign_id, region, f"热力表{by.label}")
    found = heat(visit.session, campaign_id=campaign_id, actor=visit.actor, now=visit.now, split=by, region_id=region)
    return send("热力表", title, heat_headings(found, by), heat_rows(found, by), kind)


@router.get("/progress/{campaign_id}/organisations")
def organisations_page(visit: VisitDep, campaign_id: int, region: int | None = None, page: int = 1) -> Response:
    """List the organisations of a place one by one: who owes what since when."""
    only_bureaus(visit)
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    found = one_by_one(
        visit.session,
        campaign_id=campaign_id,
        actor=visit.actor,
        now=visit.now,
        region_id=region,
        limit=PAGE_SIZE,
        offset=offset(page),
    )
    filters = {"region": str(region or "")}
    pages = Page(page, found.total, address=f"/progress/{campaign_id}/organisations", filters=filters)
    return visit.page("progress-organisations.html", head=head, found=found, page=pages, region=region)


@router.get("/progress/{campaign_id}/organisations/table.{kind}")
def organisations_file(visit: VisitDep, campaign_id: int, kind: Form, region: int | None = None) -> Response:
    """Send 逐家, all pages of it."""
    only_bureaus(visit)
    title = title_of(visit, campaign_id, region, "逐家")
    rows = organisation_rows(visit.session, campaign_id=campaign_id, actor=visit.actor, now=visit.now, region_id=region)
    return send("逐家", title, ORGANISATIONS, list(rows), kind)


@router.get("/progress/{campaign_id}/tasks")
def tasks_page(
    visit: VisitDep,
    campaign_id: int,
    region: int | None = None,
    organisation: int | None = None,
    stage: str = "",
    duty: str = "",
    which: Which = Which.LATE,
    page: int = 1,
) -> Response:
    """List the tasks behind a figure."""
    only_bureaus(visit)
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    looked = Looked(campaign_id, region, organisation, stage, duty)
    title = named(visit.session, looked, actor=visit.actor)
    counts = count_behind(visit.session, looked, actor=visit.actor, now=visit.now)
    at, kept = f"/progress/{campaign_id}/tasks", _kept(looked)
    lines = tasks_behind(
        visit.session,
        looked,
        which=which,
        actor=visit.actor,
        now=visit.now,
        limit=PAGE_SIZE,
        offset=offset(page),
    )
    return visit.page(
        "progress-tasks.html",
        head=head,
        title=title,
        lines=lines,
        which=which,
        tabs=[(each.label, f"{at}?{_query(**kept, which=each)}", each is which, counts[each]) for each in Which],
        page=Page(page, counts[which], address=at, filters={**kept, "which": which}),
        region=region,
    )


def _kept(looked: Looked) -> dict[str, str]:
    numbers = {"region": looked.region_id, "organisation": looked.organisation_id}
    kept = {name: str(value or "") for name, value in numbers.items()} | {"stage": looked.stage, "duty": looked.duty}
    return {name: value for name, value in kept.items() if value}


def _query(**filters: object) -> str:
    return urlencode({name: str(value) for name, value in filters.items() if value not in (None, "")})
