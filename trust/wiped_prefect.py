"""T19: Prefect's database deleted with work done, due and to come; its calendar is rebuilt from our rows, nothing done twice."""

import tempfile
import time
from datetime import timedelta
from pathlib import Path

from campaigns.clock import now
from campaigns.settings import Settings
from campaigns.store.database import Database
from campaigns.store.migrate import migrate
from flows.serve.home import Home
from flows.serve.ports import near
from flows.serve.recipes import recipes
from tests.engine.conftest import Engine, noting
from trust.telling import tell

DONE, AHEAD = 20, 100


def main() -> int:
    """Boot, work, wipe, boot again, compare."""
    with tempfile.TemporaryDirectory(prefix="rectify-trust-") as folder:
        settings = Settings(home=Path(folder), demo=True, prefect_port=near("127.0.0.1", 44_200), database_url="")
        home = Home(Path(folder), demo=True)
        home.prefect.mkdir()
        base = Database(settings.url)
        migrate(base)
        parts = {recipe.name: recipe for recipe in recipes(settings, home)}
        engine = Engine(home, base, parts | {"runner": noting(parts["runner"])})
        try:
            return _wiped(engine)
        finally:
            engine.stop("runner")
            engine.stop("prefect")
            base.dispose()


def _wiped(engine: Engine) -> int:
    done, ahead = [f"done-{n}" for n in range(DONE)], [f"ahead-{n}" for n in range(AHEAD)]
    for number, key in enumerate(ahead, start=1):
        engine.plan(key, now() + timedelta(hours=12 + number))
    for key in done:
        engine.plan(key, now())
    engine.start("prefect")
    engine.start("runner")
    engine.until(lambda: all(engine.row(key).done_at is not None for key in done))
    engine.until(lambda: len(engine.calendar(*ahead)) == AHEAD)
    before = {key: run.next_scheduled_start_time for key, run in engine.calendar(*ahead).items()}
    engine.stop("runner")
    engine.stop("prefect")
    engine.forget_prefect()
    begun = time.monotonic()
    engine.start("prefect")
    booted = time.monotonic()
    engine.start("runner")
    engine.until(lambda: len(engine.calendar(*ahead)) == AHEAD)
    rebuilt = time.monotonic()
    after = {key: run.next_scheduled_start_time for key, run in engine.calendar(*ahead, *done).items()}
    times = [engine.times_done(key) for key in done]
    figures = {
        "runs on Prefect's calendar before": len(before),
        "after it was deleted and rebuilt": len(after),
        "differences": len(before.items() ^ after.items()),
        "work done before, done again": sum(times) - DONE,
        "Prefect booted, s": f"{booted - begun:.1f}",
        "calendar rebuilt after that, s": f"{rebuilt - booted:.1f}",
    }
    promises = {
        "the calendar is the same as before": before == after,
        "nothing was done twice": times == [1] * DONE,
    }
    return tell("T19 Prefect's database deleted", figures, promises)


if __name__ == "__main__":
    raise SystemExit(main())
