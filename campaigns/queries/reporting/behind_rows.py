"""The hazards and records that one figure of a report was counted from: as filing wrote them down, or as they stand now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, Subquery, case, distinct, func, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.definition.report_form import Atom
from campaigns.rules.permissions import Actor
from campaigns.rules.reporting.figures import shown
from campaigns.rules.states import HazardSource, HazardState, ReportState
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.reporting.evidence import ENTERPRISE, HAZARD, REPORT, SUBMISSION, Measure, Span, evidence, measure
from campaigns.store.reporting.reports import Report, ReportMember
from campaigns.store.scope import visible
from campaigns.store.work.tasks import PaperEntry, Submission, Task

PAGE = 100
MOST_NAMES = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One hazard or record that was counted. `new` is whether it belongs to this period's 当月.

    `counts` is what it adds to a figure that is a sum; `receipt` the number under which the record was signed.
    """

    href: str
    title: str
    organisation: str
    on: date
    note: str
    new: bool
    counts: str = ""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of the rows in the reader's sight, of `total`; `hidden` more were counted that he may not see."""

    shown: tuple[Row, ...] = ()
    total: int = 0
    hidden: int = 0

    def __iter__(self) -> Iterator[Row]:
        """Walk over this page."""
        return iter(self.shown)

    def __len__(self) -> int:
        """How many there are on this page."""
        return len(self.shown)


def rows_of(session: Session, report: Report, atom: Atom, span: Span, *, frozen: bool, actor: Actor, page: int) -> Rows:
    """Return a page of the rows behind one figure, the newest first; none behind one that people type."""
    counted = measure(atom)
    if counted is None:
        return Rows()
    behind = _counted(report, atom, counted, span, frozen).subquery()
    found, read = (_hazards(behind), _hazard) if counted.kind == HAZARD else (_records(behind), _record)
    in_sight = _WHOSE[counted.kind].in_(visible(actor))
    numbers = found.with_only_columns(func.count(), func.count(case((in_sight, 1)))).order_by(None)
    everything, number = session.execute(numbers).one()
    rows = session.execute(found.where(in_sight).limit(PAGE).offset((max(page, 1) - 1) * PAGE))
    return Rows(tuple(read(atom, row) for row in rows), number, everything - number)


_WHOSE: dict[str, Any] = {HAZARD: col(Hazard.enterprise_id), SUBMISSION: col(Submission.organisation_id)}
"""Whoever may see this organisation may see the row."""


def shared_enterprises(
    session: Session, report: Report, atom: Atom, span: Span, *, frozen: bool, actor: Actor
) -> tuple[str, ...]:
    """Name the enterprises in sight behind a 家 that several of those added up counted; the union counts each once."""
    if atom.rollup != "去重":
        return ()
    lists = [_lists_below(report, atom, frozen)]
    if (counted := measure(atom)) is not None:
        own = _counted(report, atom, counted, span, frozen).subquery()
        about = select(col(Submission.subject_id), col(Submission.organisation_id) * -1).join(
            own, own.c.row_id == col(Submission.id)
        )
        lists.append(about)
    every = union_all(*lists).subquery()
    enterprise_id, whose = every.c
    several = select(enterprise_id).group_by(enterprise_id).having(func.count(distinct(whose)) > 1)
    names = select(col(Organisation.name)).where(
        col(Organisation.id).in_(several), col(Organisation.id).in_(visible(actor))
    )
    return tuple(session.scalars(names.order_by(col(Organisation.id)).limit(MOST_NAMES)))


def _lists_below(report: Report, atom: Atom, frozen: bool) -> Select[tuple[int, int]]:
    theirs = select(col(ReportMember.row_id), col(ReportMember.report_id)).where(
        col(ReportMember.atom) == atom.code, col(ReportMember.kind) == ENTERPRISE
    )
    if not frozen:
        child = select(col(Report.id)).where(
            col(Report.parent_id) == report.id, col(Report.state) == ReportState.ACCEPTED
        )
        return theirs.where(col(ReportMember.report_id).in_(child))
    added = aliased(ReportMember)
    kept = select(col(added.row_id)).where(col(added.report_id) == report.id, col(added.kind) == REPORT)
    return theirs.where(col(ReportMember.report_id).in_(kept))


def _counted(report: Report, atom: Atom, counted: Measure, span: Span, frozen: bool) -> Select[Any]:
    """Select (row_id, in_month): as filing wrote it down, or as the registers say now."""
    if frozen:
        return select(col(ReportMember.row_id).label("row_id"), col(ReportMember.in_month).label("in_month")).where(
            col(ReportMember.report_id) == report.id,
            col(ReportMember.atom) == atom.code,
            col(ReportMember.kind) == counted.kind,
        )
    rows = evidence(span, counted, atom.code, col(Report.id) == report.id).subquery()
    return select(rows.c.row_id, rows.c.in_month)


def _hazards(behind: Subquery) -> Select[Any]:
    return (
        select(Hazard, col(Organisation.name).label("enterprise"), behind.c.in_month)
        .join(behind, behind.c.row_id == col(Hazard.id))
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .order_by(col(Hazard.registered_at).desc(), col(Hazard.id).desc())
    )


def _hazard(_: Atom, row: Any) -> Row:
    hazard = row[0]
    return Row(
        href=f"/hazards/{hazard.id}",
        title=f"{hazard.number} {hazard.title}",
        organisation=row.enterprise,
        on=hazard.found_on,
        note=f"{HazardSource(hazard.source).label} · 现在{HazardState(hazard.state).label}",
        new=bool(row.in_month),
    )


def _records(behind: Subquery) -> Select[Any]:
    return (
        select(
            Submission,
            col(Organisation.name).label("enterprise"),
            col(PlannedOccurrence.title).label("duty"),
            behind.c.in_month,
            col(PaperEntry.signed_by).label("signed_by"),
        )
        .join(behind, behind.c.row_id == col(Submission.id))
        .outerjoin(PaperEntry, col(PaperEntry.submission_id) == col(Submission.id))
        .join(Organisation, col(Organisation.id) == col(Submission.subject_id))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .order_by(col(Submission.submitted_at).desc(), col(Submission.id).desc())
    )


def _record(atom: Atom, row: Any) -> Row:
    record = row[0]
    blank = (atom.computation or "").partition(".")[2]
    amount = record.content.get(blank) if blank and atom.unit != "家" else None
    return Row(
        href=f"/tasks/{record.task_id}",
        title=row.duty,
        organisation=row.enterprise,
        on=record.occurred_on,
        note=f"代录，纸面签字人{row.signed_by}" if row.signed_by else "",
        new=bool(row.in_month),
        counts="" if amount is None else f"{shown(atom, int(amount))}{atom.unit}",
        receipt=record.receipt,
    )
