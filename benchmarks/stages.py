"""Where a benchmark of SQL happens: on files of SQLite, and on a PostgreSQL that is started for it.

`RECTIFY_TEST_POSTGRES` names a server to use instead, as for the tests. What was laid down once is copied for every round.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import text

from benchmarks.register import copied, settle
from campaigns.store.database import Database
from campaigns.store.migrate import migrate
from tests.postgres import migrated_template, postgres_url

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
        with base.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))

    with migrated_template(prepare) as template:

        @contextmanager
        def copy() -> Iterator[Database]:
            with postgres_url(template) as url:
                fresh = Database(url)
                yield fresh
                fresh.dispose()

        yield copy


STAGES: Mapping[str, Callable[[Lay], AbstractContextManager[Copy]]] = {
    "SQLite": on_sqlite,
    "PostgreSQL": on_postgresql,
}
