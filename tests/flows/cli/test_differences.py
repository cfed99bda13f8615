"""The console compares definitions by meaning, and tells what a changed one would do to a campaign under way."""

import subprocess
import sys
from pathlib import Path

import pytest

from campaigns.definition.library import template_text
from flows.cli.differences import diff
from tests.campaigns import launched
from tests.flows.cli.test_campaigns import rectify
from tests.people import Cast

SOURCE = template_text("hazard-2023")
EARLIER = SOURCE.replace("截止: 2023年11月底", "截止: 2023年10月底", 1)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    path = tmp_path / "changed.yaml"
    path.write_text(EARLIER, encoding="utf-8")
    return path


def test_comments_are_no_difference_and_the_exit_code_is_zero(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "same.yaml"
    path.write_text("# 新的说明\n" + SOURCE, encoding="utf-8")
    diff("hazard-2023", str(path))
    assert capsys.readouterr().out == "没有不同。\n"


def test_a_difference_is_a_sentence_and_exit_code_one(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"):
        diff("hazard-2023", str(changed))
    (line,) = capsys.readouterr().out.splitlines()
    assert line == "阶段精准执法“部门精准执法”：“截止”由“2023年11月底”改为“2023年10月底”"


def test_what_cannot_be_compared_is_told_with_exit_code_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(SOURCE + "\n频率: 每月1次\n", encoding="utf-8")
    for name, sentence in (("nowhere.yaml", "没有叫“nowhere.yaml”的模板"), (str(broken), "不认识“频率”")):
        with pytest.raises(SystemExit, match="2"):
            diff("hazard-2023", name)
        assert sentence in capsys.readouterr().err


def test_comparing_files_imports_no_database(changed: Path) -> None:
    code = f"""
import sys
from flows.cli.differences import diff
try:
    diff("hazard-2023", {str(changed)!r})
finally:
    print([name for name in ("prefect", "sqlalchemy") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout.splitlines()[-1] == "[]"


def test_a_running_campaign_is_named_by_its_number(cast: Cast, changed: Path) -> None:
    campaign = launched(cast)
    same = rectify(cast, "diff", str(campaign.id), "hazard-2023")
    assert same.returncode == 0, same.stdout + same.stderr
    kept, nothing = same.stdout.splitlines()
    assert kept.startswith("保持：")
    assert nothing == "没有不同。"
    said = rectify(cast, "diff", str(campaign.id), str(changed))
    assert said.returncode == 1, said.stderr
    assert "\n改期：" in said.stdout
    assert "：截止由2023年11月30日改为2023年10月31日\n" in said.stdout


def test_a_campaign_that_is_not_there_is_not_compared(cast: Cast) -> None:
    said = rectify(cast, "diff", "99", "hazard-2023")
    assert (said.returncode, said.stdout) == (2, "")
    assert "没有编号为99的行动" in said.stderr
