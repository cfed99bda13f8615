"""An old ledger's import as the wizard does it, into a register that is large already: seconds, and memory that stays flat.

Each run is a process of its own on a fresh copy, and so is a tenth of the rows: memory that is flat does not grow with them. Raw
is the same rows read and inserted bare.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from benchmarks.measuring import ROUNDS, alternate, peak_memory, seconds
from benchmarks.register import FIRST, copied
from campaigns.actions.directory.people import actor_for
from campaigns.actions.hazards.import_plan import plan_import
from campaigns.actions.hazards.importing import import_hazards
from campaigns.documents.hazard_workbook import as_sheet, read_layout
from campaigns.rules.hazards.import_columns import guess
from campaigns.rules.permissions import Actor
from campaigns.store.database import Database

NOW = datetime(2023, 12, 1, 1, tzinfo=UTC)
GOAL_SECONDS, FLAT_MB = 20.0, 20.0
"""How long the whole may take, and how much more memory than a tenth of it."""
_WHAT = ("排洪斜槽盖板破损", "干滩长度不足", "警示牌缺失", "灭火器过期", "坝体渗漏", "护栏缺失", "电缆破皮", "通风不良")


def measure_import(template: Path, officer: Actor, folder: Path, rows: int, *, rounds: int = ROUNDS) -> None:
    """Measure and print."""
    peaks: dict[int, list[float]] = {rows // 10: [], rows: []}
    for size in peaks:
        (folder / f"{size}.xlsx").write_bytes(_ledger(size))

    def ours(size: int) -> float:
        copied(template, folder / "import.sqlite3").dispose()
        what = (str(folder / "import.sqlite3"), str(folder / f"{size}.xlsx"), str(officer.person_id))
        command = [sys.executable, "-m", "benchmarks.hazard_import", *what]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        taken, peak, registered = run.stdout.split()
        assert int(registered) == size, f"only {registered} rows were registered"
        peaks[size].append(float(peak))
        return float(taken)

    _, taken, raw = alternate(
        lambda: ours(rows // 10), lambda: ours(rows), lambda: _raw(folder / f"{rows}.xlsx"), rounds=rounds
    )
    verdict = "ok" if taken <= GOAL_SECONDS else "MISSED"
    words = f"import of {rows} ledger rows, read, looked at and registered"
    print(f"{words}: {taken:.1f} s (goal ≤ {GOAL_SECONDS:g} s) {verdict}, raw {raw:.2f} s, ratio {taken / raw:.0f}")
    small, large = (sorted(some)[len(some) // 2] for some in peaks.values())
    flat = "ok" if large - small <= FLAT_MB else "MISSED"
    print(f"  peak memory: {large:.0f} MB, {small:.0f} MB for a tenth (goal ≤ {FLAT_MB:g} MB more) {flat}", flush=True)


def _raw(ledger: Path) -> float:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE hazard (a, b, c, d, e, f)")
    insert = "INSERT INTO hazard VALUES (?, ?, ?, ?, ?, ?)"
    return seconds(lambda: connection.executemany(insert, _bare(ledger.read_bytes())))


def _bare(content: bytes) -> Iterator[list[Any]]:
    yield from CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[2:]


def _import(path: str, ledger: str, person_id: str) -> None:
    """Do what the wizard does: read, look, read again, import; print seconds, the peak memory in MB, and rows registered."""
    base, registered = Database(f"sqlite:///{path}"), 0
    content = Path(ledger).read_bytes()

    def look() -> str:
        with base.reading() as session:
            return plan_import(session, **_asked(content), by=actor_for(session, int(person_id))).fingerprint

    def work() -> None:
        nonlocal registered
        shown = look()
        with base.transaction() as session:
            by = actor_for(session, int(person_id))
            registered = len(import_hazards(session, shown=shown, **_asked(content), by=by).rows)

    print(seconds(work), peak_memory(), registered)


def _asked(content: bytes) -> dict[str, Any]:
    layout = read_layout(content)
    sheet = as_sheet(layout, {name: get_column_letter(at + 1) for name, at in guess(layout.headings).items()})
    return {"sheet": sheet, "sha256": "0" * 64, "year": 2023, "chosen": {}, "now": NOW}


def _ledger(rows: int) -> bytes:
    output = BytesIO()
    with xlsxwriter.Workbook(output) as book:
        page = book.add_worksheet("总台账")
        page.write_row(0, 0, ["2023年隐患总台账"])
        page.write_row(1, 0, ["单位名称", "检查日期", "检查类型", "存在的问题", "隐患级别", "整改完成情况"])
        for n in range(rows):
            what = f"台账第{n}项{_WHAT[n % len(_WHAT)]}"
            day = f"2023.{n % 6 + 1}.{n % 27 + 1}"
            page.write_row(n + 2, 0, [f"企业{FIRST + n % 20}", day, "执法检查", what, "一般", "√"])
    return output.getvalue()


if __name__ == "__main__":
    _import(*sys.argv[1:])
