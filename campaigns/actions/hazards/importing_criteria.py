"""导入判定标准: exactly what the dry run showed, as a new version of its set; what hazards cite already is never touched."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.errors import Conflict, Forbidden, Invalid
from campaigns.rules.directory.register import Problem
from campaigns.rules.hazards.criteria_sheet import Clause, ClauseSheet, SetHead, fingerprint, read_clauses
from campaigns.rules.permissions import Actor, OrganisationKind, Permission, Relation, check
from campaigns.store.database import insert_into
from campaigns.store.hazards.criteria import CriteriaClause, CriteriaVersion, clauses_of

KEPT = "判定标准没有改动，也没有导入任何条款。"


@dataclass(frozen=True, slots=True)
class CriteriaPlan:
    """The dry run. `version` is the number the import would get, `added`, `changed` and `gone` the places that differ
    from the version before."""

    head: SetHead
    version: int
    clauses: tuple[Clause, ...]
    problems: tuple[Problem, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    same: bool
    fingerprint: str


def plan_criteria(session: Session, *, head: SetHead, sheet: ClauseSheet, by: Actor) -> CriteriaPlan:
    """Return what importing the sheet under this head would do now."""
    check(by, Permission.MANAGE_CRITERIA, Relation.SELF)
    if by.organisation_kind is not OrganisationKind.BUREAU:
        raise Forbidden("只有应急管理局可以导入判定标准。", kept=KEPT)
    clauses, problems = read_clauses(sheet, head.parts)
    last = session.scalars(
        select(CriteriaVersion)
        .where(col(CriteriaVersion.document_number) == head.document_number)
        .order_by(col(CriteriaVersion.version).desc())
    ).first()
    before = {clause.place: clause.words for clause in clauses_of(session, last.id)} if last else {}
    now = {clause.place: clause.words for clause in clauses}
    digest = fingerprint(head, clauses)
    version = last.version + 1 if last else 1
    return CriteriaPlan(
        head=head,
        version=version,
        clauses=clauses,
        problems=problems,
        added=tuple(place for place in now if place not in before),
        changed=tuple(place for place in now if place in before and before[place] != now[place]),
        gone=tuple(place for place in before if place not in now),
        same=last is not None and last.sha256 == digest,
        fingerprint=f"{version}.{digest}",
    )


def import_criteria(
    session: Session, *, head: SetHead, sheet: ClauseSheet, shown: str, by: Actor, now: datetime
) -> CriteriaVersion:
    """Write the version that a dry run with the fingerprint `shown` promised.

    Raises:
        Invalid: a cell is wrong; a set goes in whole. Conflict: the same set was imported in between, or nothing is new.
    """
    plan = plan_criteria(session, head=head, sheet=sheet, by=by)
    if plan.problems:
        raise Invalid(f"表里还有{len(plan.problems)}处要改，没有导入。", kept=KEPT, advice="请改好后重新上传。")
    if plan.same:
        raise Conflict(f"和现在的第{plan.version - 1}版完全一样，没有导入新版。", kept=KEPT)
    if plan.fingerprint != shown:
        raise Conflict("预览之后这套标准或文件有了变动。", kept=KEPT, advice="请重新上传，按新的预览确认。")
    version_id = session.scalar(
        insert_into(session, CriteriaVersion)
        .values(_row(plan, by, now))
        .on_conflict_do_nothing(index_elements=["document_number", "version"])
        .returning(col(CriteriaVersion.id))
    )
    if version_id is None:  # another administrator was faster; on PostgreSQL the INSERT waited for him
        raise Conflict("同一套标准刚刚有人导入了新版。", kept=KEPT, advice="请重新上传，按新的预览确认。")
    session.execute(insert_into(session, CriteriaClause).values(_clauses(plan, version_id)))
    version = session.get_one(CriteriaVersion, version_id)
    record(
        session,
        "criteria.imported",
        by=by,
        now=now,
        about=version,
        organisation_id=by.organisation_id,
        document_number=version.document_number,
        version=version.version,
        clauses=len(plan.clauses),
        sha256=version.sha256,
    )
    return version


def _row(plan: CriteriaPlan, by: Actor, now: datetime) -> dict[str, object]:
    head = plan.head
    return {
        "document_number": head.document_number,
        "version": plan.version,
        "title": head.title,
        "issued_on": head.issued_on,
        "in_force_on": head.in_force_on,
        "ended_on": head.ended_on,
        "sectors": list(head.sectors),
        "parts": list(head.parts),
        "sha256": plan.fingerprint.partition(".")[2],
        "imported_at": now,
        "imported_by_id": by.person_id,
    }


def _clauses(plan: CriteriaPlan, version_id: int) -> list[dict[str, object]]:
    return [
        {
            "version_id": version_id,
            "position": position,
            "part": clause.part,
            "place": clause.place,
            "words": clause.words,
        }
        for position, clause in enumerate(plan.clauses, start=1)
    ]
