"""J3: one month's table of 3,000 counties × 41 values up to 333 cities and 31 provinces, against raw SQL of the same figures.

Raw is one INSERT … SELECT that counts the registers once and writes 41 rows per county with the same key, then one SUM per level
above, on SQLite and on PostgreSQL. Ours also moves each report's window, links it to last month's, unites the enterprises behind
each 家, and knows afterwards which county must be counted again: that is the last line.
"""

import sys
from collections.abc import Iterable
from datetime import date, time

from sqlalchemy import select, text, update
from sqlmodel import col

from benchmarks.country import CITIES, CUT_OFF, PROVINCES, lay_down
from benchmarks.measuring import ROUNDS, alternate, seconds, tell
from benchmarks.stages import STAGES, Copy, gather_statistics
from campaigns.actions.events import record
from campaigns.actions.reporting.blanks import Blanks
from campaigns.actions.reporting.freezing import write_down
from campaigns.actions.reporting.opening import open_period
from campaigns.actions.reporting.rollup import compute
from campaigns.clock import instant
from campaigns.definition.shelf import reports
from campaigns.rules.permissions import SYSTEM, Level
from campaigns.rules.states import ReportState
from campaigns.store.database import Database
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.reporting.reports import Report, ReportCell

FORM, PERIOD = "调度表", "2023-05"
STARTS, STARTS_TEXT = instant(date(2023, 5, 1), time()), "2023-04-30 16:00:00.000000"
GOAL, WHOLE_GOAL, INCREMENT_GOAL = 2.0, 10.0, 0.3
CLIMB = (Level.COUNTY, Level.CITY, Level.PROVINCE)
WAYS = {
    "自查重大隐患": "h.found_self",
    "自查重大隐患已整改": "h.closed_self",
    "检查重大隐患": "h.found_other",
    "检查重大隐患已整改": "h.closed_other",
    "挂牌重大隐患": "o.orders",
    "挂牌重大隐患已整改": "o.closed",
    "执法检查记录": "s.visited",
    "帮扶记录": "a.visits",
}
REGISTERS = """
WITH h AS MATERIALIZED (SELECT bureau_id, count(CASE WHEN source = 'self' THEN 1 END) found_self,
 count(CASE WHEN source = 'self' AND closed_at <= :until THEN 1 END) closed_self,
 count(CASE WHEN source = 'inspection' THEN 1 END) found_other,
 count(CASE WHEN source = 'inspection' AND closed_at <= :until THEN 1 END) closed_other
 FROM hazard WHERE major AND registered_at BETWEEN :start AND :until
 AND enterprise_id IN (SELECT organisation_id FROM roster_entry WHERE campaign_id = 1) GROUP BY bureau_id),
o AS MATERIALIZED (SELECT bureau_id, count(*) orders, count(CASE WHEN closed_at <= :until THEN 1 END) closed
 FROM supervision_order JOIN hazard ON hazard.id = hazard_id WHERE recorded_at <= :until GROUP BY bureau_id),
s AS MATERIALIZED (SELECT s.organisation_id bureau_id, count(DISTINCT s.subject_id) visited{blanks}
 FROM submission s JOIN task t ON t.id = s.task_id JOIN occurrence p ON p.id = t.occurrence_id
 WHERE p.campaign_id = 1 AND p.form = '执法检查记录' AND decision = 'accepted' AND s.decided_at <= :until GROUP BY 1),
a AS MATERIALIZED (SELECT s.organisation_id bureau_id, count(*) visits
 FROM submission s JOIN task t ON t.id = s.task_id JOIN occurrence p ON p.id = t.occurrence_id
 WHERE p.campaign_id = 1 AND p.form = '帮扶记录' AND decision = 'accepted' AND s.decided_at <= :until GROUP BY 1)
"""
ABOVE = """
INSERT INTO raw_cell SELECT p.id, c.atom, sum(c.month), sum(c.total)
FROM report r JOIN raw_cell c ON c.report_id = r.id JOIN report p ON p.id = r.parent_id
JOIN organisation g ON g.id = p.organisation_id JOIN region x ON x.id = g.region_id AND x.level = :level GROUP BY p.id, c.atom
"""


def counties_raw(base: Database) -> str:
    """Return the raw statement: every register once, 41 rows per county, 当月 and 累计."""
    blanks, figures = "", []
    content = """json_extract(s.content, '$."{}"')""" if base.is_sqlite else "CAST(s.content ->> '{}' AS BIGINT)"
    for number, atom in enumerate(reports()[FORM].atoms):
        form, _, blank = (atom.computation or "").partition(".")
        figure = WAYS.get(form, "CAST(NULL AS BIGINT)")
        if blank:
            value = content.format(blank)
            people = f"count(DISTINCT CASE WHEN {value} > 0 THEN s.subject_id END)"
            added = f"sum(CASE WHEN {value} > 0 THEN {value} END)"
            blanks += f", {people if atom.unit == '家' else added} b{number}" if form == "执法检查记录" else ""
            figure = f"s.b{number}" if form == "执法检查记录" else "0"
        figures.append(f"SELECT r.id, '{atom.code}', {figure}, {figure} {_JOINED}")
    return f"INSERT INTO raw_cell {REGISTERS.format(blanks=blanks)} {' UNION ALL '.join(figures)}"


_JOINED = """FROM report r LEFT JOIN h ON h.bureau_id = r.organisation_id LEFT JOIN o ON o.bureau_id = r.organisation_id
LEFT JOIN s ON s.bureau_id = r.organisation_id LEFT JOIN a ON a.bureau_id = r.organisation_id
WHERE r.task_id IS NOT NULL AND r.campaign_id = 1 AND r.period = '2023-05'"""


def main(counties: int, hazards: int, stages: Iterable[str] = STAGES, *, rounds: int = ROUNDS) -> None:
    """Measure and print."""
    for name in stages:
        with STAGES[name](lambda base: opened(base, counties, hazards)) as copy:
            what = f"{counties:,} counties × 41, {CITIES} cities, {PROVINCES} provinces, {hazards:,} hazards"
            _measure(name, copy, what, rounds)


def _measure(name: str, copy: Copy, what: str, rounds: int) -> None:
    again: list[float] = []

    def ours() -> float:
        with copy() as base:
            taken = sum(count_level(base, level) for level in CLIMB)
            again.append(_one_more(base))
            return taken

    def raw() -> float:
        with copy() as base:
            return seconds(lambda: _raw(base))

    taken, limit = alternate(ours, raw, rounds=rounds)
    tell(f"{name}: one month's roll-up of {what}", taken, limit, GOAL)
    whole = "ok" if taken <= WHOLE_GOAL else "MISSED"
    print(f"  the whole of it: {taken:.1f} s (goal ≤ {WHOLE_GOAL:g} s) {whole}", flush=True)
    change = sorted(again)[len(again) // 2]
    verdict = "ok" if change <= INCREMENT_GOAL else "MISSED"
    print(f"  after one change: {change:.3f} s (goal ≤ {INCREMENT_GOAL} s) {verdict}", flush=True)


def opened(base: Database, counties: int, hazards: int) -> None:
    """Lay the country down and open May's table everywhere, with nothing counted yet."""
    lay_down(base, counties, hazards)
    gather_statistics(base)
    with base.transaction() as session:
        open_period(session, campaign_id=1, form=FORM, period=PERIOD, now=CUT_OFF)
        session.execute(text("DELETE FROM report_cell"))
        session.execute(update(Report).values(computed_at=None))
        session.execute(
            text(
                "CREATE TABLE raw_cell (report_id INT, atom TEXT, month INT, total INT, PRIMARY KEY (report_id, atom))"
            )
        )


def count_level(base: Database, level: Level) -> float:
    """Count what is open, then seal one level as its superiors would (not timed), so that the next can add it up."""
    taken = seconds(lambda: _count(base))
    places = select(col(Organisation.id)).join(Region, col(Region.id) == col(Organisation.region_id))
    which = (col(Report.organisation_id).in_(places.where(col(Region.level) == level)),)
    with base.transaction() as session:
        blank = (
            col(ReportCell.total_computed).is_(None),
            col(ReportCell.report_id).in_(select(col(Report.id)).where(*which)),
        )
        session.execute(update(ReportCell).where(*blank).values(month_reported=0, total_reported=0))
        write_down(session, reports()[FORM], which, Blanks(1, STARTS))
        session.execute(update(Report).where(*which).values(state=ReportState.ACCEPTED))
        session.execute(update(Report).where(col(Report.state) == ReportState.OPEN).values(computed_at=None))
    gather_statistics(base)
    return taken


def _count(base: Database) -> None:
    with base.transaction() as session:
        compute(session, campaign_id=1, form=FORM, period=PERIOD, now=CUT_OFF)


def _one_more(base: Database) -> float:
    """Reopen the counties, change one, and count again."""
    with base.transaction() as session:
        session.execute(update(Report).values(state=ReportState.OPEN))
        compute(session, campaign_id=1, form=FORM, period=PERIOD, now=CUT_OFF)
        record(session, "hazard.registered", by=SYSTEM, now=CUT_OFF, organisation_id=100_000)
    return seconds(lambda: _count(base))


def _raw(base: Database) -> None:
    zone = "" if base.is_sqlite else "+00"
    with base.transaction() as session:
        session.execute(
            text(counties_raw(base)), {"start": STARTS_TEXT + zone, "until": "2023-05-25 09:00:00.000000" + zone}
        )
        for level in ("city", "province"):
            session.execute(text(ABOVE), {"level": level})


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (3_000, 500_000))
