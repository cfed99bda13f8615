"""How the console answers a command line that is wrong: once, in Chinese, with exit code 2 for misuse and 1 for a refusal."""

from pathlib import Path

import pytest

from flows import cli
from flows.cli.console import speaking


def told(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    with pytest.raises(SystemExit) as left, speaking():
        cli.app(list(words), exit_on_error=False, print_error=False)
    assert isinstance(left.value.code, int)
    said = capsys.readouterr()
    return left.value.code, (said.out + said.err).splitlines()


@pytest.mark.parametrize(
    ("line", "sentence", "command"),
    [
        ("tick --at foo", "看不懂“--at”的内容“foo”。", "tick"),
        ("launch hazard-2023 --as", "“--as”后面没有写内容。", "launch"),
        ("launch hazard-2023", "没有写“--as”。", "launch"),
        ("diff hazard-2023", "没有写“NEW”。", "diff"),
        ("simulate hazard-2023 --nope 3", "没有“--nope”这个选项。", "simulate"),
        ("simulate hazard-2023 extra", "多写了“extra”。", "simulate"),
        ("tick --at 2023-05-05 --at 2023-05-06", "“--at”写了两次。", "tick"),
        ("nothing", "没有“nothing”这个命令。", ""),
    ],
)
def test_what_no_command_understands_is_told_in_chinese(
    line: str, sentence: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = " ".join(word for word in ("用法见：rectify", command, "--help") if word)
    assert told(*line.split(), capsys=capsys) == (2, [sentence, usage])


@pytest.mark.parametrize("command", ["", *cli.COMMANDS])
def test_help_is_chinese_down_to_cyclopts_own_words(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli.app.help_print([command] if command else [])
    said = capsys.readouterr().out
    assert said.startswith("用法：rectify")
    own = "Usage|Commands|Parameters|Arguments|OPTIONS|COMMAND|ARGS|required|default|choices|STR|PATH|DATETIME"
    assert [word for word in own.split("|") if word in said] == []


def test_help_says_what_must_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    cli.app.help_print(["launch"])
    said = capsys.readouterr().out
    assert said.startswith("用法：rectify launch --as 文字 [选项] TEMPLATE")
    assert "登录名。 （必填）" in said
    assert said.count("（必填）") == 2


def test_a_refused_parameter_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = told("simulate", "hazard-2023", "--set", "报送日=29", capsys=capsys)
    assert code == 1
    assert sum("不能大于28" in line for line in lines) == 1


@pytest.mark.parametrize("command", ["check", "simulate", "verify-receipt"])
def test_a_folder_in_place_of_a_file_is_called_one(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = told(command, str(tmp_path), capsys=capsys)
    assert (code, len(lines)) == (1, 1)
    assert lines[0].endswith("：这是一个文件夹。")
