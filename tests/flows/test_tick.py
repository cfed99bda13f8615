"""The minute's tick leaves a sign of life."""

from datetime import UTC, datetime, timedelta

from campaigns.actions.time.heartbeats import beat
from campaigns.store.database import Database
from campaigns.store.ledger import SCHEDULER, Heartbeat
from flows.sweeps import pass_of_everything

NOON = datetime(2023, 5, 25, 4, tzinfo=UTC)


def _last(base: Database) -> datetime | None:
    with base.reading() as session:
        row = session.get(Heartbeat, SCHEDULER)
        return row and row.at


def test_a_pass_leaves_the_heartbeat_that_pages_show(database: Database) -> None:
    pass_of_everything(database, now=NOON)
    assert _last(database) == NOON


def test_an_older_pass_does_not_turn_the_heartbeat_back(database: Database) -> None:
    pass_of_everything(database, now=NOON)
    with database.transaction() as session:
        beat(session, SCHEDULER, now=NOON - timedelta(hours=1))
    assert _last(database) == NOON
