"""The runner's process: make Prefect know our flows, forget the ticks an outage missed, catch up, then poll.

Run as `python -m flows.serve.runner`; SIGTERM lets what is running end.
"""

import asyncio
import contextlib
import os
import signal
import socket
from pathlib import Path

import structlog
from prefect.client.orchestration import get_client

from campaigns.clock import now
from campaigns.settings import settings
from campaigns.store.database import database
from flows import deployments, engine, schedules
from flows.dispatching import plan_next
from flows.sweeps import pass_of_everything
from flows.worker import Runner

log = structlog.get_logger()


SIGN = "RECTIFY_READY_SIGN"
"""Names the file that tells the supervisor that polling begins."""


def catch_up() -> None:
    """Do at once what was missed while nothing ran, and write Prefect's calendar, before the first poll."""
    with get_client(sync_client=True) as client:
        missed = engine.forget_missed_ticks(client, now=now())
    plan_next(database(), settings(), now=now())
    outcome = pass_of_everything(database(), now=now())
    changes = schedules.reconcile(database(), now=now())
    log.info("caught up", missed_ticks=missed, done=len(outcome.done), planned=len(changes.create))


async def serve() -> None:
    """Serve the pool until cancelled."""
    async with get_client() as client:
        known = await deployments.register(client, Runner.get_default_base_job_template())
    await asyncio.to_thread(catch_up)
    if sign := os.environ.get(SIGN):
        Path(sign).touch()
    runner = Runner({id_: deployed.flow for id_, deployed in known.items()}, name=f"执行器 {socket.gethostname()}")
    await runner.start(printer=log.info)


async def until_told() -> None:
    """Serve until SIGTERM or SIGINT, then let the runs under way end."""
    serving = asyncio.ensure_future(serve())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving


if __name__ == "__main__":
    asyncio.run(until_told())
