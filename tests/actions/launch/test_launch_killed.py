"""A launch that is cut off anywhere leaves nothing; one that reached its commit leaves everything, once."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from campaigns.store.database import Database
from campaigns.store.tables import METADATA
from tests.campaigns import SMALL, launched
from tests.people import Cast

LAUNCHER = """
import os, signal, sys
from sqlalchemy import event
from campaigns.actions.launch.campaigns import launch
from campaigns.actions.launch.drafts import Draft
from campaigns.actions.directory.people import actor_for
from campaigns.store.database import Database
from tests.campaigns import KEY, LAUNCHED, SMALL

base, leader, last = Database(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
done = 0

def count(*_):
    global done
    done += 1
    if done == last:
        os.kill(os.getpid(), signal.SIGKILL)

with base.transaction() as session:
    actor = actor_for(session, leader)
    event.listen(base.engine, "before_cursor_execute", count)
    launch(session, Draft(SMALL), launch_key=KEY, by=actor, now=LAUNCHED)
print("launched", flush=True)
if last == 0:
    os.kill(os.getpid(), signal.SIGKILL)
"""


def sizes(cast: Cast) -> Counter[str]:
    with cast.database.reading() as session:
        return Counter(
            {
                name: session.scalar(select(func.count()).select_from(table)) or 0
                for name, table in METADATA.tables.items()
            }
        )


@contextmanager
def cut_off(base: Database, after: int) -> Iterator[list[str]]:
    """Let `after` statements through and fail the next one, as a lost connection would."""
    seen: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)
        if len(seen) > after:
            raise ConnectionError("the machine went away")

    event.listen(base.engine, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(base.engine, "before_cursor_execute", count)


def test_cut_off_before_any_of_its_statements_a_launch_leaves_nothing(either_cast: Cast) -> None:
    before, after = sizes(either_cast), 0
    while True:
        try:
            with cut_off(either_cast.database, after) as seen:
                launched(either_cast, text=SMALL)
            break
        except ConnectionError:
            assert sizes(either_cast) == before, seen[-1]
            after += 1
    assert after > 20
    whole = sizes(either_cast)
    assert (whole["campaign"], whole["task"] > 0, whole["notice"] > 0, whole["due_work"] > 0) == (1, True, True, True)
    launched(either_cast, text=SMALL)
    assert sizes(either_cast) == whole


@pytest.mark.parametrize("statement", [12, 26])
def test_a_process_killed_in_the_middle_leaves_nothing_and_the_next_launch_everything(
    cast: Cast, statement: int
) -> None:
    before = sizes(cast)
    killed = run(cast, statement)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, ""), killed.stderr
    assert sizes(cast) == before
    launched(cast, text=SMALL)
    assert sizes(cast)["campaign"] == 1
    assert sound(cast)


def test_a_process_killed_after_its_commit_leaves_everything_and_the_next_launch_adds_nothing(cast: Cast) -> None:
    killed = run(cast, 0)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "launched\n"), killed.stderr
    whole = sizes(cast)
    launched(cast, text=SMALL)
    assert sizes(cast) == whole
    assert sound(cast)


def run(cast: Cast, statement: int) -> subprocess.CompletedProcess[str]:
    """Launch in a process of its own that kills itself before its so-maniest statement; 0 is after the commit."""
    arguments = [sys.executable, "-c", LAUNCHER, cast.database.url, str(cast.leader.person_id), str(statement)]
    environment = os.environ | {"PYTHONPATH": os.getcwd()}
    return subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False, env=environment)


def sound(cast: Cast) -> bool:
    with cast.database.reading() as session:
        return session.scalar(text("PRAGMA integrity_check")) == "ok"
