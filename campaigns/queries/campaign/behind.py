"""What is behind a number: the hazards, the records, the lower levels' tables. Each number opens, within the reader's rights."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, select
from sqlmodel import Session, col

from campaigns.definition.report_form import Atom
from campaigns.errors import NotFound
from campaigns.rules.figures import shown
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.report_checks import named
from campaigns.rules.states import OPEN_REPORT_STATES, HazardSource, HazardState, ReportState
from campaigns.store.campaigns import Campaign, PlannedOccurrence
from campaigns.store.evidence import HAZARD, REPORT, SUBMISSION, Span, evidence, measure
from campaigns.store.hazards import Hazard
from campaigns.store.regions import Organisation
from campaigns.store.report_cells import cells_of, month, total
from campaigns.store.report_forms import counts_from, report_form
from campaigns.store.reports import Report, ReportMember
from campaigns.store.scope import check_relation, visible
from campaigns.store.tasks import Submission, Task

MOST = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One hazard or record that was counted. `new` is whether it belongs to this period's 当月."""

    href: str
    title: str
    organisation: str
    on: date
    note: str
    new: bool


@dataclass(frozen=True, slots=True)
class Added:
    """A lower level's table that was added in, with its own figure."""

    report_id: int
    organisation: str
    month: str
    total: str
    state: ReportState


@dataclass(frozen=True, slots=True)
class Behind:
    """A number and everything it is made of. `frozen`: as it was when the table was filed."""

    report_id: int
    atom: str
    name: str
    unit: str
    organisation: str
    period: str
    month: str
    total: str
    reason: str
    frozen: bool
    rows: tuple[Row, ...]
    added: tuple[Added, ...]


def rows_behind(session: Session, *, report_id: int, atom: str, actor: Actor) -> Behind:
    """Return what one figure of a report was counted from; a report or cell out of sight is not found."""
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound
    check_relation(session, actor, Permission.SEE, report.organisation_id)
    campaign = session.get_one(Campaign, report.campaign_id)
    form = report_form(session, campaign, report.form)
    wanted = next((each for each in form.atoms if each.code == atom), None)
    if wanted is None:
        raise NotFound
    cell = cells_of(session, report.id).get(atom)
    frozen = report.state not in OPEN_REPORT_STATES
    span = Span(campaign.id, counts_from(form, campaign, report.period))
    return Behind(
        report_id=report.id,
        atom=atom,
        name=named(form, wanted),
        unit=wanted.unit,
        organisation=session.get_one(Organisation, report.organisation_id).name,
        period=report.period,
        month=shown(wanted, month(cell)),
        total=shown(wanted, total(cell)),
        reason="" if cell is None else cell.reason,
        frozen=frozen,
        rows=_rows(session, _counted(report, wanted, span, frozen), actor),
        added=_added(session, report, wanted, frozen),
    )


def _counted(report: Report, atom: Atom, span: Span, frozen: bool) -> Select[tuple[str, int, bool]] | None:
    """Select (kind, row_id, in_month): as filing wrote it down, or as the registers say now."""
    if frozen:
        kept = select(col(ReportMember.kind), col(ReportMember.row_id), col(ReportMember.in_month))
        return kept.where(col(ReportMember.report_id) == report.id, col(ReportMember.atom) == atom.code)
    counted = measure(atom)
    if counted is None:
        return None
    rows = evidence(span, counted, atom.code, col(Report.id) == report.id).subquery()
    return select(rows.c.kind, rows.c.row_id, rows.c.in_month)


def _rows(session: Session, counted: Select[tuple[str, int, bool]] | None, actor: Actor) -> tuple[Row, ...]:
    if counted is None:
        return ()
    rows = (*_hazards(session, counted, actor), *_records(session, counted, actor))
    return tuple(sorted(rows, key=lambda row: row.on, reverse=True))


def _hazards(session: Session, counted: Select[tuple[str, int, bool]], actor: Actor) -> list[Row]:
    behind = counted.subquery()
    kind, row_id, in_month = behind.c
    found = session.execute(
        select(Hazard, col(Organisation.name), in_month)
        .join(behind, and_(row_id == col(Hazard.id), kind == HAZARD))
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .where(col(Hazard.enterprise_id).in_(visible(actor)))
        .order_by(col(Hazard.registered_at).desc())
        .limit(MOST)
    )
    return [
        Row(
            href=f"/hazards/{hazard.id}",
            title=f"{hazard.number} {hazard.title}",
            organisation=name,
            on=hazard.found_on,
            note=f"{HazardSource(hazard.source).label} · {HazardState(hazard.state).label}",
            new=bool(new),
        )
        for hazard, name, new in found
    ]


def _records(session: Session, counted: Select[tuple[str, int, bool]], actor: Actor) -> list[Row]:
    behind = counted.subquery()
    kind, row_id, in_month = behind.c
    found = session.execute(
        select(Submission, col(Organisation.name), col(PlannedOccurrence.title), in_month)
        .join(behind, and_(row_id == col(Submission.id), kind == SUBMISSION))
        .join(Organisation, col(Organisation.id) == col(Submission.subject_id))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(col(Submission.organisation_id).in_(visible(actor)))
        .order_by(col(Submission.submitted_at).desc())
        .limit(MOST)
    )
    return [
        Row(f"/tasks/{record.task_id}", title, name, record.occurred_on, f"回执 {record.receipt}", bool(new))
        for record, name, title, new in found
    ]


def _added(session: Session, report: Report, atom: Atom, frozen: bool) -> tuple[Added, ...]:
    below = (
        select(Report, col(Organisation.name))
        .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
        .order_by(col(Organisation.id))
    )
    if frozen:
        kept = and_(
            col(ReportMember.report_id) == report.id,
            col(ReportMember.kind) == REPORT,
            col(ReportMember.row_id) == col(Report.id),
        )
        below = below.join(ReportMember, kept)
    else:
        below = below.where(col(Report.parent_id) == report.id, col(Report.state) == ReportState.ACCEPTED)
    added = []
    for lower, name in session.execute(below):
        cell = cells_of(session, lower.id).get(atom.code)
        state = ReportState(lower.state)
        added.append(Added(lower.id, name, shown(atom, month(cell)), shown(atom, total(cell)), state))
    return tuple(added)
