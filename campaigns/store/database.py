"""The only place that opens a transaction and the only place that commits one.

SQLite runs in WAL with `synchronous=FULL`; writers take `BEGIN IMMEDIATE` in turns (turns.py), because SQLite's own
busy-retry is unfair (measured: p95 1,204 → 253 ms at 16 writers). PostgreSQL needs neither.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from campaigns.settings import settings
from campaigns.store.inserting import PostgresInsert, SqliteInsert
from campaigns.store.turns import Turns

WRITING = "rectify_writing"
SQLITE = "sqlite"
Row = TypeVar("Row", bound=SQLModel)
PRAGMAS: Mapping[str, str | int] = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}
DISPOSABLE: Mapping[str, str | int] = {**PRAGMAS, "synchronous": 0}


class Database:
    """One database: an engine, the discipline of its transactions, and its dialect's INSERT … ON CONFLICT."""

    def __init__(self, url: str, *, disposable: bool = False) -> None:
        """Open a database. A `disposable` one may be lost with the power: a file that is built aside and then put in place,
        a test's own copy, a server that keeps nothing.
        """
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == SQLITE
        if self.is_sqlite:
            self.engine = _sqlite_engine(url, DISPOSABLE if disposable else PRAGMAS)
        else:
            self.engine = _postgresql_engine(url, durable=not disposable)
        self._turn = _turns(url).turn if self.is_sqlite else nullcontext
        self._writing = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a writing session; commit when the block ends well, roll back when it raises."""
        if getattr(self._writing, "now", False):
            raise RuntimeError("a transaction is already open in this thread")
        with self._turn(), Session(self.engine.execution_options(**{WRITING: True}), expire_on_commit=False) as session:
            self._writing.now = True
            try:
                yield session
                session.commit()
            finally:
                self._writing.now = False

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a reading session on one consistent snapshot; nothing written in it is kept."""
        engine = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        with Session(engine, expire_on_commit=False) as session:
            yield session

    def dispose(self) -> None:
        """Close the pool."""
        self.engine.dispose()


def locked(session: Session, table: type[Row], row_id: int | None) -> Row | None:
    """Return a row as it stands now, nobody else's to change until the transaction ends; None when there is none.

    On SQLite the transaction itself is the lock. Take a row before recording the first event: the ledger has one lock for all,
    and in the other order two transactions could wait for each other.
    """
    session.flush()  # reading the row anew must not lose what was set and not yet written
    return session.get(table, row_id, with_for_update={"key_share": True}, populate_existing=True)


def insert_into(session: Session, table: Any) -> Any:
    """Return the dialect's INSERT for a table, which knows `on_conflict_do_nothing`/`_do_update` and its `rowcount`."""
    insert = sqlite.insert(table) if dialect_of(session) == SQLITE else postgresql.insert(table)
    return insert.execution_options(preserve_rowcount=True)  # without it psycopg's count of an INSERT is lost


def upsert_into(session: Session, table: Any) -> Any:
    """Return an INSERT that is compiled once; it knows `once`, `replacing` and `raising` (see inserting.py)."""
    return upserting(dialect_of(session), table)


def upserting(dialect: str, table: Any) -> Any:
    """Return the same INSERT for a dialect by its name, for a statement that is built before there is a session."""
    insert = SqliteInsert(table) if dialect == SQLITE else PostgresInsert(table)
    return insert.execution_options(preserve_rowcount=True)


def dialect_of(session: Session) -> str:
    """Return the name of a session's dialect."""
    return session.get_bind().dialect.name


def _turns(url: str) -> Turns:
    path = make_url(url).database
    return Turns(Path(f"{path}.turn") if path and path != ":memory:" else None)


def _sqlite_engine(url: str, pragmas: Mapping[str, str | int]) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    waits = {"check_same_thread": False, "timeout": 15}
    engine = create_engine(url, connect_args=waits, pool_size=16, max_overflow=16, json_serializer=_plain_json)
    event.listen(engine, "connect", partial(_prepare_sqlite, pragmas))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _plain_json(value: Any) -> str:
    """Chinese keys are stored as they are written: SQLite finds no key behind a \\u escape."""
    return json.dumps(value, ensure_ascii=False)


def _prepare_sqlite(pragmas: Mapping[str, str | int], connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # pysqlite's own BEGIN is deferred and lost increments; ours is explicit
    for name, value in pragmas.items():
        connection.execute(f"PRAGMA {name}={value}")
    for name, value in pragmas.items():
        actual = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if actual != value and not (name == "journal_mode" and actual == "memory"):
            raise RuntimeError(f"SQLite refuses {name}={value} (it is {actual}); the record would not be durable")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _postgresql_engine(url: str, *, durable: bool) -> Engine:
    # Never prepared: a plan made without the values counts a country as if it were ten reports.
    unprepared = {"prepare_threshold": None}
    engine = create_engine(
        url, connect_args=unprepared, pool_size=10, max_overflow=20, pool_pre_ping=True, json_serializer=_plain_json
    )
    if durable:
        event.listen(engine, "first_connect", _refuse_unsafe_postgresql)
    return engine


def _refuse_unsafe_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit"):
            cursor.execute(f"SHOW {name}")
            if cursor.fetchone()[0] == "off":
                raise RuntimeError(f"PostgreSQL runs with {name}=off; the record would not be durable")


@lru_cache
def database() -> Database:
    """Return the database of this process, from its settings."""
    return Database(settings().url)
