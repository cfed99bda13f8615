"""The two engines keep the same promises."""

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import col

from campaigns.store.database import Database
from campaigns.store.directory.regions import Supervision
from campaigns.store.ledger import Heartbeat
from campaigns.store.migrate import drift, migrate
from tests.people import Cast

NOON = datetime(2023, 6, 25, 4, 0, tzinfo=UTC)


def test_the_migrations_build_exactly_the_tables(either_database: Database) -> None:
    assert drift(either_database) == []


def test_migrating_twice_changes_nothing(either_database: Database) -> None:
    migrate(either_database)
    assert drift(either_database) == []


def test_an_instant_comes_back_aware_and_in_utc(either_database: Database) -> None:
    with either_database.transaction() as session:
        session.add(Heartbeat(name="scheduler", at=NOON))
    with either_database.reading() as session:
        assert session.scalar(select(col(Heartbeat.at))) == NOON


def test_a_naive_instant_is_refused(either_database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), either_database.transaction() as session:
        session.execute(update(Heartbeat).values(at=datetime(2023, 6, 25)))  # noqa: DTZ001 - the naive value is the test


def test_a_failed_block_leaves_nothing_behind(either_database: Database) -> None:
    with pytest.raises(ZeroDivisionError), either_database.transaction() as session:
        session.add(Heartbeat(name="scheduler", at=NOON))
        session.flush()
        raise ZeroDivisionError
    with either_database.reading() as session:
        assert session.scalars(select(Heartbeat)).all() == []


def test_concurrent_increments_are_not_lost(either_database: Database) -> None:
    with either_database.transaction() as session:
        session.add(Heartbeat(name="0", at=NOON, detail="0"))

    def increment() -> None:
        for _ in range(20):
            with either_database.transaction() as session:
                row = session.scalars(select(Heartbeat).with_for_update()).one()
                row.detail = str(int(row.detail) + 1)

    threads = [threading.Thread(target=increment) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with either_database.reading() as session:
        assert session.scalar(select(col(Heartbeat.detail))) == "80"


def test_an_enterprise_cannot_have_two_supervising_bureaus(either_cast: Cast) -> None:
    with pytest.raises(IntegrityError), either_cast.database.transaction() as session:
        session.add(
            Supervision(
                enterprise_id=either_cast.pond.id,
                bureau_id=either_cast.neighbour_bureau.id,
                started_on=date(2023, 5, 1),
            )
        )
