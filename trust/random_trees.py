"""The roll-up against an independent recount on random trees: 1,000 on SQLite, or as many as are asked for.

Each tree is a province over two months: cities and counties that inspect, find and close hazards, type, file in time, late, anew
after a return, as a nil return or not at all, correct, hand enterprises over, close them, are dissolved. It is lived through with
the real actions, rolled up, and counted again in plain Python. `python -m trust.random_trees 50 --postgresql` tries the other.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings

from campaigns.store.database import Database
from campaigns.store.migrate import migrate
from tests.people import Cast, found
from tests.postgres import migrated_template, postgres_url
from tests.trees.comparing import compare
from tests.trees.shapes import Province, provinces
from trust.telling import tell

TREES = 1_000


def main(trees: int, *, postgresql: bool = False) -> int:
    """Compare, print, and return the exit code: 0 only if every figure agreed."""
    tried, figures, started = 0, 0, time.monotonic()
    with _founded(postgresql=postgresql) as (base, cast):

        @seed(20230525)
        @settings(max_examples=trees, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(provinces)
        def holds(shape: Province) -> None:
            nonlocal tried, figures
            tried += 1
            figures += compare(base, cast, shape)

        wrong: list[str] = []
        try:
            holds()
        except AssertionError as failure:
            wrong = [line for line in str(failure).splitlines() if "recounted" in line]
            print(f"the smallest tree that differs:\n{failure}\n{failure.__notes__}", flush=True)
    counts = {
        "trees lived through": f"{tried:,}",
        "figures compared": f"{figures:,}",
        "figures that differ": len(wrong),
        "minutes": round((time.monotonic() - started) / 60, 1),
    }
    name = "PostgreSQL" if postgresql else "SQLite"
    return tell(f"T35 the roll-up against a recount, {name}", counts, {"every figure equals its recount": not wrong})


@contextmanager
def _founded(*, postgresql: bool) -> Iterator[tuple[Database, Cast]]:
    if not postgresql:
        with tempfile.TemporaryDirectory(prefix="rectify-trust-") as folder:
            base = Database(f"sqlite:///{Path(folder, 'trees.sqlite3')}", disposable=True)
            migrate(base)
            yield base, found(base)
            base.dispose()
        return
    casts: list[Cast] = []
    with migrated_template(lambda base: casts.append(found(base))) as template, postgres_url(template) as url:
        base = Database(url, disposable=True)
        yield base, replace(casts[0], database=base)
        base.dispose()


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    raise SystemExit(main(int(words[0]) if words else TREES, postgresql="--postgresql" in sys.argv))
