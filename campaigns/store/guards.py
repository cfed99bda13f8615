"""What the database itself refuses, whoever asks: a hazard's origin never changes, and no hazard is deleted; nor does
a version of the 判定标准 that hazards may cite. Figures are not mended by taking rows away.

Installed after every migration, in each dialect's own words; the actions never try, so this is for everybody else.
"""

from sqlalchemy import Connection, text

ORIGIN = (
    "source",
    "found_on",
    "registered_at",
    "registered_by_id",
    "reopens_id",
    "enterprise_id",
    "import_id",
    "import_row",
)
"""Columns that are written once."""
_KEPT = "隐患的来源、发现日期和登记时间登记后不能改"
_STAYS = "隐患不能删除"
_WRITTEN_ONCE = "判定标准的一版导入后不能改也不能删"
_CRITERIA = ("criteria_version", "criteria_clause")


def install(connection: Connection) -> None:
    """Create the triggers; doing it again changes nothing."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def _changed(different: str) -> str:
    return " OR ".join(f"OLD.{name} {different} NEW.{name}" for name in ORIGIN)


_SQLITE = (
    f"CREATE TRIGGER IF NOT EXISTS hazard_origin BEFORE UPDATE ON hazard WHEN {_changed('IS NOT')} "
    f"BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END",
    f"CREATE TRIGGER IF NOT EXISTS hazard_stays BEFORE DELETE ON hazard BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END",
    *(
        f"CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_WRITTEN_ONCE}'); END"
        for table in _CRITERIA
        for verb in ("UPDATE", "DELETE")
    ),
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION hazard_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION '%', CASE TG_OP WHEN 'DELETE' THEN '{_STAYS}' ELSE '{_KEPT}' END "
    "USING ERRCODE = 'integrity_constraint_violation'; END $$",
    f"CREATE OR REPLACE TRIGGER hazard_origin BEFORE UPDATE ON hazard FOR EACH ROW "
    f"WHEN ({_changed('IS DISTINCT FROM')}) EXECUTE FUNCTION hazard_guard()",
    "CREATE OR REPLACE TRIGGER hazard_stays BEFORE DELETE ON hazard FOR EACH ROW EXECUTE FUNCTION hazard_guard()",
    "CREATE OR REPLACE FUNCTION criteria_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION '{_WRITTEN_ONCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    *(
        f"CREATE OR REPLACE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
        "EXECUTE FUNCTION criteria_guard()"
        for table in _CRITERIA
    ),
)
