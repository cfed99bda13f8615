"""One pass over due work: everything once, whatever breaks, whoever else is awake."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.time import due_work
from campaigns.actions.time.due_work import LEASE, Item
from campaigns.store.database import Database
from campaigns.store.ledger import DueWork
from flows.due import Executor, run, run_everything

FILED = datetime(2023, 5, 25, 9, tzinfo=UTC)


def _item(name: str, minutes: int = 0) -> Item:
    return Item(key=name, kind="roll_up", due_at=FILED + timedelta(minutes=minutes))


def _plan(base: Database, *items: Item) -> None:
    with base.transaction() as session:
        due_work.plan(session, items)


def _notes(into: list[str]) -> Executor:
    return lambda _base, item, _now: into.append(item.key)


def _raises(error: Exception) -> Executor:
    def broken(_base: Database, _item: Item, _now: datetime) -> None:
        raise error

    return broken


def _rows(base: Database, of: Callable[[DueWork], object]) -> list[object]:
    with base.reading() as session:
        return [of(row) for row in session.scalars(select(DueWork).order_by(col(DueWork.due_at)))]


def test_a_pass_runs_everything_due_the_oldest_first(database: Database) -> None:
    seen: list[str] = []
    _plan(database, _item("second", 2), _item("first", 1), _item("tomorrow", 1500))
    outcome = run_everything(database, {"roll_up": _notes(seen)}, now=FILED + timedelta(minutes=3))
    assert (seen, outcome.done) == (["first", "second"], ("first", "second"))


def test_a_second_pass_does_nothing(database: Database) -> None:
    seen: list[str] = []
    _plan(database, _item("may"))
    for _ in range(2):
        run_everything(database, {"roll_up": _notes(seen)}, now=FILED)
    assert seen == ["may"]


def test_work_that_makes_more_work_due_is_followed_in_the_same_pass(database: Database) -> None:
    def stage(base: Database, item: Item, _now: datetime) -> None:
        if item.key == "stage":
            _plan(base, _item("follows"))

    _plan(database, _item("stage"))
    assert run_everything(database, {"roll_up": stage}, now=FILED).done == ("stage", "follows")


def test_a_broken_item_is_kept_with_its_error_and_the_others_go_on(database: Database) -> None:
    seen: list[str] = []
    _plan(database, _item("broken"), Item(key="fine", kind="daily", due_at=FILED))
    executors = {"roll_up": _raises(ValueError("缺一栏")), "daily": _notes(seen)}
    outcome = run_everything(database, executors, now=FILED)
    assert (outcome.failed, outcome.done, seen) == (("broken",), ("fine",), ["fine"])
    assert _rows(database, lambda row: row.last_error) == ["ValueError: 缺一栏", ""]


def test_a_broken_item_is_tried_again_and_then_done(database: Database) -> None:
    _plan(database, _item("may"))
    run_everything(database, {"roll_up": _raises(OSError("磁盘满"))}, now=FILED)
    seen: list[str] = []
    run_everything(database, {"roll_up": _notes(seen)}, now=FILED + timedelta(minutes=2))
    assert (seen, _rows(database, lambda row: row.last_error)) == (["may"], [""])


def test_a_kind_that_nothing_executes_is_kept_and_named(database: Database) -> None:
    _plan(database, _item("may"))
    assert run_everything(database, {}, now=FILED).failed == ("may",)
    assert _rows(database, lambda row: row.last_error) == ["KeyError: 'roll_up'"]


def test_what_a_killed_holder_left_is_done_by_the_next_and_marked_late(database: Database) -> None:
    _plan(database, _item("may"))
    with database.transaction() as session:
        due_work.claim(session, "may", holder="killed", now=FILED)
    seen: list[str] = []
    executors = {"roll_up": _notes(seen)}
    assert run_everything(database, executors, now=FILED + timedelta(minutes=1)).done == ()
    back = FILED + LEASE + timedelta(minutes=2)
    assert run_everything(database, executors, now=back).done == ("may",)
    assert (seen, _rows(database, lambda row: row.late)) == (["may"], [True])


def test_two_workers_share_a_backlog_and_do_each_item_once(database: Database) -> None:
    seen: list[str] = []
    _plan(database, *(_item(f"{number:02}", number) for number in range(30)))
    now = FILED + timedelta(hours=1)
    with ThreadPoolExecutor(2) as pool:
        passes = list(pool.map(lambda _: run_everything(database, {"roll_up": _notes(seen)}, now=now), range(2)))
    assert sorted(seen) == sorted(key for done in passes for key in done.done) == [f"{n:02}" for n in range(30)]


def test_prefects_wake_up_and_the_tick_at_the_same_instant_do_it_once(database: Database) -> None:
    seen: list[str] = []
    executors = {"roll_up": _notes(seen)}
    _plan(database, _item("may"))
    assert run(database, executors, "may", now=FILED, flow_run_id="run-1") is True
    assert run(database, executors, "may", now=FILED) is None
    assert (seen, _rows(database, lambda row: row.flow_run_id)) == (["may"], ["run-1"])
