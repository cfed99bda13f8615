"""What is behind a number: rows of the registers, lower levels' tables, other cells, or the person who typed it.

Each opens within the reader's rights: what was counted outside them is a count and nothing else. Of a filed table it is what
filing wrote down; a version that was corrected since opens its own.
"""

from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlmodel import Session, col

from campaigns.definition.conditions import cells_in, formula
from campaigns.definition.report_form import Atom, ReportForm
from campaigns.errors import NotFound
from campaigns.queries.reporting.behind_rows import Row, Rows, rows_of, shared_enterprises
from campaigns.queries.reporting.typings import Typing, typings_of
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.reporting.checks import named
from campaigns.rules.reporting.figures import shown
from campaigns.rules.reporting.indicators import row_of
from campaigns.rules.states import OPEN_REPORT_STATES, ReportState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.cells import Cells, cells_of, month, total
from campaigns.store.reporting.evidence import REPORT, Span
from campaigns.store.reporting.forms import counts_from, report_form
from campaigns.store.reporting.reports import Report, ReportCell, ReportMember
from campaigns.store.scope import check_relation, visible

__all__ = ["Added", "Behind", "Operand", "Row", "rows_behind"]


@dataclass(frozen=True, slots=True)
class Added:
    """A lower level's table that was added in, with its own figure, or what it wrote in words."""

    report_id: int
    organisation: str
    month: str
    total: str
    state: ReportState


@dataclass(frozen=True, slots=True)
class Operand:
    """A cell that another one is worked out from."""

    atom: str
    name: str
    month: str
    total: str


@dataclass(frozen=True, slots=True)
class Behind:
    """A number and everything it is made of. `frozen`: as it was when the table was filed.

    `month_computed` and `total_computed` are set where a person typed something else. `hidden` lower tables were added in that
    the reader may not open; `shared` names enterprises that more than one of those added up counted, and a 家 counts once.
    `nil_by` signed a 零报告. `current_id` is the living table of a version that was corrected since, `previous_id` last period's.
    """

    report_id: int
    atom: str
    name: str
    unit: str
    organisation: str
    period: str
    version: int
    current_id: int | None
    previous_id: int | None
    month: str
    total: str
    words: str
    month_computed: str
    total_computed: str
    reason: str
    frozen: bool
    this_period_only: bool
    rows: Rows
    added: tuple[Added, ...]
    hidden: int
    shared: tuple[str, ...]
    formula: str
    operands: tuple[Operand, ...]
    typings: tuple[Typing, ...]
    nil_by: str


def rows_behind(session: Session, *, report_id: int, atom: str, actor: Actor, page: int = 1) -> Behind:
    """Return what one figure of a report is made of; a report or cell out of sight is not found."""
    report = _in_sight(session, report_id, actor)
    campaign = session.get_one(Campaign, report.campaign_id)
    form = report_form(session, campaign, report.form)
    wanted = _atom(form, atom)
    cells, frozen = cells_of(session, report.id), report.state not in OPEN_REPORT_STATES
    span = Span(campaign.id, counts_from(form, campaign, report.period))
    cell = cells.get(atom) or ReportCell(report_id=report.id, atom=atom)
    added, hidden = _added(session, report, wanted, frozen, actor)
    return Behind(
        report_id=report.id,
        atom=atom,
        name=named(form, wanted),
        unit="" if wanted.worded or wanted.unit == "是否" else wanted.unit,
        organisation=session.get_one(Organisation, report.organisation_id).name,
        period=report.period,
        version=report.version,
        current_id=report.current_id,
        previous_id=report.previous_id,
        month=shown(wanted, month(cell)),
        total=shown(wanted, total(cell)),
        words=(cell.text or "") if wanted.worded else "",
        month_computed=_other(wanted, cell.month_computed, cell.month_reported),
        total_computed=_other(wanted, cell.total_computed, cell.total_reported),
        reason=cell.reason,
        frozen=frozen,
        this_period_only="累计" not in form.basis,
        rows=rows_of(session, report, wanted, span, frozen=frozen, actor=actor, page=page),
        added=added,
        hidden=hidden,
        shared=shared_enterprises(session, report, wanted, span, frozen=frozen, actor=actor) if added else (),
        formula=wanted.formula or "",
        operands=_operands(form, wanted, cells),
        typings=typings_of(session, report, wanted),
        nil_by=_signed_nil(session, report),
    )


def _in_sight(session: Session, report_id: int, actor: Actor) -> Report:
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound
    check_relation(session, actor, Permission.SEE, report.organisation_id)
    return report


def _atom(form: ReportForm, code: str) -> Atom:
    wanted = next((each for each in form.atoms if each.code == code), None)
    if wanted is None:
        raise NotFound
    return wanted


def _other(atom: Atom, computed: int | None, reported: int | None) -> str:
    return shown(atom, computed) if None not in (computed, reported) and computed != reported else ""


def _operands(form: ReportForm, atom: Atom, cells: Cells) -> tuple[Operand, ...]:
    if not atom.formula:
        return ()
    by_code = {each.code: each for each in form.atoms}
    written = (code if ":" in code else row_of(atom) + code for code in cells_in(formula(atom.formula)))
    return tuple(
        Operand(code, named(form, of), shown(of, month(cells.get(code))), shown(of, total(cells.get(code))))
        for code in dict.fromkeys(written)
        if (of := by_code.get(code))
    )


def _signed_nil(session: Session, report: Report) -> str:
    person = session.get(Person, report.filed_by_id) if report.nil and report.filed_by_id else None
    return "" if person is None else person.name


def _added(session: Session, report: Report, atom: Atom, frozen: bool, actor: Actor) -> tuple[tuple[Added, ...], int]:
    below = (
        select(Report, col(Organisation.name), col(Organisation.id).in_(visible(actor)), ReportCell)
        .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
        .outerjoin(ReportCell, and_(col(ReportCell.report_id) == col(Report.id), col(ReportCell.atom) == atom.code))
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
    rows = session.execute(below).all()
    seen = tuple(
        Added(lower.id, name, _said(atom, cell), shown(atom, total(cell)), ReportState(lower.state))
        for lower, name, in_sight, cell in rows
        if in_sight
    )
    return seen, len(rows) - len(seen)


def _said(atom: Atom, cell: ReportCell | None) -> str:
    return (cell.text or "" if cell else "") if atom.worded else shown(atom, month(cell))
