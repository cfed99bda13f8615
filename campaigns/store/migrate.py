"""Bring a database to the newest shape; the same migrations on SQLite and PostgreSQL."""

from functools import partial
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from campaigns.store import guards
from campaigns.store.database import WRITING, Database
from campaigns.store.tables import METADATA

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(base: Database) -> None:
    """Upgrade to the newest revision and put the guards in place; does nothing when it is already there."""
    with base.engine.execution_options(**{WRITING: True}).begin() as connection:
        command.upgrade(_config(connection), "head")
        guards.install(connection)


def drift(base: Database) -> list[str]:
    """Return what the tables say and the migrated database does not, one line each; empty when they agree."""
    with base.engine.connect() as connection:
        here = partial(_belongs_on, connection.dialect.name)
        context = MigrationContext.configure(connection, opts={"compare_type": False, "include_object": here})
        return [str(difference) for difference in compare_metadata(context, METADATA)]


def _belongs_on(dialect: str, item: Any, *_: object) -> bool:
    """Whether a table, column, index or key is meant for a dialect: one may be of use on one alone."""
    return bool(item.info.get("only_on", dialect) == dialect)


def is_of_another_shape(base: Database) -> bool:
    """Whether a database calls itself up to date and is not: a version before the first release made it."""
    with base.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        newest = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return revision == newest and bool(drift(base))


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
