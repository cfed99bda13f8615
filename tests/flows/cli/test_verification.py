"""`rectify verify` at the console: silent success, or the row, what to do, and exit code 1."""

from pathlib import Path

from sqlalchemy import update
from sqlmodel import col

from campaigns.queries.verify import INVARIANTS
from campaigns.store.ledger import Event
from tests.flows.cli.test_campaigns import rectify
from tests.people import Cast


def test_the_documentation_explains_every_line() -> None:
    text = (Path(__file__).parents[3] / "docs" / "promises.md").read_text(encoding="utf-8")
    explained = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| I")]
    assert sorted(explained) == sorted(invariant.code for invariant in INVARIANTS)


def test_an_honest_record_passes_and_tells_its_head(cast: Cast) -> None:
    assert rectify(cast, "tick").returncode == 0
    passed = rectify(cast, "verify")
    assert passed.returncode == 0, passed.stdout
    assert "× " not in passed.stdout
    head = passed.stdout.split("链头 ")[1][:64]
    assert rectify(cast, "verify", "--head", head).returncode == 0


def test_a_changed_record_fails_with_the_row_and_what_to_do(cast: Cast) -> None:
    with cast.database.transaction() as session:
        session.execute(update(Event).where(col(Event.id) == 3).values(kind="nothing"))
    failed = rectify(cast, "verify", "--head", "0" * 64)
    assert failed.returncode == 1
    assert "第3条办理记录" in failed.stdout
    assert "链上找不到您抄存的链头000000000000" in failed.stdout
    assert "怎么办：请停止写入" in failed.stdout
