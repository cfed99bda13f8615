"""Every table of the pages to take away: CSV for other programs, xlsx for people."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, StreamingResponse
from sqlalchemy import ColumnElement
from starlette.background import BackgroundTask

from api.deps import Visit, VisitDep, base_of
from api.downloads import XLSX
from campaigns.documents.listings import csv_pieces, write_workbook
from campaigns.errors import NotFound
from campaigns.queries.campaign.overview import campaign_head
from campaigns.queries.campaign.standings import Looked, named
from campaigns.queries.listings.listing import Listing, Reading, every_row
from campaigns.queries.listings.progress_rows import HEADINGS, progress_rows
from campaigns.queries.listings.tables import LISTINGS
from campaigns.rules.permissions import OrganisationKind, Permission, check_somewhere

Form = Literal["csv", "xlsx"]
router = APIRouter()


@router.get("/tables/{table}.{form}")
def table_file(visit: VisitDep, table: str, form: Form, campaign: int | None = None) -> Response:
    """Send a listing in sight, of one campaign if asked, in pieces as it is read."""
    check_somewhere(visit.actor, Permission.SEE)
    listing = LISTINGS.get(table)
    if listing is None:
        raise NotFound
    title = listing.title
    if campaign is not None:
        title = f"{campaign_head(visit.session, campaign_id=campaign, actor=visit.actor).title}{title}"
    reading = Reading(visit.actor, visit.now, campaign)
    return table_of(visit, listing, title, reading, form)


@router.get("/progress/{campaign_id}/table.{form}")
def progress_file(visit: VisitDep, campaign_id: int, form: Form) -> Response:
    """Send 各地进度 as the page shows it."""
    if visit.actor.organisation_kind is not OrganisationKind.BUREAU:
        raise NotFound
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    rows = progress_rows(visit.session, campaign_id=campaign_id, actor=visit.actor, now=visit.now)
    return send("各地进度", f"{head.title}各地进度", HEADINGS, rows, form)


def title_of(visit: Visit, campaign_id: int, region: int | None, what: str) -> str:
    """Name a file of 各地进度 by its campaign and the place looked into; foreign ones are not found."""
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    place = named(visit.session, Looked(campaign_id, region), actor=visit.actor) if region else ""
    return f"{head.title}{place}{what}"


def table_of(
    visit: Visit,
    listing: Listing,
    title: str,
    reading: Reading,
    form: Form,
    *,
    where: ColumnElement[bool] | None = None,
) -> Response:
    """Send a listing, or those rows of it that a page shows, in pieces as it is read."""
    return send(listing.title, title, listing.headings, _rows(visit, listing, reading, where), form)


def _rows(
    visit: Visit, listing: Listing, reading: Reading, where: ColumnElement[bool] | None
) -> Iterator[tuple[object, ...]]:
    """Read in a session of the answer's own: the visit's ends before a long answer does."""
    with base_of(visit.request).reading() as session:
        for row in every_row(session, listing, reading, where=where):
            yield tuple(row.values())


def send(sheet: str, title: str, headings: tuple[str, ...], rows: Iterable[tuple[object, ...]], form: Form) -> Response:
    """Send rows as a file of one table."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{title}.{form}', safe='')}"}
    if form == "csv":
        return StreamingResponse(csv_pieces(headings, rows), media_type="text/csv; charset=utf-8", headers=headers)
    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        write_workbook(path, sheet, headings, rows)
    except BaseException:
        path.unlink()
        raise
    return FileResponse(path, media_type=XLSX, headers=headers, background=BackgroundTask(path.unlink))
