"""INSERT … ON CONFLICT that is compiled once: SQLAlchemy leaves its dialects' own inserts out of its cache of statements.

A roll-up's INSERT … SELECT takes longer to compile than to run over the few rows that changed. What a statement does on a
conflict is made part of its key here, so that the cache tells two of them apart.
"""

from collections.abc import Iterable
from typing import Any, Self

from sqlalchemy import or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import dml as postgresql_dml
from sqlalchemy.dialects.sqlite import dml as sqlite_dml
from sqlalchemy.sql.visitors import InternalTraversal


class _Keyed:
    """A conflict clause whose whole meaning is `meant`."""

    _traverse_internals = [("meant", InternalTraversal.dp_plain_obj)]  # noqa: RUF012 - as SQLAlchemy declares its own
    meant: tuple[tuple[str, ...], ...] = ()


class _SqliteNothing(_Keyed, sqlite_dml.OnConflictDoNothing):
    """ON CONFLICT DO NOTHING."""

    inherit_cache = True


class _SqliteReplace(_Keyed, sqlite_dml.OnConflictDoUpdate):
    """ON CONFLICT DO UPDATE from the new row's values."""

    inherit_cache = True


class _PostgresNothing(_Keyed, postgresql_dml.OnConflictDoNothing):
    """ON CONFLICT DO NOTHING."""

    inherit_cache = True


class _PostgresReplace(_Keyed, postgresql_dml.OnConflictDoUpdate):
    """ON CONFLICT DO UPDATE from the new row's values."""

    inherit_cache = True


class _Upserting:
    """The three things to do when a row is there already."""

    _nothing: type[Any]
    _replace: type[Any]

    def once(self) -> Self:
        """Leave a row alone that is there already, whichever of its keys says so."""
        return self._with(self._nothing())

    def replacing(self, *, keys: Iterable[str], columns: Iterable[str]) -> Self:
        """Give a row with the same keys the new values of some columns; one that has them already is not written."""
        same, new = tuple(keys), tuple(columns)
        table, excluded = self.table, self.excluded  # type: ignore[attr-defined]
        changed = or_(*(table.c[name].is_distinct_from(excluded[name]) for name in new))
        clause = self._replace(index_elements=list(same), set_={name: excluded[name] for name in new}, where=changed)
        clause.meant = (same, new)
        return self._with(clause)

    def raising(self, *, keys: Iterable[str], flags: Iterable[str]) -> Self:
        """Raise the flags of a row with the same keys that the new row has raised, and lower none."""
        same, raised = tuple(keys), tuple(flags)
        table, excluded = self.table, self.excluded  # type: ignore[attr-defined]
        new = {name: excluded[name].is_(True) | table.c[name] for name in raised}
        clause = self._replace(index_elements=list(same), set_=new)
        clause.meant = (same, raised, ("raised",))
        return self._with(clause)

    def _with(self, clause: Any) -> Self:
        statement: Any = self._generate()  # type: ignore[attr-defined]
        statement._post_values_clause = clause
        return statement  # type: ignore[no-any-return]


class SqliteInsert(_Upserting, sqlite.Insert):
    """SQLite's."""

    inherit_cache = True
    _nothing, _replace = _SqliteNothing, _SqliteReplace


class PostgresInsert(_Upserting, postgresql.Insert):
    """PostgreSQL's."""

    inherit_cache = True
    _nothing, _replace = _PostgresNothing, _PostgresReplace
