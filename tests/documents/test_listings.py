"""Listings as files: nothing in them is a formula, and a long one needs no more memory than a short one."""

import csv
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import openpyxl
import pytest

from campaigns.documents.listings import csv_pieces, write_workbook

TYPED = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1+1", "\n=1", "正常", "0371"]


@pytest.mark.parametrize("typed", TYPED)
def test_no_cell_of_a_csv_begins_a_formula(typed: str) -> None:
    text = b"".join(csv_pieces(["甲"], [[typed]])).decode("utf-8-sig")
    cell = list(csv.reader(StringIO(text)))[1][0]
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝"))
    assert cell.endswith(typed)


@pytest.mark.parametrize("typed", TYPED)
def test_no_cell_of_a_workbook_is_a_formula_or_loses_its_digits(typed: str, tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", "表", ["甲"], [[typed]])
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx").active["A2"]  # type: ignore[index]
    assert (cell.data_type, cell.value) == ("s", typed)


def test_dates_instants_and_truth_are_written_for_people() -> None:
    row = [date(2023, 5, 31), datetime(2023, 5, 31, 9, tzinfo=UTC), True, False, None, 41]
    text = b"".join(csv_pieces(["a"] * 6, [row])).decode("utf-8-sig")
    assert text.splitlines()[1] == "2023-05-31,2023-05-31 17:00:00,是,否,,41"


def test_a_minus_before_a_number_is_no_formula() -> None:
    assert b"".join(csv_pieces(["调整", "原因"], [[-0.5, "-0.5"]])).decode() == "\ufeff调整,原因\r\n-0.5,'-0.5\r\n"


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def rows(count: int) -> Iterator[list[object]]:
        return ([number, f"单位{number}", "任务", True, None] for number in range(count))

    def peak(count: int) -> int:
        tracemalloc.start()
        write_workbook(tmp_path / "a.xlsx", "表", ["甲"] * 5, rows(count))
        for _ in csv_pieces(["甲"] * 5, rows(count)):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)  # the library's own tables are read once
    assert peak(8_000) < peak(1_000) * 1.5
