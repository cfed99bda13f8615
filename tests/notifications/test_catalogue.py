"""Every kind of event that the source records is told to somebody, or stands among the silent with its reason."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from sqlmodel import Session

import campaigns
from campaigns.rules.states import ProposalState
from campaigns.store.database import Database
from notifications.catalogue import CATALOGUE, SILENT, Entry
from notifications.facts import QUESTIONS, SAID

ROOT = Path(campaigns.__file__).parent.parent
KIND = re.compile(r"[a-z_]+\.[a-z_]+")
ABOUT = {
    "request": "task",
    "objection": "task",
    "roster": "campaign",
    "enterprise": "organisation",
    "enterprise.transferred": "supervision",
}
"""The table an event is about, by its kind or the first word of it, where that word is not the table itself."""


def recorded_kinds() -> dict[str, str]:
    """Return every constant like `task.accepted` that is passed to a function which records, with the file it is in."""
    files = [*(ROOT / "campaigns" / "actions").rglob("*.py"), *(ROOT / "notifications").rglob("*.py")]
    return {kind: str(path) for path in files for kind in _kinds(ast.parse(path.read_text()))}


def _kinds(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func).lstrip("_") in RECORDERS:
            for argument in node.args:
                yield from (part.value for part in ast.walk(argument) if _is_kind(part))


RECORDERS = frozenset({"record", "note", "move"})
"""The functions that append an event; wrappers around `record` take the kind as a positional argument too."""


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def test_a_kind_made_from_a_state_has_every_state_in_the_catalogue() -> None:
    files = (ROOT / "campaigns" / "actions").rglob("*.py")
    made = {noun for path in files for noun in re.findall(r'f"([a-z_]+)\.\{', path.read_text())}
    assert made == {"proposal"}
    told = CATALOGUE.keys() | SILENT.keys()
    assert {f"proposal.{state}" for state in ProposalState if state is not ProposalState.DRAFTED} <= told


def _is_kind(part: ast.AST) -> bool:
    return isinstance(part, ast.Constant) and isinstance(part.value, str) and bool(KIND.fullmatch(part.value))


def test_every_recorded_kind_is_told_or_silent_with_a_reason() -> None:
    missing = {kind: path for kind, path in recorded_kinds().items() if kind not in CATALOGUE and kind not in SILENT}
    assert not missing
    assert not CATALOGUE.keys() & SILENT.keys()
    assert all(SILENT.values())


def test_the_search_for_kinds_finds_what_is_known_to_be_recorded() -> None:
    assert {"account.opened", "enterprise.closed", "delivery.failed", "calendar.day_set"} <= recorded_kinds().keys()


@pytest.mark.parametrize(("kind", "entry"), [(kind, entry) for kind, entries in CATALOGUE.items() for entry in entries])
def test_every_blank_of_a_template_is_a_fact_of_its_thing(kind: str, entry: Entry, database: Database) -> None:
    noun = kind.split(".", maxsplit=1)[0]
    with database.reading() as session:
        known = _columns(session, ABOUT.get(kind) or ABOUT.get(noun, noun)) | SAID.get(kind, frozenset())
    blanks = {name for text in (entry.title, entry.body, entry.link) for _, name, *_ in Formatter().parse(text) if name}
    assert blanks | {entry.to} <= known
    assert entry.roles, "somebody must be able to act on it"


def _columns(session: Session, subject: str) -> set[str]:
    return set(session.execute(QUESTIONS[subject]([0])).keys())
