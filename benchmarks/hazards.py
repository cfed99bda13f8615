"""The register of hazards at 500,000: its list by tab and filter, searches that hit and miss; and an old ledger's import.

Raw is the same question as a single SQL statement in a bare connection, and for the import the same rows read and inserted bare.
"""

import resource
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook
from sqlalchemy import insert
from sqlmodel import Session

from benchmarks.measuring import alternate, seconds
from benchmarks.register import FIRST, FOUNDED, copied, found, settle
from campaigns.actions.directory.people import actor_for, open_account
from campaigns.actions.hazards.import_plan import plan_import
from campaigns.actions.hazards.importing import import_hazards
from campaigns.documents.hazard_workbook import as_sheet, read_layout
from campaigns.queries.hazards.register_list import HazardFilter, HazardTab, count_hazards, hazard_lines, narrowed
from campaigns.rules.hazards.import_columns import guess
from campaigns.rules.permissions import SYSTEM, Actor, Role
from campaigns.rules.states import HazardSource, HazardState
from campaigns.store.database import Database
from campaigns.store.hazards import Hazard
from campaigns.store.regions import Organisation

ENTERPRISES = 2_000
NOW = datetime(2023, 12, 1, 1, tzinfo=UTC)
PAGE = 50
LIST_GOAL, IMPORT_GOAL = 0.2, 20.0
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
    ("查不到", HazardTab.OPEN, HazardFilter("没有这样的"), "title LIKE '%没有这样的%' ORDER BY id DESC"),
)  # fmt: skip


def main(hazards: int = 500_000, rows: int = 10_000) -> None:
    """Measure on a fresh file and print ours beside raw, in alternating rounds."""
    with tempfile.TemporaryDirectory() as home:
        template = Path(home) / "template.sqlite3"
        leader = found(template, min(ENTERPRISES, max(hazards // 10, 20)))
        base = Database(f"sqlite:///{template}")
        with base.transaction() as session:
            officer = _officer(session, leader)
            _fill(session, hazards, leader)
        settle(base)
        _lists(template, leader, hazards)
        _import(template, Path(home) / "import.sqlite3", officer, rows)


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


def _lists(template: Path, leader: Actor, hazards: int) -> None:
    base, raw = Database(f"sqlite:///{template}"), sqlite3.connect(template)
    for words, tab, wanted, sql in _ASKED:
        statement = f"SELECT id, number, title, enterprise_id, state FROM hazard WHERE {sql} LIMIT {PAGE}"

        def ours(tab: HazardTab = tab, wanted: HazardFilter = wanted) -> float:
            with base.reading() as session:
                return seconds(lambda: _page(session, leader, tab, wanted))

        ratio = alternate(ours, lambda statement=statement: seconds(lambda: raw.execute(statement).fetchall()))  # type: ignore[misc]
        _say(f"the register's page of {hazards} hazards, {words}, with the counts of its tabs", *ratio, LIST_GOAL)
    base.dispose()


def _page(session: Session, actor: Actor, tab: HazardTab, wanted: HazardFilter) -> None:
    """Ask what the page asks."""
    wanted = narrowed(session, actor=actor, wanted=wanted)
    count_hazards(session, actor=actor, now=NOW, wanted=wanted)
    hazard_lines(session, actor=actor, now=NOW, tab=tab, wanted=wanted, limit=PAGE)


def _import(template: Path, to: Path, officer: Actor, rows: int) -> None:
    content, taken = _ledger(rows), []

    def ours() -> float:
        base = copied(template, to)
        taken.append(seconds(lambda: _imported(base, content, officer)))
        base.dispose()
        return taken[-1]

    def raw() -> float:
        connection = sqlite3.connect(":memory:")
        connection.execute("CREATE TABLE hazard (a, b, c, d, e, f)")
        return seconds(lambda: connection.executemany("INSERT INTO hazard VALUES (?, ?, ?, ?, ?, ?)", _bare(content)))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _say(f"import of {rows} ledger rows, read, looked at and registered", *alternate(ours, raw), IMPORT_GOAL)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"import of {rows} ledger rows: the process grew by {grown:.0f} MB", flush=True)


def _imported(base: Database, content: bytes, officer: Actor) -> None:
    """Do what the wizard does: read, look, read again, import."""
    layout = read_layout(content)
    sheet = as_sheet(layout, {name: get_column_letter(at + 1) for name, at in guess(layout.headings).items()})
    asked: dict[str, Any] = {"sheet": sheet, "sha256": "0" * 64, "year": 2023, "chosen": {}, "by": officer, "now": NOW}
    with base.reading() as session:
        shown = plan_import(session, **asked).fingerprint
    with base.transaction() as session:
        import_hazards(session, shown=shown, **asked)


def _ledger(rows: int) -> bytes:
    output = BytesIO()
    with xlsxwriter.Workbook(output) as book:
        page = book.add_worksheet("总台账")
        page.write_row(0, 0, ["2023年隐患总台账"])
        page.write_row(1, 0, ["单位名称", "检查日期", "检查类型", "存在的问题", "隐患级别", "整改完成情况"])
        for n in range(rows):
            what = f"台账第{n}项{_WHAT[n % len(_WHAT)]}"
            page.write_row(
                n + 2, 0, [f"企业{FIRST + n % 20}", f"2023.{n % 6 + 1}.{n % 27 + 1}", "执法检查", what, "一般", "√"]
            )
    return output.getvalue()


def _bare(content: bytes) -> Iterator[list[Any]]:
    yield from CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[2:]


def _say(what: str, ours: float, raw: float, most: float) -> None:
    """Print one figure with its bound in seconds, and the ratio to raw beside it."""
    verdict = "ok" if ours <= most else "MISSED"
    print(f"{what}: {ours:.3f} s (goal ≤ {most:g} s) {verdict}, raw {raw:.3f} s, ratio {ours / raw:.1f}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
