"""The web application: `create_app` puts the walls, the pages and the answers to failures together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles

from api.errors import install
from api.json import feeds, health, v1
from api.pages import gallery, trail
from api.pages.campaign import campaigns, documents, launch, proposals, ready_duties
from api.pages.directory import calendar, importing, keeping, people, register
from api.pages.hazards import criteria, hazard, hazards, look_backs, spot_checks, stock
from api.pages.hazards import importing as hazard_importing
from api.pages.own import home, inbox, keys, session
from api.pages.own import settings as my_settings
from api.pages.progress import heat, rankings, superior, timeliness, trends
from api.pages.reporting import life as report_life
from api.pages.reporting import monthly, tables
from api.pages.work import decisions, drafts, on_behalf, papers, receipts, reviews, tasks
from api.rendering import STATIC
from api.security import Walls, secret
from campaigns import clock
from campaigns.errors import Forbidden
from campaigns.settings import Settings, settings
from campaigns.store.database import Database, database

LARGEST_BODY = 120 * 1024 * 1024
SMALLEST_SQUEEZED = 2_000
"""Bytes from which an answer is compressed: a plan of a year is 100 kB of words, and a county's phone is slow."""
SQUEEZING = 5
"""How hard, of 9: more costs time and saves hardly anything."""

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    session.router,
    home.router,
    tasks.router,
    drafts.router,
    papers.router,
    on_behalf.router,
    reviews.router,
    receipts.router,
    hazard_importing.router,
    criteria.router,
    hazards.router,
    stock.router,
    hazard.router,
    look_backs.router,
    spot_checks.router,
    campaigns.router,
    documents.router,
    launch.router,
    ready_duties.router,
    decisions.router,
    report_life.router,
    monthly.router,
    superior.router,
    heat.router,
    trends.router,
    rankings.router,
    timeliness.router,
    importing.router,
    proposals.router,
    register.router,
    keeping.router,
    inbox.router,
    people.router,
    calendar.router,
    my_settings.router,
    keys.router,
    tables.router,
    feeds.router,
    v1.router,
    trail.router,
    gallery.router,
)
"""Every page and endpoint; a new screen is one line here."""


def create_app(
    base: Callable[[], Database] = database,
    given: Callable[[], Settings] = settings,
    now: Callable[[], datetime] = clock.now,
) -> FastAPI:
    """Make an app on a database, settings and clock; tests pass their own."""
    app = FastAPI(title="专项整治行动编排系统", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_life)
    app.state.base, app.state.settings, app.state.clock = base, given, now
    # Nothing here can be guessed by its compressed size: form keys are new in every page, the session is only in a cookie.
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_SQUEEZED, compresslevel=SQUEEZING)
    app.add_middleware(Walls, largest_body=LARGEST_BODY, https=given().secure_cookies)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(admitted)])
    install(app)
    return app


async def admitted(request: Request) -> None:
    """Stop what the walls marked, here where an error page can be shown. Nothing in it waits, so it needs no thread."""
    if request.state.cross_origin:
        raise Forbidden("这个请求不是从本系统的页面发出的，已经拒绝。", advice="请从本系统的页面重新打开并提交。")
    if request.state.too_large:
        raise HTTPException(413)


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    secret(app.state.settings())  # a production start without its own secret ends here
    yield


@lru_cache
def _app() -> FastAPI:
    return create_app()


def __getattr__(name: str) -> Any:
    """Make `api.app:app` when it is first asked for, so that importing this module reads no settings and opens no file."""
    if name == "app":
        return _app()
    raise AttributeError(name)
