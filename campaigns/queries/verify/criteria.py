"""I17: a version of the 判定标准 is what was imported, and every clause that a hazard cites can be read."""

from collections.abc import Iterator

from sqlalchemy import String, and_, cast, exists, select
from sqlmodel import col

from campaigns.queries.hazards.criteria import head_of
from campaigns.queries.verify.findings import Finding, Scene
from campaigns.rules.hazards.criteria_sheet import Clause, fingerprint
from campaigns.store.hazards.criteria import CriteriaClause, CriteriaVersion, clauses_of
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event


def changed_criteria(scene: Scene) -> Iterator[Finding]:
    """Compute the hash of every version again and hold it against its row and its line in the ledger."""
    told = {
        event.subject_id: event.data["sha256"]
        for event in scene.session.scalars(select(Event).where(col(Event.kind) == "criteria.imported"))
    }
    for row in scene.session.scalars(select(CriteriaVersion).order_by(col(CriteriaVersion.id))):
        clauses = [Clause(one.part, one.place, one.words) for one in clauses_of(scene.session, row.id)]
        what = f"判定标准“{row.document_number}”第{row.version}版"
        if row.id not in told:
            yield Finding(f"criteria_version {row.id}", f"{what}没有导入记录。")
        elif not fingerprint(head_of(row), clauses) == row.sha256 == told[row.id]:
            yield Finding(f"criteria_version {row.id}", f"{what}在导入以后被改动过。")


def unreadable_citations(scene: Scene) -> Iterator[Finding]:
    """Find hazards that cite a clause which is in no version."""
    there = exists().where(
        and_(
            col(CriteriaVersion.document_number) == col(Hazard.criterion_set),
            cast(col(CriteriaVersion.version), String) == col(Hazard.criterion_version),
            col(CriteriaClause.version_id) == col(CriteriaVersion.id),
            col(CriteriaClause.place) == col(Hazard.criterion_clause),
        )
    )
    rows = select(col(Hazard.id), col(Hazard.number), col(Hazard.criterion))
    for id_, number, words in scene.session.execute(rows.where(col(Hazard.criterion_set) != "", ~there)):
        yield Finding(f"hazard {id_}", f"隐患{number}引用的条款（{words}）在判定标准里找不到。")
