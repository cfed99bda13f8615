"""A test's own database, which may be lost with the power, and what SQLAlchemy has compiled for the ones before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Dialect

from campaigns.store.database import Database

_COMPILED: dict[str, tuple[Dialect, dict[object, object]]] = {}
"""Per engine: the dialect, by which SQLAlchemy keys compiled statements, and the statements."""


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Open a database until the block ends. A statement is compiled once per worker, as in service once per process."""
    base = Database(url, disposable=True)
    name = base.engine.dialect.name
    if name not in _COMPILED:
        with base.engine.connect():
            _COMPILED[name] = base.engine.dialect, {}  # by now the dialect has asked the server what it can do
    base.engine.dialect, compiled = _COMPILED[name]
    base.engine.update_execution_options(compiled_cache=compiled)
    yield base
    base.dispose()


@contextmanager
def copied(template: Path, path: Path) -> Iterator[Database]:
    """Open a copy of an SQLite file."""
    path.write_bytes(template.read_bytes())
    with opened(f"sqlite:///{path}") as base:
        yield base


def fold(base: Database) -> None:
    """Fold SQLite's journal into the file, so that the file alone may be copied."""
    base.dispose()
    raw = base.engine.raw_connection()
    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    base.dispose()
