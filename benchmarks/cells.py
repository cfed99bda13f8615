"""Opening a number of a country's table of May: from a province's cell to the rows of a county, p95, against raw SELECTs.

The tables are sealed up to the provinces, so that what is opened is what filing wrote down; a county's open table, counted from
the registers of this moment, is opened too. The raw statement reads the same rows or lower cells, without anybody's rights.
"""

import random
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, text
from sqlmodel import Session, col

from benchmarks.measuring import seconds
from benchmarks.rollup import CLIMB, count_level, opened
from benchmarks.stages import STAGES
from campaigns.definition.shelf import reports
from campaigns.queries.reporting.behind import rows_behind
from campaigns.queries.reporting.behind_rows import PAGE
from campaigns.rules.permissions import Actor, Level, OrganisationKind, Role
from campaigns.rules.states import ReportState
from campaigns.store.database import Database
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.reporting.reports import Report

OPENINGS = 100
GOAL = 0.300
HAZARDS = """SELECT h.*, o.name FROM report_member m JOIN hazard h ON h.id = m.row_id
JOIN organisation o ON o.id = h.enterprise_id WHERE m.report_id = :report AND m.atom = :atom AND m.kind = 'hazard'
ORDER BY h.registered_at DESC LIMIT :most"""
RECORDS = """SELECT s.*, o.name FROM report_member m JOIN submission s ON s.id = m.row_id
JOIN organisation o ON o.id = s.subject_id WHERE m.report_id = :report AND m.atom = :atom AND m.kind = 'submission'
ORDER BY s.submitted_at DESC LIMIT :most"""
LOWER = """SELECT r.id, o.name, c.* FROM report_member m JOIN report r ON r.id = m.row_id JOIN organisation o
ON o.id = r.organisation_id JOIN report_cell c ON c.report_id = r.id AND c.atom = :atom
WHERE m.report_id = :report AND m.kind = 'report'"""


def main(counties: int, hazards: int, stages: Iterable[str] = STAGES, *, openings: int = OPENINGS) -> None:
    """Measure and print."""
    for name in stages:
        with STAGES[name](lambda base: _sealed(base, counties, hazards)) as copy, copy() as base:
            for level in (*CLIMB, None):
                _tell(name, level, base, openings)


def _sealed(base: Database, counties: int, hazards: int) -> None:
    opened(base, counties, hazards)
    for level in CLIMB:
        count_level(base, level)


def _tell(name: str, level: Level | None, base: Database, openings: int) -> None:
    chosen = _some(base, level, openings)
    with base.reading() as session:
        for report_id, atom, actor in chosen[:3]:
            rows_behind(
                session, report_id=report_id, atom=atom, actor=actor
            )  # statements are compiled once per process
        ours, raw = zip(*(_opened(session, *one) for one in chosen), strict=True)
    what = f"a sealed cell of a {level.value}" if level else "an open cell of a county"
    verdict = "ok" if _p95(ours) <= GOAL else "MISSED"
    print(
        f"{name}: {what} opens in {_p95(ours) * 1000:.0f} ms p95, {_middle(ours) * 1000:.0f} ms median, "
        f"raw {_p95(raw) * 1000:.1f} ms p95 (goal ≤ {GOAL * 1000:.0f} ms) {verdict}",
        flush=True,
    )


def _opened(session: Session, report_id: int, atom: str, actor: Actor) -> tuple[float, float]:
    ours = seconds(lambda: rows_behind(session, report_id=report_id, atom=atom, actor=actor))
    session.expunge_all()
    values = {"report": report_id, "atom": atom, "most": PAGE}

    def raw() -> None:
        for statement in (HAZARDS, RECORDS):
            session.execute(text(statement), values).all()
        session.execute(text(LOWER), {"report": report_id, "atom": atom}).all()

    return ours, seconds(raw)


def _some(base: Database, level: Level | None, openings: int) -> list[tuple[int, str, Actor]]:
    """Choose cells, always the same, each with a reader of the bureau whose table it is; without a level open ones."""
    dice = random.Random(1)
    atoms = [atom.code for atom in reports()["调度表"].atoms]
    with base.transaction() as session:
        rows = session.execute(
            select(col(Report.id), col(Organisation.id), col(Region.id), col(Region.level))
            .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
            .join(Region, col(Region.id) == col(Organisation.region_id))
            .where(col(Region.level) == (level or Level.COUNTY))
            .order_by(col(Report.id))
        ).all()
        chosen = [dice.choice(rows) for _ in range(openings)]
        if level is None:
            for row in chosen:
                session.get_one(Report, row[0]).state = ReportState.OPEN
    return [(row[0], dice.choice(atoms), _reader(row)) for row in chosen]


def _reader(row: Any) -> Actor:
    return Actor(
        person_id=1,
        name="",
        organisation_id=row[1],
        organisation_kind=OrganisationKind.BUREAU,
        level=Level(row[3]),
        region_id=row[2],
        roles=frozenset({Role.LEADER}),
    )


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (3_000, 500_000))
