"""Tests about the repository itself: streets, sizes, the one place that commits, the one place that asks the clock."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("campaigns", "notifications", "flows", "api")
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LONGEST_TEMPLATE = 120
CLOCK_DOORS = ("campaigns/clock.py",)


def sources() -> list[Path]:
    return [
        path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations/versions" not in path.as_posix()
    ]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_imports_keep_to_the_streets() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", sources(), ids=name)
def test_no_file_is_longer_than_a_reader_would_like(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", sources(), ids=name)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    long = [
        f"{node.name} ({(node.end_lineno or 0) - node.lineno + 1})"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_page_template_is_longer_than_a_reader_would_like() -> None:
    long = [
        name(path)
        for path in sorted((ROOT / "api" / "templates").rglob("*.html"))
        if "parts" not in path.parts and len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_TEMPLATE
    ]
    assert long == []


def test_only_the_database_commits() -> None:
    callers = [name(path) for path in sources() if ".commit(" in path.read_text(encoding="utf-8")]
    assert callers == ["campaigns/store/database.py"]


def test_only_the_clock_asks_for_the_time() -> None:
    asked = [
        f"{name(path)}:{node.lineno}"
        for path in sources()
        if name(path) not in CLOCK_DOORS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "today", "utcnow"}
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "clock")
    ]
    assert asked == []


def test_the_domain_never_asks_the_clock() -> None:
    askers = [
        name(path)
        for path in sources()
        if name(path).startswith("campaigns/")
        and name(path) not in CLOCK_DOORS
        and "clock.now" in path.read_text(encoding="utf-8")
    ]
    assert askers == []


def test_yaml_has_one_door() -> None:
    readers = [name(path) for path in sources() if "ruamel" in path.read_text(encoding="utf-8")]
    assert [reader for reader in readers if not reader.startswith("campaigns/definition/")] == []


def test_nothing_swallows_an_error_in_silence() -> None:
    silent = [
        f"{name(path)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and all(isinstance(step, ast.Pass) for step in node.body)
    ]
    assert silent == []


def test_no_name_hides_what_it_holds() -> None:
    vague = [name(p) for p in sources() if p.stem in {"utils", "helpers", "manager", "common", "misc", "base"}]
    assert vague == []


def test_every_public_definition_says_what_it_is_for() -> None:
    bare = [
        f"{name(path)}:{node.name}"
        for path in sources()
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert bare == []


def test_tests_are_neither_skipped_nor_expected_to_fail() -> None:
    marked = [
        name(path)
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"skip", "skipif", "xfail"}
    ]
    assert marked == []


ISO_STANDS = {
    "api/pages/campaign/documents.py": "a file's name, which sorts",
    "campaigns/documents/calendar.py": "iCalendar",
}


def _bare_date(value: ast.FormattedValue) -> bool:
    text = ast.unparse(value.value)
    form = ast.unparse(value.format_spec) if value.format_spec else ""
    named = text.rpartition(".")[2]
    return ".isoformat(" in text or "%m" in form or (not form and (named.endswith("_on") or named == "today"))


def test_people_read_dates_in_one_way() -> None:
    """A sentence says a day through campaigns.date_words, never as 2027-06-30."""
    bare = [
        f"{name(path)}:{sentence.lineno}"
        for path in sources()
        if name(path) not in ISO_STANDS
        for sentence in ast.walk(tree(path))
        if isinstance(sentence, ast.JoinedStr)
        and any(isinstance(part, ast.Constant) and not str(part.value).isascii() for part in sentence.values)
        if any(isinstance(part, ast.FormattedValue) and _bare_date(part) for part in sentence.values)
    ]
    assert bare == []
