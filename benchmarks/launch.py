"""J1: launch of N enterprises × 25 duties, against one raw INSERT … SELECT of the same tasks with the same indexes.

Ours includes reading the text, the frozen definition, the roster, the calendar, the event and one notice per person.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from benchmarks.measuring import alternate, seconds, tell
from benchmarks.register import LAUNCHED, campaign_text, copied, found
from campaigns.actions.launch.campaigns import launch
from campaigns.actions.launch.drafts import Draft
from campaigns.rules.permissions import Actor
from campaigns.store.database import Database

DUTIES = 25
GOAL = 1.5
RAW = """
INSERT INTO task (campaign_id, occurrence_id, organisation_id, subject_id, reviewer_id, state, opens_on, due_on, due_at, version)
SELECT o.campaign_id, o.id, g.id, g.id, :bureau, 'assigned', o.opens_on, o.due_on, o.due_at, 1
FROM occurrence o CROSS JOIN organisation g WHERE g.kind = 'enterprise'
"""


def launched(base: Database, leader: Actor) -> None:
    """Launch the large campaign."""
    with base.transaction() as session:
        launch(session, Draft(campaign_text(DUTIES)), launch_key="large", by=leader, now=LAUNCHED)


def main(enterprises: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        register, planned = Path(folder, "register.sqlite3"), Path(folder, "planned.sqlite3")
        leader = found(register, enterprises)
        _plan_only(register, planned, leader)

        def ours() -> float:
            base = copied(register, Path(folder, "ours.sqlite3"))
            return _timed(base, lambda: launched(base, leader))

        def raw() -> float:
            base = copied(planned, Path(folder, "raw.sqlite3"))
            return _timed(base, lambda: _insert(base, leader))

        taken, limit = alternate(ours, raw)
        tell(f"launch of {enterprises:,} enterprises × {DUTIES} duties", taken, limit, GOAL)


def _timed(base: Database, work: Callable[[], object]) -> float:
    with base.reading() as session:
        session.execute(text("SELECT 1"))  # the connection is not what is measured
    taken = seconds(work)
    path = Path(base.engine.url.database or "")
    base.dispose()
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    return taken


def _plan_only(register: Path, planned: Path, leader: Actor) -> None:
    """Give the raw statement the same plan, launched when there was nobody but one enterprise."""
    alone = planned.with_name("alone.sqlite3")
    someone = found(alone, 1)
    base = Database(f"sqlite:///{alone}")
    launched(base, someone)
    base.dispose()
    base = copied(register, planned)
    with base.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("ATTACH ? AS alone", (str(alone),))
        for table in ("frozen_definition", "campaign", "stage", "occurrence"):
            raw.execute(f"INSERT INTO main.{table} SELECT * FROM alone.{table}")
        raw.execute("UPDATE campaign SET bureau_id = ?", (leader.organisation_id,))
    base.dispose()


def _insert(base: Database, leader: Actor) -> None:
    with base.transaction() as session:
        session.execute(text(RAW), {"bureau": leader.organisation_id})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
