"""I16: no row points at nothing, and the database's own check of its file passes."""

from collections.abc import Iterator

from sqlalchemy import ForeignKey, Table, exists, select, text

from campaigns.queries.verify.findings import Finding, Scene
from campaigns.store.tables import METADATA

_MOST_OF_ONE_KIND = 20


def dangling_rows(scene: Scene) -> Iterator[Finding]:
    """Follow every foreign key of every table to the row that it names."""
    for table in METADATA.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda one: str(one.parent.name)):
            yield from _dangling(scene, table, key)


def damaged_file(scene: Scene) -> Iterator[Finding]:
    """Let SQLite check its file page by page; PostgreSQL has amcheck for that, which its administrator runs."""
    if scene.session.get_bind().dialect.name != "sqlite":
        return
    for (line,) in scene.session.execute(text("PRAGMA integrity_check")):
        if line != "ok":
            yield Finding("database", f"数据库文件有损坏：{line}。")


def _dangling(scene: Scene, table: Table, key: ForeignKey) -> Iterator[Finding]:
    target = key.column.table.alias()
    named = exists().where(target.c[key.column.name] == key.parent)
    own = list(table.primary_key.columns)
    lost = select(*own, key.parent).where(key.parent.is_not(None), ~named).order_by(*own).limit(_MOST_OF_ONE_KIND)
    for *ids, value in scene.session.execute(lost):
        where = f"{table.name} {'/'.join(str(id_) for id_ in ids)}"
        yield Finding(where, f"{where}的{key.parent.name}指向不存在的{key.column.table.name} {value}。")
