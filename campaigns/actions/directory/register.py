"""Importing an enterprise register: exactly what the dry run showed, set by set, in one transaction.

The plan is made twice, for the eyes and for the hand; its fingerprint covers the file and every change, so that what is done
is what was shown, or nothing. Running it again finds everything unchanged.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, tuple_, update
from sqlmodel import Session, col

from campaigns.actions.chunks import chunks
from campaigns.actions.directory.register_plan import ImportPlan, Outcome, PlannedRow, plan_import
from campaigns.actions.events import record
from campaigns.clock import local_date
from campaigns.errors import Conflict
from campaigns.rules.directory.register import RegisterSheet
from campaigns.rules.permissions import Actor, OrganisationKind
from campaigns.store.database import insert_into
from campaigns.store.directory.regions import Organisation, Supervision, Trait
from campaigns.store.directory.register import COLUMNS

CHUNK = 400


def import_register(
    session: Session, *, sheet: RegisterSheet, sha256: str, shown: str, by: Actor, now: datetime
) -> ImportPlan:
    """Do what a dry run with the fingerprint `shown` said; raises Conflict when the register moved on since.

    Rows in error stay out. New enterprises come under the importing bureau's supervision; who supervises an enterprise that
    is known already is not touched.
    """
    plan = plan_import(session, sheet=sheet, sha256=sha256, by=by)
    if plan.fingerprint != shown:
        raise Conflict("预览之后名册或文件有了变动。", kept="没有导入任何内容。", advice="请重新上传，按新的预览确认。")
    ids = _add(session, plan.rows_with(Outcome.NEW), now)
    _change(session, plan.rows_with(Outcome.CHANGED))
    _set_traits(session, plan, ids)
    _supervise(session, plan.rows_with(Outcome.NEW), ids, by, local_date(now))
    counts = {outcome.value: count for outcome, count in plan.counts.items()}
    record(
        session,
        "register.imported",
        by=by,
        now=now,
        organisation_id=by.organisation_id,
        sha256=sha256,
        sheet=sheet.name,
        counts=counts,
    )
    return plan


def _add(session: Session, rows: Iterable[PlannedRow], now: datetime) -> dict[int, int]:
    """Insert the new enterprises and return their ids by row number."""
    ids: dict[int, int] = {}
    for some in chunks(rows, CHUNK):
        values = [
            {name: row.line.values.get(name) or ("" if name != "credit_code" else None) for name in COLUMNS}
            | {"kind": OrganisationKind.ENTERPRISE, "region_id": row.region_id, "created_at": now, "version": 1}
            for row in some
        ]
        insert = insert_into(session, Organisation).values(values)
        added = session.execute(insert.returning(col(Organisation.name), col(Organisation.id)))
        by_name = {row.name: row.id for row in added}  # names are unique within a sheet, or their rows are in error
        ids |= {row.line.number: by_name[row.line.name] for row in some}
    return ids


def _change(session: Session, rows: Iterable[PlannedRow]) -> None:
    """Write the changed columns: one statement per set of columns that move together, for all its rows."""
    together: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        values = {change.column: change.after for change in row.changes if change.column in COLUMNS}
        together[tuple(sorted(values))].append({**values, "region_id": row.region_id, "known_id": row.enterprise_id})
    table = Organisation.__table__  # type: ignore[attr-defined]
    changing = update(table).where(table.c.id == bindparam("known_id")).values(version=table.c.version + 1)
    for same in together.values():
        session.connection().execute(changing, same)


def _set_traits(session: Session, plan: ImportPlan, ids: Mapping[int, int]) -> None:
    gone, kept = [], []
    for row in (*plan.rows_with(Outcome.NEW), *plan.rows_with(Outcome.CHANGED)):
        organisation_id = ids.get(row.line.number) or row.enterprise_id
        for name, value in row.line.traits.items():
            gone.append((organisation_id, name))
            if value:
                amount = None if isinstance(value, bool) else value
                kept.append({"organisation_id": organisation_id, "name": name, "amount": amount})
    for some in chunks(gone, CHUNK):
        session.execute(delete(Trait).where(tuple_(col(Trait.organisation_id), col(Trait.name)).in_(some)))
    for part in chunks(kept, CHUNK):
        session.execute(insert_into(session, Trait).values(part))


def _supervise(session: Session, rows: Iterable[PlannedRow], ids: Mapping[int, int], by: Actor, today: date) -> None:
    for some in chunks(rows, CHUNK):
        values = [
            {
                "enterprise_id": ids[row.line.number],
                "bureau_id": by.organisation_id,
                "started_on": row.line.since or today,
            }
            for row in some
        ]
        session.execute(insert_into(session, Supervision).values(values))
