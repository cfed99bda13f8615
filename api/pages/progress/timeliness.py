"""及时性: of the reports due, how many came and when, by period, region or level; each figure opens its reports."""

from urllib.parse import urlencode

from fastapi import APIRouter, Response

from api.deps import Visit, VisitDep
from api.pages.reporting.tables import Form, send
from campaigns.errors import NotFound
from campaigns.queries.campaign.overview import campaign_head
from campaigns.queries.listings.ranking_rows import timeliness_headings, timeliness_rows
from campaigns.queries.reporting.timeliness import Asked, Count, Split, filed_reports, forms_of, timeliness
from campaigns.rules.permissions import OrganisationKind

router = APIRouter()


@router.get("/progress/{campaign_id}/timeliness")
def timeliness_page(visit: VisitDep, campaign_id: int, form: str = "", by: Split = Split.PERIOD) -> Response:
    """Show expected, received, on time and late, as first dated and as extended."""
    asked, forms = _asked(visit, campaign_id, form)
    return visit.page(
        "timeliness.html",
        head=campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor),
        lines=timeliness(visit.session, asked, by),
        tabs=[(each.label, _address(campaign_id, form=asked.form, by=each), each is by, None) for each in Split],
        forms=[
            (each or "全部报表", _address(campaign_id, form=each, by=by), each == asked.form, None) for each in forms
        ],
        counts=tuple(Count),
        form=asked.form,
        by=by,
        query=f"?{urlencode({'form': asked.form, 'by': by.value})}",
    )


@router.get("/progress/{campaign_id}/timeliness/table.{kind}")
def timeliness_file(
    visit: VisitDep, campaign_id: int, kind: Form, form: str = "", by: Split = Split.PERIOD
) -> Response:
    """Send the lines of the page as a file."""
    asked, _ = _asked(visit, campaign_id, form)
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    title = f"{head.title}{asked.form or '报表'}报送及时性{by.label}"
    return send("报送及时性", title, timeliness_headings(by), timeliness_rows(visit.session, asked, by), kind)


@router.get("/progress/{campaign_id}/timeliness/reports")
def timeliness_reports(
    visit: VisitDep,
    campaign_id: int,
    form: str = "",
    by: Split = Split.PERIOD,
    key: str = "",
    count: Count = Count.EXPECTED,
) -> Response:
    """List the reports behind one figure."""
    asked, _ = _asked(visit, campaign_id, form)
    return visit.page(
        "timeliness-reports.html",
        head=campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor),
        reports=filed_reports(visit.session, asked, split=by, key=key, count=count),
        count=count,
        back=_address(campaign_id, form=asked.form, by=by),
    )


def _asked(visit: Visit, campaign_id: int, form: str) -> tuple[Asked, tuple[str, ...]]:
    if visit.actor.organisation_kind is not OrganisationKind.BUREAU:
        raise NotFound
    known = forms_of(visit.session, campaign_id=campaign_id, actor=visit.actor)
    chosen = form if form in known else ""
    return Asked(campaign_id, chosen, visit.actor, visit.now), ("", *known)


def _address(campaign_id: int, *, form: str, by: Split) -> str:
    return f"/progress/{campaign_id}/timeliness?{urlencode({'form': form, 'by': by.value})}"
