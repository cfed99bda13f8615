"""Statements with a conflict clause are compiled once, and never taken for one another."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Boolean, Column, MetaData, String, Table, event, literal, select
from sqlmodel import col

from campaigns.store.database import Database, upsert_into
from campaigns.store.ledger import Heartbeat
from tests.people import FOUNDED

COLUMNS = ["name", "at", "detail"]


def _row(name: str, detail: str) -> object:
    return select(literal(name), literal(FOUNDED, Heartbeat.__table__.c.at.type), literal(detail))  # type: ignore[attr-defined]


@pytest.fixture
def misses(either_database: Database) -> Iterator[list[str]]:
    """Return how SQLAlchemy's cache of statements met each execution."""
    met: list[str] = []

    def note(conn: object, cursor: object, statement: str, parameters: object, context: object, many: bool) -> None:
        met.append(context.cache_hit.name)  # type: ignore[attr-defined]

    event.listen(either_database.engine, "before_cursor_execute", note)
    yield met
    event.remove(either_database.engine, "before_cursor_execute", note)


def test_the_same_statement_is_compiled_once_whatever_its_values(either_database: Database, misses: list[str]) -> None:
    with either_database.transaction() as session:
        for number in range(3):
            insert = upsert_into(session, Heartbeat).from_select(COLUMNS, _row(f"part {number}", "awake"))
            session.execute(insert.once())
    assert misses[-2:] == ["CACHE_HIT", "CACHE_HIT"]


def test_what_happens_on_a_conflict_is_never_mixed_up(either_database: Database) -> None:
    with either_database.transaction() as session:

        def put(detail: str) -> object:
            return upsert_into(session, Heartbeat).from_select(COLUMNS, _row("ticker", detail))

        def said() -> str | None:
            return session.scalar(select(col(Heartbeat.detail)).where(col(Heartbeat.name) == "ticker"))

        session.execute(put("first").once())  # type: ignore[attr-defined]
        session.execute(put("second").once())  # type: ignore[attr-defined]
        assert said() == "first"
        session.execute(put("third").replacing(keys=["name"], columns=["at"]))  # type: ignore[attr-defined]
        assert said() == "first"
        session.execute(put("fourth").replacing(keys=["name"], columns=["detail"]))  # type: ignore[attr-defined]
        assert said() == "fourth"
        session.execute(put("fifth").once())  # type: ignore[attr-defined]
        assert said() == "fourth"


def test_a_raised_flag_stays_raised_and_a_lowered_one_may_be_raised(either_database: Database) -> None:
    flags = Table("flags", MetaData(), Column("name", String, primary_key=True), Column("up", Boolean))
    flags.create(either_database.engine)
    with either_database.transaction() as session:

        def put(name: str, up: bool) -> None:
            insert = upsert_into(session, flags).values(name=name, up=up)
            session.execute(insert.raising(keys=["name"], flags=["up"]))

        for name, before, after in (("never", False, False), ("later", False, True), ("ever", True, False)):
            put(name, before)
            put(name, after)
        raised = session.scalars(select(flags.c.name).where(flags.c.up).order_by(flags.c.name)).all()
    assert raised == ["ever", "later"]
