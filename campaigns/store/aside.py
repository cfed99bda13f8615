"""A selection that PostgreSQL works out into a table of the transaction's own before something is written from it.

Whatever an INSERT … SELECT reads is read by one process; a selection that is only laid aside may be read by several at once.
"""

from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, TableClause, column, table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.visitors import InternalTraversal


class LaidAside(Executable, ClauseElement):
    """CREATE TEMPORARY TABLE … AS SELECT; it is gone with the transaction."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012 - as SQLAlchemy declares its own
        ("name", InternalTraversal.dp_string),
        ("selected", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, name: str, selected: Select[Any]) -> None:
        self.name, self.selected = name, selected

    @property
    def rows(self) -> TableClause:
        """The table, to select from."""
        columns: list[ColumnElement[Any]] = [column(one.name, one.type) for one in self.selected.selected_columns]
        return table(self.name, *columns)  # type: ignore[arg-type]


class Dropped(Executable, ClauseElement):
    """DROP TABLE of what was laid aside, so that the next count of the same transaction finds the name free."""

    inherit_cache = True
    _traverse_internals = [("name", InternalTraversal.dp_string)]  # noqa: RUF012

    def __init__(self, name: str) -> None:
        self.name = name


@compiles(LaidAside)
def _lay_aside(statement: LaidAside, compiler: Any, **more: Any) -> str:
    return f"CREATE TEMPORARY TABLE {statement.name} ON COMMIT DROP AS {compiler.process(statement.selected, **more)}"


@compiles(Dropped)
def _drop(statement: Dropped, _compiler: Any, **_more: Any) -> str:
    return f"DROP TABLE {statement.name}"
