"""J2: one day's overdue marks and reminders over 250,000 open tasks, against one raw UPDATE and one raw INSERT … SELECT.

Measured on 17 May 2023: 10,000 tasks have become overdue since the sweep before, and 20,000 reminders fall on this day. The
second run, which must write nothing, is printed too.
"""

import sys
import tempfile
from datetime import date, datetime, time
from pathlib import Path

from sqlalchemy import func, select, text

from benchmarks.launch import DUTIES, launched
from benchmarks.measuring import alternate, seconds, tell
from benchmarks.register import copied, found, settle
from campaigns.actions.time import chasing
from campaigns.clock import instant
from campaigns.store.database import Database
from campaigns.store.messages import Notice
from flows.sweeps import sweep

GOAL = 2.0
BEFORE, TODAY = instant(date(2023, 5, 15), time(9)), instant(date(2023, 5, 17), time(9))
DUE = "('2023-05-09', '2023-05-15')"
OVERDUE = """
UPDATE task SET overdue_on = due_on
WHERE state IN ('assigned', 'acknowledged', 'sent_back') AND due_on <= '2023-05-17' AND due_at < '2023-05-17 01:00:00'
AND overdue_on IS NULL
"""
REMIND = f"""
INSERT INTO notice (key, person_id, kind, title, body, link, campaign_id, task_id, late, outward, created_at)
SELECT 'reminder:' || t.id || ':' || t.due_on, p.id, 'task.reminder', o.title, t.due_on, '/tasks/' || t.id, t.campaign_id, t.id,
0, '', '2023-05-17 01:00:00'
FROM task t JOIN occurrence o ON o.id = t.occurrence_id JOIN person p ON p.organisation_id = t.organisation_id
WHERE t.state IN ('assigned', 'acknowledged', 'sent_back') AND t.due_on IN {DUE}
ON CONFLICT DO NOTHING
"""


def day(base: Database, now: datetime) -> None:
    """Mark and remind, as the daily sweep does."""
    sweep(base, chasing.mark_overdue, now=now)
    sweep(base, chasing.remind, now=now)


def raw_day(base: Database) -> None:
    """Do the same with two statements."""
    with base.transaction() as session:
        session.execute(text(OVERDUE))
        session.execute(text(REMIND))


def main(enterprises: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        template = Path(folder, "template.sqlite3")
        leader = found(template, enterprises)
        base = Database(f"sqlite:///{template}")
        launched(base, leader)
        day(base, BEFORE)
        settle(base)
        again: list[float] = []

        def ours() -> float:
            base = copied(template, Path(folder, "ours.sqlite3"))
            first, written = seconds(lambda: day(base, TODAY)), _notices(base)
            again.append(seconds(lambda: day(base, TODAY)))
            assert _notices(base) == written, "the second run wrote something"
            base.dispose()
            return first

        def raw() -> float:
            base = copied(template, Path(folder, "raw.sqlite3"))
            taken = seconds(lambda: raw_day(base))
            base.dispose()
            return taken

        taken, limit = alternate(ours, raw)
        tell(f"daily sweep over {DUTIES * enterprises:,} open tasks", taken, limit, GOAL)
        print(f"  again, writing nothing: {sorted(again)[len(again) // 2]:.3f} s", flush=True)


def _notices(base: Database) -> int:
    with base.reading() as session:
        return session.scalar(select(func.count()).select_from(Notice)) or 0


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
