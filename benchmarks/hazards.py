"""The register of hazards at 500,000: its list by tab and filter, searches that hit and miss; and an old ledger's import.

Raw is the same question as a single SQL statement in a bare connection; of a list it is the page alone, without the counts.
"""

import sqlite3
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from benchmarks.hazard_import import measure_import
from benchmarks.measuring import ROUNDS, alternate, seconds
from benchmarks.register import FIRST, FOUNDED, found, settle
from campaigns.actions.directory.people import actor_for, open_account
from campaigns.queries.hazards.register_list import HazardFilter, HazardTab, count_hazards, hazard_lines
from campaigns.rules.permissions import SYSTEM, Actor, Role
from campaigns.rules.states import HazardSource, HazardState
from campaigns.store.database import Database
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard

ENTERPRISES = 2_000
NOW = datetime(2023, 12, 1, 1, tzinfo=UTC)
PAGE = 50
LIST_GOAL = 0.2
_WHAT = ("排洪斜槽盖板破损", "干滩长度不足", "警示牌缺失", "灭火器过期", "坝体渗漏", "护栏缺失", "电缆破皮", "通风不良")
_BLANK = (
    *("location", "description", "criterion", "criterion_set", "criterion_version", "criterion_clause", "responsible"),
    *("measures", "contingency", "rectification", "checked", "recheck", "ended_reason"),
)
_ASKED: tuple[tuple[str, HazardTab, HazardFilter, str], ...] = (
    ("未销号", HazardTab.OPEN, HazardFilter(), "is_open = 1 ORDER BY ordinary, act_by, id"),
    ("超期未改", HazardTab.LATE, HazardFilter(), "is_open = 1 AND deadline_on < '2023-12-01' ORDER BY ordinary, act_by, id"),
    ("已销号", HazardTab.CLOSED, HazardFilter(), "state = 'closed' ORDER BY id DESC"),
    ("全部", HazardTab.ALL, HazardFilter(), "1 ORDER BY id DESC"),
    ("只看重大", HazardTab.OPEN, HazardFilter(major=True), "is_open = 1 AND major = 1 ORDER BY ordinary, act_by, id"),
    ("自查", HazardTab.ALL, HazardFilter(source=HazardSource.SELF), "source = 'self' ORDER BY id DESC"),
    ("一家企业", HazardTab.ALL, HazardFilter(enterprise_id=FIRST), f"enterprise_id = {FIRST} ORDER BY id DESC"),
    ("查到一项", HazardTab.ALL, HazardFilter("第77777号"), "title LIKE '%第77777号%' ORDER BY id DESC"),
    ("查到很多", HazardTab.OPEN, HazardFilter("盖板"), "is_open = 1 AND title LIKE '%盖板%' ORDER BY ordinary, act_by, id"),
    ("已销号里查不到", HazardTab.CLOSED, HazardFilter("盖板"), "state = 'closed' AND title LIKE '%盖板%' ORDER BY id DESC"),
    ("项项都有", HazardTab.ALL, HazardFilter("yh"), "number LIKE '%yh%' ORDER BY id DESC"),
    ("查不到", HazardTab.OPEN, HazardFilter("没有这样的"), "title LIKE '%没有这样的%' ORDER BY id DESC"),
)  # fmt: skip


def main(hazards: int = 500_000, rows: int = 10_000, *, rounds: int = ROUNDS) -> None:
    """Measure on a fresh file and print ours beside raw, in alternating rounds."""
    with tempfile.TemporaryDirectory() as home:
        template = Path(home) / "template.sqlite3"
        leader = found(template, min(ENTERPRISES, max(hazards // 10, 20)))
        base = Database(f"sqlite:///{template}")
        with base.transaction() as session:
            officer = _officer(session, leader)
            _fill(session, hazards, leader)
        settle(base)
        _lists(template, leader, hazards, rounds)
        measure_import(template, officer, Path(home), rows, rounds=rounds)


def _officer(session: Session, leader: Actor) -> Actor:
    account = open_account(
        session,
        login="officer",
        name="经办人",
        organisation=session.get_one(Organisation, leader.organisation_id),
        roles=[Role.OFFICER],
        password="Zhong-he-8",
        by=SYSTEM,
        now=FOUNDED,
    )
    return actor_for(session, account.id)


def _fill(session: Session, hazards: int, leader: Actor) -> None:
    many = min(ENTERPRISES, max(hazards // 10, 20))
    for first in range(0, hazards, 50_000):
        some = [_hazard(n, many, leader) for n in range(first, min(first + 50_000, hazards))]
        session.execute(insert(Hazard), some)


def _hazard(n: int, many: int, leader: Actor) -> dict[str, Any]:
    """Three in four are closed, one in twenty is major, one in two self-found."""
    day, major, closed = date(2023, 5, 1) + timedelta(days=n % 200), n % 20 == 0, n % 4 != 0
    at = datetime(2023, 5, 1, tzinfo=UTC) + timedelta(days=n % 200)
    return {
        "id": n + 1,
        "number": f"YH{n:09}",
        "enterprise_id": FIRST + n % many,
        "bureau_id": leader.organisation_id,
        "source": HazardSource.SELF if n % 2 else HazardSource.INSPECTION,
        "major": major,
        "major_since": at if major else None,
        **dict.fromkeys(_BLANK, ""),
        "title": f"第{n}号{_WHAT[n % len(_WHAT)]}",
        "found_on": day,
        "registered_at": at,
        "registered_by_id": FIRST,
        "state": HazardState.CLOSED if closed else HazardState.RECTIFYING,
        "deadline_on": day + timedelta(days=30),
        "checked_by_id": leader.person_id if major and closed else None,
        "closed_on": day if closed else None,
        "closed_at": at if closed else None,
        "fixed_on_the_spot": False,
        "version": 1,
    }


def _lists(template: Path, leader: Actor, hazards: int, rounds: int) -> None:
    base, raw = Database(f"sqlite:///{template}"), sqlite3.connect(template)
    for words, tab, wanted, sql in _ASKED:
        statement = f"SELECT id, number, title, enterprise_id, state FROM hazard WHERE {sql} LIMIT {PAGE}"

        def ours(tab: HazardTab = tab, wanted: HazardFilter = wanted) -> float:
            with base.reading() as session:
                return seconds(lambda: _page(session, leader, tab, wanted))

        def bare(statement: str = statement) -> float:
            return seconds(lambda: raw.execute(statement).fetchall())

        taken, limit = alternate(ours, bare, rounds=rounds)
        _say(f"the register's page of {hazards} hazards, {words}, with the counts of its tabs", taken, limit)
    base.dispose()


def _page(session: Session, actor: Actor, tab: HazardTab, wanted: HazardFilter) -> None:
    """Ask what the page asks."""
    asked: dict[str, Any] = {"actor": actor, "now": NOW, "tab": tab, "wanted": wanted}
    counts = count_hazards(session, **asked)
    hazard_lines(session, **asked, limit=PAGE, counts=counts)


def _say(what: str, ours: float, raw: float) -> None:
    """Print one figure with its bound in seconds, and the ratio to raw beside it."""
    verdict = "ok" if ours <= LIST_GOAL else "MISSED"
    print(
        f"{what}: {ours:.3f} s (goal ≤ {LIST_GOAL:g} s) {verdict}, raw {raw:.3f} s, ratio {ours / raw:.1f}", flush=True
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
