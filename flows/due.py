"""Run due work: claim a row, do what its kind asks, mark it done. The same for Prefect, the tick and an operator."""

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import get_ident
from typing import TypeAlias

import structlog

from campaigns.actions.time import due_work
from campaigns.actions.time.due_work import Item
from campaigns.store.database import Database

Executor: TypeAlias = Callable[[Database, Item, datetime], None]
"""What one kind of due work does. It opens its own transactions and may be called again for the same item at any time."""
Executors: TypeAlias = Mapping[str, Executor]

log = structlog.get_logger()


@dataclass(frozen=True)
class Outcome:
    """What one pass did: keys finished, keys that failed and will be tried again, keys somebody else held."""

    done: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def run(base: Database, executors: Executors, key: str, *, now: datetime, flow_run_id: str = "") -> bool | None:
    """Run one due item: True when done, False when it failed and was given back, None when there was nothing to do."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{get_ident()}"
    with base.transaction() as session:
        item = due_work.claim(session, key, holder=holder, now=now)
    if item is None:
        return None
    try:
        executors[item.kind](base, item, now)
    except Exception as error:  # one broken item must not stop the others; it is kept, told and tried again
        log.exception("due work failed", key=key, kind=item.kind)
        with base.transaction() as session:
            due_work.fail(session, key, holder=holder, now=now, error=f"{type(error).__name__}: {error}")
        return False
    with base.transaction() as session:
        due_work.finish(session, key, holder=holder, now=now, flow_run_id=flow_run_id)
    return True


def run_everything(base: Database, executors: Executors, *, now: datetime) -> Outcome:
    """Run all that is due at `now`, the oldest first, including what the work itself makes due."""
    results: dict[str, bool | None] = {}
    while fresh := [key for key in _due_keys(base, now) if key not in results]:
        results |= {key: run(base, executors, key, now=now) for key in fresh}
    return Outcome(
        done=tuple(key for key, result in results.items() if result),
        failed=tuple(key for key, result in results.items() if result is False),
        left=tuple(key for key, result in results.items() if result is None),
    )


def _due_keys(base: Database, now: datetime) -> tuple[str, ...]:
    with base.reading() as session:
        return tuple(item.key for item in due_work.due(session, now=now))
