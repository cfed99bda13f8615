"""Due work on both engines: planned once, held by one, done once, late when late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.time import due_work
from campaigns.actions.time.due_work import GRACE, LEASE, Item
from campaigns.store.database import Database
from campaigns.store.ledger import DueWork

FILED = datetime(2023, 5, 25, 9, tzinfo=UTC)  # 17:00 in Beijing on the 25th
MAY = Item(key="roll_up:1:2023-05", kind="roll_up", due_at=FILED, period="2023-05", title="5月调度表汇总")
MINUTE = timedelta(minutes=1)


def _plan(base: Database, *items: Item) -> None:
    with base.transaction() as session:
        due_work.plan(session, items)


def _claim(base: Database, holder: str, now: datetime) -> Item | None:
    with base.transaction() as session:
        return due_work.claim(session, MAY.key, holder=holder, now=now)


def _finish(base: Database, holder: str, now: datetime) -> bool:
    with base.transaction() as session:
        return due_work.finish(session, MAY.key, holder=holder, now=now)


def _row(base: Database) -> DueWork:
    with base.reading() as session:
        return session.scalars(select(DueWork).where(col(DueWork.key) == MAY.key)).one()


def test_planning_twice_leaves_one_row_and_the_newer_instant(either_database: Database) -> None:
    moved = Item(key=MAY.key, kind=MAY.kind, due_at=FILED - timedelta(days=1), title="5月调度表汇总（提前）")
    _plan(either_database, MAY, MAY)
    _plan(either_database, moved)
    assert (_row(either_database).due_at, _row(either_database).title) == (moved.due_at, moved.title)


def test_what_is_done_is_not_moved_by_planning_it_again(either_database: Database) -> None:
    _plan(either_database, MAY)
    _claim(either_database, "a", FILED)
    _finish(either_database, "a", FILED)
    _plan(either_database, Item(key=MAY.key, kind=MAY.kind, due_at=FILED + timedelta(days=3)))
    assert _row(either_database).due_at == FILED


def test_nobody_can_claim_before_the_instant(either_database: Database) -> None:
    _plan(either_database, MAY)
    assert _claim(either_database, "a", FILED - MINUTE) is None
    assert _claim(either_database, "a", FILED) == MAY


def test_a_claimed_item_is_nobody_elses_until_the_lease_runs_out(either_database: Database) -> None:
    _plan(either_database, MAY)
    assert _claim(either_database, "killed", FILED) == MAY
    assert _claim(either_database, "second", FILED + LEASE - MINUTE) is None
    assert _claim(either_database, "second", FILED + LEASE) == MAY
    assert not _finish(either_database, "killed", FILED + LEASE)
    assert _finish(either_database, "second", FILED + LEASE)


def test_eight_workers_at_once_give_one_holder(either_database: Database) -> None:
    _plan(either_database, MAY)
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda name: _claim(either_database, name, FILED), "abcdefgh"))
    assert len([item for item in claims if item]) == 1


def test_a_done_item_is_never_due_again(either_database: Database) -> None:
    _plan(either_database, MAY)
    _claim(either_database, "a", FILED)
    _finish(either_database, "a", FILED)
    assert _claim(either_database, "b", FILED + timedelta(days=9)) is None
    with either_database.reading() as session:
        assert due_work.due(session, now=FILED + timedelta(days=9)) == ()


def test_work_begun_within_the_grace_is_on_time_and_later_is_marked_late(either_database: Database) -> None:
    _plan(either_database, MAY)
    _claim(either_database, "a", FILED + GRACE)
    _finish(either_database, "a", FILED + GRACE)
    assert not _row(either_database).late


def test_work_done_after_an_outage_is_marked_late(either_database: Database) -> None:
    _plan(either_database, MAY)
    back = FILED + timedelta(hours=20)
    _claim(either_database, "a", back)
    _finish(either_database, "a", back)
    assert (_row(either_database).late, _row(either_database).done_at) == (True, back)


def test_a_failure_keeps_the_item_says_why_and_waits_longer_each_time(either_database: Database) -> None:
    _plan(either_database, MAY)
    waits: list[timedelta] = []
    now = FILED
    for _ in range(8):
        assert _claim(either_database, "a", now)
        with either_database.transaction() as session:
            assert due_work.fail(session, MAY.key, holder="a", now=now, error="汇总表缺一栏")
        until = _row(either_database).leased_until
        assert until is not None
        waits.append(until - now)
        now = until
    assert waits == [MINUTE * n for n in (1, 2, 4, 8, 16, 32, 60, 60)]
    assert _row(either_database).last_error == "汇总表缺一栏"


def test_due_lists_what_has_come_the_oldest_first(either_database: Database) -> None:
    days = [Item(key=f"daily:{n}", kind="daily", due_at=FILED + timedelta(days=n)) for n in (3, 1, 2)]
    _plan(either_database, *days)
    with either_database.reading() as session:
        found = due_work.due(session, now=FILED + timedelta(days=2))
    assert [item.key for item in found] == ["daily:1", "daily:2"]


def test_a_thousand_items_are_planned_in_one_go(either_database: Database) -> None:
    _plan(either_database, *(Item(key=f"daily:{n}", kind="daily", due_at=FILED) for n in range(1001)))
    with either_database.reading() as session:
        assert len(due_work.due(session, now=FILED, limit=5000)) == 1001
