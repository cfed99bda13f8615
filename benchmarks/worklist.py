"""The worklist page of one enterprise among 500,000 tasks, asked for one after the other, beside a bare page on the same rows.

The server time of a page is what one person waits who is alone: its whole request over a kept connection on this machine.
"""

import os
import sys
import tempfile
from pathlib import Path

import httpx

from api.security import cookie_name, seal
from benchmarks.launch import DUTIES, launched
from benchmarks.measuring import seconds
from benchmarks.register import FIRST, found
from benchmarks.serving import server
from campaigns.actions.directory.signing_in import sign_in
from campaigns.clock import now
from campaigns.settings import Settings
from campaigns.store.database import Database

GOAL, PEOPLE, TIMES = 0.050, 10, 20


def main(enterprises: int = 20_000, times: int = TIMES) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        home = Path(folder)
        given = Settings(demo=True, home=home)
        base = Database(f"sqlite:///{home / 'rectify.sqlite3'}")
        launched(base, found(home / "rectify.sqlite3", enterprises))
        chosen = [FIRST + n * enterprises // PEOPLE for n in range(PEOPLE)]
        with base.transaction() as session:
            tokens = [sign_in(session, person_id=id_, login=f"q{id_}", now=now()) for id_ in chosen]
        base.dispose()
        pages = [("/tasks", {"Cookie": f"{cookie_name(given)}={seal(given, token)}"}) for token in tokens]
        own = {"RECTIFY_HOME": str(home), "RECTIFY_DEMO": "true", "RECTIFY_DATABASE_URL": ""}
        with server("api.app:app", own) as (address, _):
            ours = _asked(address, pages, times)
        bare = {"BARE_DATABASE": str(home / "rectify.sqlite3"), "BARE_FILES": str(home)}
        with server("benchmarks.bare:app", bare) as (address, _):
            limit = _asked(address, [(f"/bare/{id_}", {}) for id_ in chosen], times)
        _say(DUTIES * enterprises, ours, limit)


def _say(tasks: int, ours: list[float], limit: list[float]) -> None:
    verdict = "ok" if _at(ours, 0.95) <= GOAL else "MISSED"
    bare = f"bare p50 {_ms(limit, 0.5)}, p95 {_ms(limit, 0.95)}, ratio {_at(ours, 0.5) / _at(limit, 0.5):.1f}"
    goal = f"goal p95 ≤ {GOAL * 1000:.0f} ms; client and server share {os.cpu_count()} cores"
    print(
        f"worklist page at {tasks:,} tasks: p50 {_ms(ours, 0.5)}, p95 {_ms(ours, 0.95)}, {bare} ({goal}) {verdict}",
        flush=True,
    )


def _asked(address: str, pages: list[tuple[str, dict[str, str]]], times: int) -> list[float]:
    """Ask for every page several times over one connection, the first round not counted, and return the seconds of each."""
    with httpx.Client(base_url=address, timeout=60) as client:

        def one(path: str, headers: dict[str, str]) -> None:
            client.get(path, headers=headers).raise_for_status()

        for path, headers in pages:
            one(path, headers)
        return [seconds(lambda: one(*page)) for _ in range(times) for page in pages]  # noqa: B023


def _at(taken: list[float], part: float) -> float:
    return sorted(taken)[int(part * (len(taken) - 1))]


def _ms(taken: list[float], part: float) -> str:
    return f"{_at(taken, part) * 1000:.1f} ms"


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))
