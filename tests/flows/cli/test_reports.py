"""The console prints a table and saves it as Excel."""

import os
import subprocess
import sys
from pathlib import Path

from openpyxl import load_workbook

from campaigns.actions.reporting.reports import open_period
from tests.monthly import MAY, TABLE, Register, instant_of, reporting
from tests.people import Cast


def rectify(cast: Cast, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *words],
        env={**os.environ, "RECTIFY_DATABASE_URL": cast.database.url},
        capture_output=True,
        text=True,
        check=False,
    )


def opened(cast: Cast) -> str:
    with cast.database.transaction() as session:
        campaign = reporting(session, cast)
        register = Register(session, campaign, cast.officer.person_id or 0)
        register.hazard(cast.pond, cast.bureau, instant_of(5, 10))
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 20))
        return str(campaign.id)


def test_a_table_is_printed_and_saved_as_the_paper_has_it(cast: Cast, tmp_path: Path) -> None:
    campaign = opened(cast)
    printed = rectify(cast, "report", campaign, MAY, "--organisation", cast.bureau.name)
    assert printed.returncode == 0, printed.stderr
    assert "企业自查发现的重大事故隐患（个）  1" in printed.stdout
    path = tmp_path / "table.xlsx"
    saved = rectify(cast, "report", campaign, MAY, "--organisation", cast.bureau.name, "--xlsx", str(path))
    assert saved.returncode == 0, saved.stderr
    sheet = load_workbook(path).active
    assert sheet is not None
    assert (sheet.max_row, sheet.max_column) == (19, 7), "two heading lines and the paper's 17 rows × 7 columns"


def test_an_unknown_period_is_refused_with_what_to_write(cast: Cast) -> None:
    refused = rectify(cast, "report", opened(cast), "2023-13")
    assert refused.returncode == 1
    assert "请核对期次，例如 2023-05。" in refused.stderr


def asked_of(url: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", "report", "1", "2023-05"],
        env={**os.environ, "RECTIFY_DATABASE_URL": url, "RECTIFY_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_home_without_an_installation_is_told_and_left_empty(tmp_path: Path) -> None:
    asked = asked_of("", tmp_path)
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr.startswith(f"数据目录{tmp_path}里还没有系统的数据。")
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_does_not_answer_is_told_in_sentences(tmp_path: Path) -> None:
    asked = asked_of(f"postgresql+psycopg://rectify@/rectify?host={tmp_path}", tmp_path)
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr.startswith("连不上环境变量 RECTIFY_DATABASE_URL 指的数据库。")
