"""Debian's Chromium on the real app, served on a free port, over the cast's running 2023 action."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from campaigns.actions.time.chasing import mark_overdue, remind
from campaigns.actions.time.escalation import escalate
from campaigns.actions.time.heartbeats import SCHEDULER, beat
from campaigns.actions.time.stages import close_stages, open_stages
from campaigns.clock import instant
from campaigns.settings import DEMO_PASSWORD, Settings
from campaigns.store.database import Database
from flows.demo.load import FOUNDED, start_a_hundred_days
from flows.demo.places import build
from flows.sweeps import pass_of_everything
from tests.api.client import Clock
from tests.browser.office import CHROMIUM, Office
from tests.browser.walk import KEEP_PICTURES
from tests.campaigns import at, launched
from tests.databases import copied, fold
from tests.people import Cast

SCREENSHOTS = Path("var/screenshots") if KEEP_PICTURES else None
TODAY = at(6, 21)
EVE = instant(date(2026, 11, 24), time(20))
THE_25TH = instant(date(2026, 11, 25), time(15, 30))
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
)
"""The browser itself must ask nobody for anything."""


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Start the browser once; it ends with the browser's tests, because playwright's loop would run under the others."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def june(sqlite_cast: tuple[Path, Cast], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bring the cast seven weeks into the 2023 action, with nothing handed in and everybody chased."""
    (empty, cast), path = sqlite_cast, tmp_path_factory.mktemp("june") / "rectify.sqlite3"
    with copied(empty, path) as base:
        campaign = launched(replace(cast, database=base), now=at(5, 4))
        with base.transaction() as session:
            for step in (close_stages, open_stages, mark_overdue, remind, escalate):
                step(session, campaign, now=TODAY)
            beat(session, SCHEDULER, now=TODAY)
        fold(base)
    return path


@pytest.fixture
def office(chromium: Browser, june: Path, tmp_path: Path) -> Iterator[Office]:
    """Serve the cast in June."""
    clock = Clock(TODAY)
    with copied(june, tmp_path / "rectify.sqlite3") as base, served(base, clock, tmp_path) as address:
        yield Office(chromium, address, base, clock, SCREENSHOTS)


@pytest.fixture
def demonstration(chromium: Browser, sqlite_empty: Path, tmp_path: Path) -> Iterator[Office]:
    """Serve the live demonstration on the afternoon of a 25th: six weeks of it lived through by real actions."""
    clock = Clock(THE_25TH)
    with copied(sqlite_empty, tmp_path / "rectify.sqlite3") as base:
        with base.transaction() as session:
            places = build(session, now=FOUNDED)
        start_a_hundred_days(base, places, files=tmp_path / "files", now=EVE, say=lambda _: None)
        pass_of_everything(base, now=clock.instant)
        with served(base, clock, tmp_path) as address:
            yield Office(chromium, address, base, clock, SCREENSHOTS, DEMO_PASSWORD)


@contextmanager
def served(base: Database, clock: Clock, home: Path) -> Iterator[str]:
    """Serve the app on a free port of this machine until the block ends."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    app = create_app(lambda: base, lambda: Settings(demo=True, home=home), clock)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
