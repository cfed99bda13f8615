"""Every mistake in its own file, with the exact sentence a clerk reads: the last lines say `# 应报 行:列: 句子`."""

from pathlib import Path

import pytest

from campaigns.definition.load import review

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
EXPECTED = "# 应报 "


def expected(text: str) -> list[str]:
    return [line.removeprefix(EXPECTED) for line in text.splitlines() if line.startswith(EXPECTED)]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_is_refused_with_exactly_these_sentences(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = review(text)
    assert [str(error) for error in found.errors] == expected(text)
    assert expected(text)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_nothing_of_a_bad_file_is_half_loaded(path: Path) -> None:
    assert review(path.read_text(encoding="utf-8")).definition is None


def test_no_sentence_shows_a_python_word() -> None:
    sentences = [line for path in BAD for line in expected(path.read_text(encoding="utf-8"))]
    machine = ("None", "Error", "str", "int ", "dict", "tuple", "type", "input", "field", "Traceback")
    assert [s for s in sentences if any(word in s for word in machine)] == []
