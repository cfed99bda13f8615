"""The real app in a thread of the test: a process of its own takes seconds to start, which these tests need not wait for."""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from api.app import create_app
from benchmarks.serving import server
from campaigns.settings import Settings
from tests.databases import opened


@contextmanager
def served(module: str, environment: Mapping[str, str], *, workers: int = 1) -> Iterator[tuple[str, int]]:
    """Stand in for `benchmarks.serving.server` where it serves ours; the bare one is light and starts as it is.

    Several workers are one thread here.
    """
    if not module.startswith("api."):
        with server(module, environment) as bare:
            yield bare
        return
    home = Path(environment["RECTIFY_HOME"])
    with opened(f"sqlite:///{home / 'rectify.sqlite3'}") as base:
        app = create_app(lambda: base, lambda: Settings(demo=True, home=home))
        running = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none"))
        thread = threading.Thread(target=running.run)
        thread.start()
        while not running.started and thread.is_alive():
            time.sleep(0.01)
        yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}", os.getpid()
        running.should_exit = True
        thread.join()
