"""The console on campaign files: one line per mistake, the expander that launch uses, and no wait for Prefect."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from campaigns.definition import library
from campaigns.errors import Invalid, NotFound
from campaigns.rules.dates.planning import expand
from flows.cli.definitions import check, schema, simulate

Read = Callable[[], str]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Read:
    return lambda: capsys.readouterr().out


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.yaml"
    path.write_text(library.template_text("hazard-2023") + "\n频率: 每月1次\n", encoding="utf-8")
    return path


def _simulated(printed: Read, template: str, *pairs: str, start: str = "") -> dict[str, Any]:
    simulate(template, set_=pairs, start=start, json_=True)
    data: dict[str, Any] = json.loads(printed())
    return data


def test_every_shipped_campaign_passes_in_silence(printed: Read, tmp_path: Path) -> None:
    for name in library.template_ids():
        (tmp_path / f"{name}.yaml").write_text(library.template_text(name), encoding="utf-8")
    check(sorted(tmp_path.iterdir()))
    assert printed() == ""


def test_a_mistake_is_told_with_file_line_and_column_and_the_exit_code_is_one(printed: Read, wrong: Path) -> None:
    with pytest.raises(SystemExit, match="1"):
        check([wrong])
    (line,) = printed().splitlines()
    path, row, column, sentence = line.split(":", maxsplit=3)
    written = wrong.read_text(encoding="utf-8").splitlines()[int(row) - 1]
    assert path == str(wrong)
    assert written[int(column) - 1 :].startswith("频率")
    assert "不认识“频率”" in sentence


def test_all_files_are_read_after_one_that_failed(printed: Read, wrong: Path, tmp_path: Path) -> None:
    (tmp_path / "gbk.yaml").write_bytes("语法: rectify/v1".encode("gbk"))
    with pytest.raises(SystemExit):
        check([tmp_path / "nowhere.yaml", wrong, tmp_path / "gbk.yaml"])
    lines = printed().splitlines()
    assert len(lines) == 3
    assert "没有文件" in lines[0]
    assert "请另存为 UTF-8" in lines[2]


def test_a_simulation_is_the_plan_that_launch_would_use(printed: Read) -> None:
    data = _simulated(printed, "hazard-2023")
    plan = expand(library.template("hazard-2023"))
    told = [
        (line["duty"], line["period"], line["seq"], date.fromisoformat(line["due"])) for line in data["occurrences"]
    ]
    assert told == [(one.duty, one.period, one.seq, one.due_on) for one in plan.occurrences]
    assert data["warnings"] == list(plan.warnings)
    assert set(data["occurrences"][0]) == {"duty", "title", "period", "seq", "due", "nominal", "stage", "audience"}


def test_messages_are_counted_on_days_of_the_campaign_and_at_most_once_per_audience(printed: Read) -> None:
    data = _simulated(printed, "hazard-2023")
    audiences = {line["audience"] for line in data["occurrences"]}
    assert data["messages_per_day"]
    assert min(data["messages_per_day"]) >= "2023-05-01"
    assert max(data["messages_per_day"].values()) <= len(audiences)


def test_the_start_moves_a_campaign_that_counts_from_its_launch(printed: Read) -> None:
    data = _simulated(printed, "hundred-days", start="2026-11-22")
    assert max(line["due"] for line in data["occurrences"]) <= "2027-03-01"  # day 100 is the start plus 99


def test_a_parameter_changes_the_dates(printed: Read) -> None:
    plain = _simulated(printed, "hazard-2023")["occurrences"]
    earlier = _simulated(printed, "hazard-2023", "报送日=22")["occurrences"]
    assert [line["due"] for line in plain] != [line["due"] for line in earlier]


def test_people_read_stages_work_messages_and_remarks(printed: Read) -> None:
    simulate("hazard-2023")
    lines = printed().splitlines()
    assert lines[0].endswith("2023年5月1日至2023年12月31日")
    assert any(line.startswith("共 ") for line in lines)
    assert any(line.startswith("消息：") for line in lines)


def test_an_unknown_template_names_those_that_exist() -> None:
    with pytest.raises(NotFound, match="没有叫“hazard-2024”的模板") as refused:
        simulate("hazard-2024")
    assert "hazard-2023" in refused.value.advice


def test_a_parameter_without_a_value_and_a_wrong_date_are_refused() -> None:
    with pytest.raises(Invalid, match="看不懂“--set 报送日”"):
        simulate("hazard-2023", set_=("报送日",))
    with pytest.raises(Invalid, match="看不懂启动日期“明天”"):
        simulate("hazard-2023", start="明天")


def test_the_schema_is_json_with_the_languages_own_keys(printed: Read) -> None:
    schema()
    assert "语法" in json.loads(printed())["properties"]


def test_checking_a_file_imports_neither_prefect_nor_the_database() -> None:
    code = (
        "import sys, flows.cli.definitions; print([n for n in ('prefect', 'sqlalchemy', 'psutil') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_console_refuses_in_plain_words_with_exit_code_one() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "flows.cli", "simulate", "hazard-2024"], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("没有叫“hazard-2024”的模板")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_every_command_and_no_other(name: str) -> None:
    from flows.cli import COMMANDS

    readme = (Path(__file__).parents[3] / name).read_text(encoding="utf-8")
    named = {
        line.split("`rectify ")[1].split("`")[0].split()[0] for line in readme.splitlines() if "| `rectify " in line
    }
    assert named == set(COMMANDS)


def test_both_readmes_have_the_same_glossary() -> None:
    english, chinese = (
        (Path(__file__).parents[3] / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")
    )
    glossary = english.split("## Glossary\n\n")[1].split("\n\n")[0]
    assert glossary in chinese
