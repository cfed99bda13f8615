"""Fixtures: a migrated database on either engine, and the cast that stories are told with.

Migrating and founding the cast (argon2 is slow on purpose) happen once per engine and worker; each test gets a copy.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from campaigns.store.database import Database
from campaigns.store.migrate import migrate
from tests.lived import Lived, lived
from tests.people import Cast, found
from tests.postgres import migrated_template, postgres_url


def _sqlite(path: Path) -> Database:
    base = Database(f"sqlite:///{path}")
    migrate(base)
    return base


@contextmanager
def _copied(template: Path, path: Path) -> Iterator[Database]:
    path.write_bytes(template.read_bytes())
    base = Database(f"sqlite:///{path}")
    yield base
    base.dispose()


@contextmanager
def _postgres(template: str) -> Iterator[Database]:
    with postgres_url(template) as url:
        base = Database(url)
        yield base
        base.dispose()


def _settle(base: Database) -> None:
    base.dispose()
    raw = base.engine.raw_connection()
    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    base.dispose()


@pytest.fixture(scope="session")
def sqlite_empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one empty SQLite file."""
    path = tmp_path_factory.mktemp("empty") / "rectify.sqlite3"
    _settle(_sqlite(path))
    return path


@pytest.fixture(scope="session")
def sqlite_cast(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    """Migrate one SQLite file and found the cast in it."""
    path = tmp_path_factory.mktemp("cast") / "rectify.sqlite3"
    base = _sqlite(path)
    cast = found(base)
    _settle(base)
    return path, cast


@pytest.fixture
def database(sqlite_empty: Path, tmp_path: Path) -> Iterator[Database]:
    """Return an empty migrated SQLite database of the test's own."""
    with _copied(sqlite_empty, tmp_path / "empty.sqlite3") as base:
        yield base


@pytest.fixture
def cast(sqlite_cast: tuple[Path, Cast], tmp_path: Path) -> Iterator[Cast]:
    """Return the cast in an SQLite database of the test's own."""
    path, cast = sqlite_cast
    with _copied(path, tmp_path / "cast.sqlite3") as base:
        yield replace(cast, database=base)


@pytest.fixture(scope="session")
def postgres_cast() -> Iterator[tuple[str, Cast]]:
    """Migrate one PostgreSQL database and found the cast in it."""
    casts: list[Cast] = []
    with migrated_template(lambda base: casts.append(found(base))) as name:
        yield name, casts[0]


@pytest.fixture(scope="session")
def postgres_empty() -> Iterator[str]:
    """Migrate one empty PostgreSQL database."""
    with migrated_template(lambda _base: None) as name:
        yield name


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return an empty migrated database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("database")
        return
    with _postgres(request.getfixturevalue("postgres_empty")) as base:
        yield base


@pytest.fixture
def postgresql_cast(postgres_cast: tuple[str, Cast]) -> Iterator[Cast]:
    """Return the cast on PostgreSQL, where two transactions really run at once."""
    name, cast = postgres_cast
    with _postgres(name) as base:
        yield replace(cast, database=base)


@pytest.fixture(params=["sqlite", "postgresql"])
def either_cast(request: pytest.FixtureRequest) -> Iterator[Cast]:
    """Return the cast, once on SQLite and once on PostgreSQL: for the tests of the store and of the actions."""
    if request.param == "sqlite":
        yield request.getfixturevalue("cast")
        return
    yield request.getfixturevalue("postgresql_cast")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def either_lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Return a campaign that lived through May, once on either engine for a whole module: leave it as it was."""
    home = tmp_path_factory.mktemp("lived")
    if request.param == "sqlite":
        path, cast = request.getfixturevalue("sqlite_cast")
        with _copied(path, home / "rectify.sqlite3") as base:
            yield lived(replace(cast, database=base), home)
        return
    name, cast = request.getfixturevalue("postgres_cast")
    with _postgres(name) as base:
        yield lived(replace(cast, database=base), home)
