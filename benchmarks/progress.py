"""各地进度 of a province in a country of 3,000 counties and 500,000 hazards, whole pages through the web door, beside raw SQL.

The reader is a leader of one of 31 provinces, the highest there is. Raw is the page's own figures in two hand-written
statements: its tasks by city and stage, its open major hazards by city, each now and a month before. The heat table, the trend
and the list of organisations are told besides.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from benchmarks.country import CITIES, CUT_OFF, PROVINCES, lay_down
from benchmarks.register import settle
from campaigns.actions.directory.people import open_account
from campaigns.rules.permissions import SYSTEM, Role
from campaigns.settings import Settings
from campaigns.store.database import Database
from campaigns.store.directory.regions import Organisation
from campaigns.store.migrate import migrate

GOAL = 150
ROUNDS = 9
PASSWORD = "Zhong-he-8"
NOW = CUT_OFF + timedelta(days=1)
PAGES = {"progress": "", "heat table": "/heat?by=duty", "trend": "/trend", "one by one": "/organisations"}
TASKS = """
SELECT r.city_id, p.stage_id, count(*),
 sum(t.state = 'accepted' AND t.decided_at <= :now), sum(t.due_at < :now AND coalesce(t.submitted_at, '9') > :now),
 sum(t.state = 'accepted' AND t.decided_at <= :then), sum(t.due_at < :then AND coalesce(t.submitted_at, '9') > :then)
FROM region r JOIN organisation o ON o.region_id = r.id JOIN task t ON t.organisation_id = o.id
JOIN occurrence p ON p.id = t.occurrence_id
WHERE r.province_id = 1 AND t.campaign_id = 1 AND t.state NOT IN ('withdrawn', 'waived') AND p.required AND NOT p.event_driven
GROUP BY 1, 2
"""
HAZARDS = """
SELECT r.city_id, sum(h.registered_at <= :now AND coalesce(h.closed_at, '9') > :now),
 sum(h.registered_at <= :then AND coalesce(h.closed_at, '9') > :then)
FROM region r JOIN organisation o ON o.region_id = r.id JOIN hazard h ON h.enterprise_id = o.id
WHERE r.province_id = 1 AND h.major GROUP BY 1
"""


def main(counties: int, hazards: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        base = Database(f"sqlite:///{Path(folder, 'country.sqlite3')}")
        migrate(base)
        lay_down(base, counties, hazards)
        _leader(base)
        settle(base)
        browser = TestClient(
            create_app(lambda: base, lambda: Settings(demo=True, home=Path(folder)), lambda: NOW),
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        browser.post("/sign-in", data={"login": "province", "password": PASSWORD, "next": "/"})
        what = f"{counties:,} counties, {CITIES} cities, {PROVINCES} provinces, {hazards:,} hazards"
        print(f"a province's pages of {what}", flush=True)
        raw = _measured(lambda: _raw(base))
        for name, address in PAGES.items():
            _told(browser, name, f"/progress/1{address}", raw)
        base.dispose()


def _measured(work: Callable[[], None]) -> tuple[float, float]:
    """Return the median milliseconds that pass and that the processor works, which neighbours on the machine do not lengthen."""
    passed, worked = [], []
    work()
    for _ in range(ROUNDS):
        start, busy = time.perf_counter(), time.process_time()
        work()
        passed.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    return statistics.median(passed), statistics.median(worked)


def _told(browser: TestClient, name: str, address: str, raw: tuple[float, float]) -> None:
    def fetch() -> None:
        answer = browser.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")

    passed, worked = _measured(fetch)
    verdict = f" (goal ≤ {GOAL} ms) {'ok' if passed <= GOAL else 'MISSED'}" if name == "progress" else ""
    ours = f"{passed:.0f} ms, of the processor {worked:.0f} ms"
    print(f"  {name}: {ours}; raw SQL of progress {raw[0]:.0f} ms, {raw[1]:.0f} ms{verdict}", flush=True)


def _leader(base: Database) -> None:
    with base.transaction() as session:
        bureau = session.get_one(Organisation, 1)
        said = {"login": "province", "name": "省局", "roles": [Role.LEADER], "password": PASSWORD}
        open_account(session, organisation=bureau, by=SYSTEM, now=CUT_OFF, **said)  # type: ignore[arg-type]


def _raw(base: Database) -> None:
    instants = {"now": f"{NOW:%Y-%m-%d %H:%M:%S.%f}", "then": f"{NOW - timedelta(days=30):%Y-%m-%d %H:%M:%S.%f}"}
    with base.reading() as session:
        for statement in (TASKS, HAZARDS):
            session.execute(text(statement), instants).all()


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (3_000, 500_000))
