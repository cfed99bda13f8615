"""One live Prefect server for all of them, a runner on demand, and our own database beside them."""

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.time import due_work
from campaigns.actions.time.due_work import Item, WorkKind
from campaigns.settings import Settings
from campaigns.store.database import Database
from campaigns.store.ledger import DueWork, Event
from campaigns.store.migrate import migrate
from flows import engine, schedules
from flows.serve.child import Child, Recipe
from flows.serve.home import Home
from flows.serve.ports import near
from flows.serve.recipes import recipes
from tests.engine.noting_runner import NOTED

PATIENCE_SECONDS = 120.0


@dataclass
class Engine:
    """Prefect, the runner and our rows, as `rectify run` has them."""

    home: Home
    base: Database
    parts: dict[str, Recipe]
    children: dict[str, Child] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start a part and wait until it answers."""
        child = self.children[name] = Child(self.parts[name])
        self.until(lambda: child.ready or child.exit_code is not None)
        assert child.ready, self.parts[name].log.read_text()[-4000:]

    def stop(self, name: str) -> None:
        """Stop a part, if it runs."""
        if child := self.children.pop(name, None):
            child.ask_to_stop()
            child.end(within=10)

    def forget_prefect(self) -> None:
        """Delete everything that Prefect keeps."""
        shutil.rmtree(self.home.prefect)
        self.home.prefect.mkdir()

    def plan(self, key: str, due_at: datetime) -> None:
        """Write down due work of the kind that the noting runner executes."""
        with self.base.transaction() as session:
            due_work.plan(session, [Item(key=key, kind=WorkKind.STAGE_CLOSES, due_at=due_at, title=key)])

    def reconcile(self, now: datetime) -> None:
        """Bring Prefect's calendar in line as of an instant."""
        with self.connected():
            schedules.reconcile(self.base, now=now)

    def connected(self) -> AbstractContextManager[object]:
        """Point this process at the server."""
        told = self.parts["runner"].environment
        return temporary_settings(
            {
                PREFECT_API_URL: told["PREFECT_API_URL"],
                PREFECT_API_AUTH_STRING: told["PREFECT_API_AUTH_STRING"],
            }
        )

    def runs(self, *states: StateType) -> list[FlowRun]:
        """Return our flow runs in these states."""
        with self.connected(), get_client(sync_client=True) as client:
            return engine.runs(client, engine.deployments(client).values(), *states)

    def write_ahead(self, deployment: UUID | None, *, minutes: int) -> None:
        """Let a deployment's schedule write its runs ahead, as Prefect's scheduler does once a minute."""
        with self.connected(), get_client(sync_client=True) as client:
            wanted = {"min_time": minutes * 60.0, "min_runs": 3, "max_runs": 100}
            client.request("POST", "/deployments/{id}/schedule", path_params={"id": deployment}, json=wanted)

    def calendar(self, *keys: str) -> dict[str, FlowRun]:
        """Return what Prefect has on its calendar for these keys."""
        coming = {run.idempotency_key or "": run for run in self.runs(StateType.SCHEDULED) if not run.auto_scheduled}
        return {key: run for key, run in coming.items() if key in keys}

    def row(self, key: str) -> DueWork:
        """Return one row of due work."""
        with self.base.reading() as session:
            return session.scalars(select(DueWork).where(col(DueWork.key) == key)).one()

    def times_done(self, key: str) -> int:
        """Count how often an executor worked on an item."""
        with self.base.reading() as session:
            events = session.scalars(select(Event).where(col(Event.kind) == NOTED))
            return len([event for event in events if event.data["key"] == key])

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for something, in small steps."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not true():
            assert time.monotonic() < deadline, self.tails()
            time.sleep(0.2)

    def tails(self) -> str:
        """Return the ends of the logs, for a failure's message."""
        return "\n".join(
            f"== {name}\n{part.log.read_text()[-3000:]}" for name, part in self.parts.items() if part.log.exists()
        )


def noting(runner: Recipe) -> Recipe:
    """Return the runner with an executor whose work can be counted."""
    return replace(runner, command=(sys.executable, "-m", "tests.engine.noting_runner"))


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Boot Prefect once, for these tests alone."""
    root = tmp_path_factory.mktemp("engine")
    home = Home(root, demo=True)
    home.prefect.mkdir()
    settings = Settings(home=root, demo=True, prefect_port=near("127.0.0.1", 43_200), database_url="")
    base = Database(settings.url)
    migrate(base)
    parts = {recipe.name: recipe for recipe in recipes(settings, home)}
    live = Engine(home, base, {"prefect": parts["prefect"], "runner": noting(parts["runner"])})
    live.start("prefect")
    yield live
    live.stop("runner")
    live.stop("prefect")
    base.dispose()


@pytest.fixture
def prefect(server: Engine) -> Iterator[Engine]:
    """Return the live server with no runner yet; the test's runner ends with it."""
    yield server
    server.stop("runner")
