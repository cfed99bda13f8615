"""A table of 100,000 rows as xlsx: seconds and memory, against the same rows of one raw SELECT through the same writer.

Each run is a process of its own, so that its peak memory is its own. A tenth of the rows is written too: memory that is flat
does not grow with them.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import text

from benchmarks.launch import DUTIES, launched
from benchmarks.measuring import ROUNDS, alternate, peak_memory, seconds, tell
from benchmarks.register import LAUNCHED, found
from campaigns.documents.listings import write_workbook
from campaigns.queries.listings.listing import Reading, every_row
from campaigns.queries.listings.tables import LISTINGS
from campaigns.rules.permissions import Actor, Level, OrganisationKind, Role
from campaigns.store.database import Database

ROWS = 100_000
GOAL_SECONDS, GOAL = 60.0, 2.0
FLAT_MB = 20.0
"""How much more memory ten times the rows may take."""
RAW = """
SELECT t.id, t.campaign_id, o.duty, o.title, o.period, g.name, t.state, t.opens_on, t.due_on, t.due_at, t.submitted_at
FROM task t JOIN occurrence o ON o.id = t.occurrence_id JOIN organisation g ON g.id = t.organisation_id ORDER BY t.id
"""


def main(rows: int, *, rounds: int = ROUNDS) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        paths = {size: Path(folder, f"{size}.sqlite3") for size in (rows // 10, rows)}
        leaders = {size: _laid(path, size) for size, path in paths.items()}
        peaks: dict[int, list[float]] = {size: [] for size in paths}

        def ours(size: int) -> float:
            taken, peak, written = _run("ours", paths[size], leaders[size], folder)
            assert written >= size, f"only {written} rows came"
            peaks[size].append(peak)
            return taken

        _, taken, limit = alternate(
            lambda: ours(rows // 10),
            lambda: ours(rows),
            lambda: _run("raw", paths[rows], leaders[rows], folder)[0],
            rounds=rounds,
        )
        tell(f"an xlsx of {rows:,} rows", taken, limit, GOAL)
        verdict = "ok" if taken <= GOAL_SECONDS else "MISSED"
        print(f"  the whole of it: {taken:.1f} s (goal ≤ {GOAL_SECONDS:g} s) {verdict}")
        small, large = (sorted(peaks[size])[len(peaks[size]) // 2] for size in paths)
        flat = "ok" if large - small <= FLAT_MB else "MISSED"
        print(
            f"  peak memory: {large:.0f} MB, {small:.0f} MB for a tenth (goal ≤ {FLAT_MB:g} MB more) {flat}", flush=True
        )


def _laid(path: Path, rows: int) -> Actor:
    leader = found(path, -(-rows // DUTIES))
    base = Database(f"sqlite:///{path}")
    launched(base, leader)
    base.dispose()
    return leader


def _run(which: str, path: Path, leader: Actor, folder: str) -> tuple[float, float, int]:
    """Write the workbook in a process of its own; return seconds, its peak memory in MB, and rows."""
    who = (str(leader.organisation_id), str(leader.region_id))
    command = [sys.executable, "-m", "benchmarks.spreadsheet", which, str(path), str(Path(folder, "out.xlsx")), *who]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    taken, peak, written = run.stdout.split()
    return float(taken), float(peak), int(written)


def _write(which: str, path: str, to: str, organisation_id: str, region_id: str) -> None:
    base, written = Database(f"sqlite:///{path}"), 0
    actor = Actor(
        person_id=1,
        name="",
        organisation_id=int(organisation_id),
        organisation_kind=OrganisationKind.BUREAU,
        level=Level.COUNTY,
        region_id=int(region_id),
        roles=frozenset({Role.LEADER}),
    )
    listing = LISTINGS["tasks"]

    def work() -> None:
        nonlocal written
        with base.reading() as session:
            rows: Iterable[Iterable[object]]
            if which == "ours":
                rows = (row.values() for row in every_row(session, listing, Reading(actor, LAUNCHED)))
                written = write_workbook(Path(to), listing.title, listing.headings, rows)
            else:
                rows = session.execute(text(RAW).execution_options(yield_per=2_000))
                written = write_workbook(Path(to), listing.title, listing.headings[:11], rows)

    taken = seconds(work)
    print(taken, peak_memory(), written)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        _write(*sys.argv[1:6])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
