"""The real runner with one executor that writes one event per item: what was done, and how often, can be counted."""

import asyncio
from datetime import datetime

from campaigns.actions.events import record
from campaigns.actions.time.due_work import Item, WorkKind
from campaigns.rules.permissions import SYSTEM
from campaigns.store.database import Database
from flows.serve.runner import until_told
from flows.sweeps import EXECUTORS

NOTED = "test.noted"


def note(base: Database, item: Item, now: datetime) -> None:
    """Write down that an item was worked on."""
    with base.transaction() as session:
        record(session, NOTED, by=SYSTEM, now=now, key=item.key)


if __name__ == "__main__":
    EXECUTORS[WorkKind.STAGE_CLOSES] = note
    asyncio.run(until_told())
