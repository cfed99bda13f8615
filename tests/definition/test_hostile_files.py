"""Hostile YAML is refused in a second and in little memory, in a process that is limited and measured."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS, MEGABYTES = 1.0, 256

BOMBS = {
    "merge keys": "m: &m {a: 1}\nx: {<<: [" + "*m," * 100_000 + "*m]}",
    "aliases": "a: &a [x,x]\n"
    + "".join(f"{c}: &{c} [*{b},*{b}]\n" for b, c in zip("abcdefgh", "bcdefghi", strict=True)),
    "a megabyte of keys": "\n".join(f"k{n}: v" for n in range(80_000)),
    "two megabytes": "# " + "x" * 2_000_000,
    "open brackets": "[" * 500_000,
    "open braces": "{a: " * 200_000,
    "question marks": "? " * 400_000,
    "dashes": "- " * 400_000,
    "a python object": "语法: !!python/object/apply:os.system ['true']",
    "a megabyte in one key": "a" * 900_000 + ": 1",
    "a megabyte of quotes": '"' * 900_000,
    "a megabyte of percent signs": "%" * 900_000,
    "unfinished anchors": "&a " * 300_000,
    "a megabyte of colons": ":" * 900_000,
    "a megabyte of full-width colons": "语法：\n" * 200_000,
    "nul characters": "\x00" * 1000,
    "a lone surrogate": "语法: \ud800",
    "a megabyte of tabs": "\t" * 900_000,
    "one condition of a megabyte": "语法: rectify/v1\n行动: {编号: a, 名称: b, 发文单位: c, 起止: 2023年1月 至 2月}\n"
    "阶段:\n  - 编号: x\n    截止: 2023年1月底\n    完成条件: " + "(" * 900_000,
    "one date of a megabyte": "语法: rectify/v1\n行动: {编号: a, 名称: b, 发文单位: c, 起止: 2023年1月 至 2月}\n"
    "阶段:\n  - 编号: x\n    截止: " + "1" * 900_000,
    "fourteen thousand unknown keys": "语法: rectify/v1\n" + "\n".join(f"键{n}: v" for n in range(14_000)),
}

PROBE = """
import json, sys, time
from pathlib import Path
from campaigns.definition.load import load
from campaigns.definition.mistakes import DefinitionErrors
for name, text in json.load(sys.stdin).items():
    before = time.process_time()
    try:
        load(text)
        sentence = ""
    except DefinitionErrors as refused:
        sentence = refused.errors[0].sentence
    # VmHWM is this program's own; ru_maxrss would still hold what the test runner had before the exec.
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
    print(json.dumps([name, sentence, time.process_time() - before, peak]), flush=True)
"""


@pytest.fixture(scope="module")
def verdicts() -> dict[str, tuple[str, float, int]]:
    """One limited process reads every bomb after the other and lives to tell."""
    command = [sys.executable, "-c", f"import resource; resource.setrlimit(resource.RLIMIT_CPU, (60, 60))\n{PROBE}"]
    run = subprocess.run(command, input=json.dumps(BOMBS), cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return {name: (sentence, seconds, megabytes) for name, sentence, seconds, megabytes in lines}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_fast_and_small_in_chinese(name: str, verdicts: dict[str, tuple[str, float, int]]) -> None:
    sentence, seconds, megabytes = verdicts[name]
    assert any("一" <= letter <= "鿿" for letter in sentence)
    assert seconds <= SECONDS
    assert megabytes <= MEGABYTES
