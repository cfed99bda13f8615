"""Fixtures: a migrated database on either engine, and the cast that stories are told with.

Migrating and founding the cast happen once per engine and worker; each test gets a copy.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from xdist.remote import Producer

from campaigns.store.database import Database
from campaigns.store.migrate import migrate
from tests.databases import copied, fold, opened
from tests.lived import Lived, lived
from tests.order import WholeFiles, long_first
from tests.people import Cast, found
from tests.postgres import migrated_template, postgres_url


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    long_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> WholeFiles | None:
    """Share the suite between workers as `make test` asks; another manner of sharing stays as it is."""
    return WholeFiles(config, log) if config.getvalue("dist") == "loadscope" else None


@contextmanager
def _postgres(template: str) -> Iterator[Database]:
    with postgres_url(template) as url, opened(url) as base:
        yield base


@pytest.fixture(scope="session")
def sqlite_empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one empty SQLite file."""
    path = tmp_path_factory.mktemp("empty") / "rectify.sqlite3"
    with opened(f"sqlite:///{path}") as base:
        migrate(base)
        fold(base)
    return path


@pytest.fixture(scope="session")
def sqlite_cast(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    """Migrate one SQLite file and found the cast in it."""
    path = tmp_path_factory.mktemp("cast") / "rectify.sqlite3"
    with opened(f"sqlite:///{path}") as base:
        migrate(base)
        cast = found(base)
        fold(base)
    return path, cast


@pytest.fixture
def database(sqlite_empty: Path, tmp_path: Path) -> Iterator[Database]:
    """Return an empty migrated SQLite database of the test's own."""
    with copied(sqlite_empty, tmp_path / "empty.sqlite3") as base:
        yield base


@pytest.fixture
def cast(sqlite_cast: tuple[Path, Cast], tmp_path: Path) -> Iterator[Cast]:
    """Return the cast in an SQLite database of the test's own."""
    path, cast = sqlite_cast
    with copied(path, tmp_path / "cast.sqlite3") as base:
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
        with copied(path, home / "rectify.sqlite3") as base:
            yield lived(replace(cast, database=base), home)
        return
    name, cast = request.getfixturevalue("postgres_cast")
    with _postgres(name) as base:
        yield lived(replace(cast, database=base), home)
