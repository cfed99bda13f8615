"""The launch preview with its burden: N enterprises that 25 duties of a running campaign bind, and 25 more that half cover.

Ours reads the text, lays it out, counts who does what, the burden by enterprise and month, and what is covered already. Raw is
the two statements behind the burden alone: every entry counted by enterprise and month, and every pair of covered tasks.
"""

import sys
import tempfile
from pathlib import Path

from sqlalchemy import text

from benchmarks.launch import DUTIES, launched
from benchmarks.measuring import alternate, seconds, tell
from benchmarks.register import LAUNCHED, campaign_text, copied, found
from campaigns.actions.launch.campaigns import preview
from campaigns.actions.launch.drafts import Draft

GOAL = 4.0
RAW = (
    """
SELECT t.organisation_id, strftime('%Y-%m', o.due_on), count(*) FROM task t JOIN occurrence o ON o.id = t.occurrence_id
JOIN organisation g ON g.id = t.organisation_id WHERE g.kind = 'enterprise' AND t.state NOT IN ('withdrawn', 'waived')
GROUP BY 1, 2
""",
    "SELECT occurrence_id, organisation_id FROM task WHERE state NOT IN ('withdrawn', 'waived') AND occurrence_id <= 13",
)


def main(enterprises: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        register = Path(folder, "register.sqlite3")
        leader = found(register, enterprises)
        base = copied(register, Path(folder, "running.sqlite3"))
        launched(base, leader)
        draft = Draft(half_covered())

        def ours() -> float:
            with base.reading() as session:
                return seconds(lambda: preview(session, draft, by=leader, now=LAUNCHED))

        def raw() -> float:
            with base.reading() as session:
                return seconds(lambda: [session.execute(text(statement)).all() for statement in RAW])

        taken, limit = alternate(ours, raw)
        tell(f"preview of {enterprises:,} enterprises × {DUTIES} duties beside {DUTIES} running", taken, limit, GOAL)
        base.dispose()


def half_covered() -> str:
    """Return a second campaign: the first half of its duties are named as those that run already."""
    lines = campaign_text(DUTIES).replace("编号: large", "编号: second")
    for number in range(DUTIES // 2 + 1, DUTIES + 1):
        lines = lines.replace(f"名称: 事项{number:02}", f"名称: 另外{number:02}")
    return lines


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
