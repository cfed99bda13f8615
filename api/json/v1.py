"""The read API: every listing by key, one row by id, one report with its figures. It never writes."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field, create_model

from api.json.reading import Reader, ReaderDep
from api.view import VERSION
from campaigns.errors import NotFound
from campaigns.queries.campaign.overview import campaign_head
from campaigns.queries.campaign.running import campaign_lines
from campaigns.queries.listings.listing import Listing, Reading, Row, rows_after
from campaigns.queries.listings.tables import LISTINGS
from campaigns.queries.reporting.figures import report_figures

MOST = 500
USUAL = 100
LARGEST_ID = 2**31 - 1
BEGINNING = "/api/v1"
Cell = str | int | bool | None

router = APIRouter(prefix=BEGINNING, tags=["只读接口"])
Id = Annotated[int, Query(ge=0, le=LARGEST_ID)]


@router.get("/campaigns", summary="管辖范围内的专项行动")
def campaigns(reader: ReaderDep) -> dict[str, Any]:
    """List the campaigns in sight with how far each is."""
    lines = campaign_lines(reader.session, actor=reader.actor, now=reader.now)
    names = ("id", "title", "kind", "bureau", "starts_on", "ends_on", "total", "done", "late")
    items = [{name: _plain(getattr(line, name)) for name in names} | {"state": line.state.label} for line in lines]
    return {"items": items, "next": None}


@router.get("/reports/{report_id}/figures", summary="一份报表的数字")
def figures(reader: ReaderDep, report_id: int) -> dict[str, Any]:
    """Return one report's cells: this period's and the cumulative figure, counted and reported, with the reason."""
    found = report_figures(reader.session, report_id=report_id, actor=reader.actor)
    return {"report": _json(found.report), "figures": found.figures}


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request) -> dict[str, Any]:
    """Describe the API; there is nothing secret in its shape."""
    del request
    return get_openapi(
        title="Rectify 只读接口",
        version=VERSION,
        routes=router.routes,
        description="按编号翻页：把返回的 next 作为 after 再请求，直到 next 为空。范围之外的编号一律回答 404。",
    )


def _list(listing: Listing) -> Callable[..., dict[str, Any]]:
    def rows(
        reader: ReaderDep, after: Id = 0, limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL, campaign_id: Id = 0
    ) -> dict[str, Any]:
        """Return a page of the listing: rows whose id is greater than `after`."""
        reading = _reading(reader, campaign_id)
        found = rows_after(reader.session, listing, reading, after=after, limit=limit)
        return {"items": [_json(row) for row in found], "next": found[-1]["id"] if len(found) == limit else None}

    return rows


def _one(listing: Listing) -> Callable[..., Row]:
    def row(reader: ReaderDep, row_id: int) -> Row:
        """Return one row; one out of sight is not found."""
        if not 0 < row_id <= LARGEST_ID:
            raise NotFound
        found = rows_after(
            reader.session, listing, Reading(reader.actor, reader.now), after=0, limit=1, where=listing.key == row_id
        )
        if not found:
            raise NotFound
        return _json(found[0])

    return row


def _reading(reader: Reader, campaign_id: int) -> Reading:
    if campaign_id:
        campaign_head(reader.session, campaign_id=campaign_id, actor=reader.actor)
    return Reading(reader.actor, reader.now, campaign_id or None)


def _json(row: Row) -> Row:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Cell:
    """Dates as 2023-05-31, instants in UTC as 2023-05-31T09:00:00Z."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if isinstance(value, date) else value


def _shape(name: str, listing: Listing) -> type[BaseModel]:
    fields: dict[str, Any] = {
        column: (int if column == "id" else Cell, Field(description=words)) for column, words in listing.columns.items()
    }
    return create_model(f"{name}_row", **fields)


def _offer(name: str, listing: Listing) -> None:
    shape = _shape(name, listing)
    page = create_model(f"{name}_page", items=(list[shape], ...), next=(int | None, ...))  # type: ignore[valid-type]
    router.add_api_route(f"/{name}", _list(listing), summary=listing.title, responses={200: {"model": page}})
    router.add_api_route(
        f"/{name}/{{row_id}}", _one(listing), summary=f"{listing.title}的一行", responses={200: {"model": shape}}
    )


for _name, _listing in LISTINGS.items():
    _offer(_name, _listing)
