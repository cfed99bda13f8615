"""历史台账导入: an old ledger's hazards enter the register, exactly as the dry run showed, all in one transaction or none.

Source and day of finding are the ledger's words; when it was registered and by whom are the server's, and every row names the
file and the row that it came from. Nobody here signed what the old ledger calls closed, so that is history and no closure.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session

from campaigns.actions.chunks import chunks
from campaigns.actions.events import record, record_many
from campaigns.actions.hazards.import_plan import (
    HazardImportPlan,
    Outcome,
    PlannedHazard,
    check_may_import,
    plan_import,
)
from campaigns.clock import local_date
from campaigns.errors import Conflict
from campaigns.rules.directory.register import RegisterSheet
from campaigns.rules.hazards.import_columns import WANTED
from campaigns.rules.permissions import Actor
from campaigns.rules.states import HazardState
from campaigns.store.database import locked
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.imports import HazardColumns, HazardImport

CHUNK = 500
_NO_PLAN: Mapping[str, Any] = {"responsible": "", "measures": "", "funds": None, "deadline_on": None, "contingency": ""}
_ELSEWHERE = dict.fromkeys(
    ("criterion_set", "criterion_version", "criterion_clause", "checked", "recheck", "ended_reason"), ""
)


def choose_columns(session: Session, *, headings: Mapping[str, str], by: Actor, now: datetime) -> HazardColumns:
    """Remember for the actor's bureau under which heading each field stands (empty: nowhere), for the next file too."""
    kept = {name: heading for name, heading in headings.items() if name in WANTED}
    chosen = _chosen(session, by, now)
    chosen.headings = kept
    session.flush()
    return chosen


def choose_enterprises(session: Session, *, meant: Mapping[str, int], by: Actor, now: datetime) -> HazardColumns:
    """Remember for the actor's bureau which enterprise a name means."""
    chosen = _chosen(session, by, now)
    chosen.enterprises = {**chosen.enterprises, **meant}
    session.flush()
    return chosen


def import_hazards(
    session: Session,
    *,
    sheet: RegisterSheet,
    sha256: str,
    year: int,
    chosen: Mapping[str, int],
    shown: str,
    by: Actor,
    now: datetime,
) -> HazardImportPlan:
    """Do what a dry run with the fingerprint `shown` said; raises Conflict when the register moved on since.

    Rows in error and rows that are registered already stay out, so that the same file twice registers nothing the second time.
    """
    check_may_import(by)
    locked(
        session, Organisation, by.organisation_id
    )  # one import of a bureau at a time: the second sees what the first did
    plan = plan_import(session, sheet=sheet, sha256=sha256, year=year, chosen=chosen, by=by, now=now)
    rows = plan.rows_with(Outcome.NEW)
    if plan.fingerprint != shown or not rows:
        raise Conflict("预览之后台账或文件有了变动。", kept="没有登记任何隐患。", advice="请按新的预览确认。")
    imported = HazardImport(
        bureau_id=by.organisation_id or 0,
        sha256=sha256,
        sheet=sheet.name[:60],
        hazards=len(rows),
        imported_by_id=by.person_id or 0,
        imported_at=now,
    )
    session.add(imported)
    session.flush()
    ids = _insert(session, rows, imported, by, now)
    told: dict[str, Any] = {"sha256": sha256, "sheet": sheet.name, "hazards": len(rows)}
    record(session, "hazards.imported", by=by, now=now, about=imported, organisation_id=by.organisation_id, **told)
    record_many(session, "hazard.imported", _events(rows, ids, imported, now), subject="hazard", by=by, now=now)
    return plan


def _chosen(session: Session, by: Actor, now: datetime) -> HazardColumns:
    check_may_import(by)
    chosen = locked(session, HazardColumns, by.organisation_id)
    if chosen is None:
        chosen = HazardColumns(bureau_id=by.organisation_id or 0, chosen_by_id=by.person_id or 0, chosen_at=now)
        session.add(chosen)
    chosen.chosen_by_id, chosen.chosen_at = by.person_id or 0, now
    return chosen


def _insert(
    session: Session, rows: Sequence[PlannedHazard], imported: HazardImport, by: Actor, now: datetime
) -> list[int]:
    """Insert the hazards set by set and give them their numbers; return their ids in the order of the rows."""
    ids: list[int] = []
    table = Hazard.__table__  # type: ignore[attr-defined]
    adding = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    for some in chunks(rows, CHUNK):
        values = [_columns(row, imported, by, now) for row in some]
        ids += session.connection().execute(adding, values).scalars()
    naming = update(table).where(table.c.id == bindparam("row_id")).values(number=bindparam("given"))
    session.connection().execute(naming, [{"row_id": id_, "given": _number(id_, now)} for id_ in ids])
    return ids


def _number(id_: int, now: datetime) -> str:
    return f"YH{local_date(now):%Y%m%d}-{id_:06d}"


def _columns(row: PlannedHazard, imported: HazardImport, by: Actor, now: datetime) -> dict[str, Any]:
    old = row.hazard
    rectified = old.state is HazardState.RECTIFIED
    return {
        "number": f"import-{imported.id}-{old.number}",  # until the row has its id
        "enterprise_id": row.enterprise_id,
        "bureau_id": by.organisation_id,
        "source": old.source,
        "major": old.major,
        "major_since": now if old.major else None,
        "title": old.title,
        "location": old.location,
        "description": old.description.strip(),
        "criterion": old.criterion,
        "found_on": old.found_on,
        "registered_at": now,
        "registered_by_id": by.person_id,
        "import_id": imported.id,
        "import_row": old.number,
        "state": old.state,
        "fixed_on_the_spot": False,
        **_NO_PLAN,
        **old.plan,
        "rectified_on": old.closed_on if rectified else None,
        "rectified_at": now if rectified else None,
        "rectification": "历史台账记为已完成。" if rectified else "",
        "closed_on": None if rectified else old.closed_on,
        "version": 1,
        **_ELSEWHERE,
    }


def _events(
    rows: Sequence[PlannedHazard], ids: Sequence[int], imported: HazardImport, now: datetime
) -> Iterator[tuple[int, int, dict[str, Any]]]:
    for row, id_ in zip(rows, ids, strict=True):
        old = row.hazard
        said = {"number": _number(id_, now), "title": old.title, "major": old.major, "source": old.source.value}
        origin = {"state": old.state.value, "sha256": imported.sha256, "row": old.number, "sheet": imported.sheet}
        yield id_, row.enterprise_id, said | origin
