"""The benchmarks run and tell a ratio; whether the goal is met is for `make bench` on a quiet machine."""

import pytest

from benchmarks import cells, hazards, launch, preview, progress, rollup, spreadsheet, submission, sweep, worklist
from benchmarks import compile as compiling
from benchmarks.stages import STAGES
from tests.benchmarks.serving import served


def test_the_launch_is_measured_beside_raw_sql(capsys: pytest.CaptureFixture[str]) -> None:
    launch.main(20)
    assert "launch of 20 enterprises × 25 duties" in capsys.readouterr().out


def test_the_preview_with_its_burden_is_measured_beside_raw_sql(capsys: pytest.CaptureFixture[str]) -> None:
    preview.main(20)
    assert "preview of 20 enterprises × 25 duties beside 25 running" in capsys.readouterr().out


def test_the_sweep_is_measured_and_its_second_run_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    sweep.main(20)
    told = capsys.readouterr().out
    assert "daily sweep over 500 open tasks" in told
    assert "again, writing nothing" in told


def test_the_compile_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    compiling.main(rounds=1)
    assert "compile of hazard-2023" in capsys.readouterr().out


@pytest.mark.parametrize("stage", STAGES)
def test_the_roll_up_is_measured_beside_raw_sql(capsys: pytest.CaptureFixture[str], stage: str) -> None:
    rollup.main(12, 60, [stage], rounds=1)
    told = capsys.readouterr().out
    assert f"{stage}: one month's roll-up of 12 counties × 41" in told
    assert "after one change" in told


def test_opening_cells_is_measured_beside_raw_sql(capsys: pytest.CaptureFixture[str]) -> None:
    cells.main(12, 60, ["SQLite"], openings=5)
    told = capsys.readouterr().out
    assert told.count("ms p95, ") == 4
    assert "a sealed cell of a province" in told


def test_a_workbook_is_measured_with_its_memory(capsys: pytest.CaptureFixture[str]) -> None:
    spreadsheet.main(500, rounds=1)
    told = capsys.readouterr().out
    assert "an xlsx of 500 rows" in told
    assert "peak memory" in told


def test_a_provinces_pages_are_measured_beside_raw_sql(capsys: pytest.CaptureFixture[str]) -> None:
    progress.main(12, 60)
    told = capsys.readouterr().out
    assert "a province's pages of 12 counties" in told
    assert "progress: " in told
    assert "raw SQL of progress" in told


def test_the_register_is_measured_beside_raw_sql_and_so_is_an_import(capsys: pytest.CaptureFixture[str]) -> None:
    hazards.main(400, 40, rounds=1)
    told = capsys.readouterr().out
    assert "the register's page of 400 hazards, 查不到" in told
    assert "import of 40 ledger rows" in told
    assert "peak memory" in told


def test_the_worklist_page_is_measured_beside_a_bare_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "server", served)
    worklist.main(2, times=1)
    assert "worklist page at 50 tasks" in capsys.readouterr().out


def test_submissions_with_photos_are_all_taken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submission, "server", served)
    submission.main(0.1, rate=10, sides=(640, 480), size=60_000)
    told = capsys.readouterr().out
    assert "submission with three photos, 1 of ours, 10/s" in told
    assert told.count(", 0 wrong (both share") >= 2
    assert "after the receipt: " in told
