"""The monthly table of one organisation: what the system computed, what is reported, why they differ, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.definition.report_form import Atom, ReportForm
from campaigns.errors import NotFound
from campaigns.rules.figures import shown
from campaigns.rules.permissions import Actor, Permission, Relation, why_not
from campaigns.rules.states import ReportState
from campaigns.store.campaigns import Campaign
from campaigns.store.people import Person
from campaigns.store.regions import Organisation
from campaigns.store.report_cells import (
    cells_of,
    figures_before,
    filed_figures,
    findings,
    fingerprint,
    month,
    total,
)
from campaigns.store.report_forms import report_form
from campaigns.store.reports import Report, ReportCell
from campaigns.store.scope import check_relation

MOVING = (ReportState.OPEN, ReportState.RETURNED)


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a cell, in words for the page. `change` is this period's minus the last one's, on the filed basis.

    `typed`: people fill it in; the rest is counted, or typed over with a reason. `opens`: there are rows or reports behind it.
    """

    atom: str
    title: str
    unit: str
    typed: bool
    month: str
    total: str
    month_computed: str
    total_computed: str
    month_typed: str
    total_typed: str
    differs: bool
    reason: str
    before: str
    change: str
    opens: bool
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A numbered cell of the paper: its 序号 within the section, its name, its values."""

    code: str
    number: int
    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A column of the paper's left edge: a heading and its cells."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Below:
    """One lower level's report of the same period."""

    report_id: int
    organisation: str
    state: ReportState
    filed_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class MonthlyTable:
    """The whole table. `why_not_*` is empty when the actor may, else the sentence for the disabled button."""

    report_id: int
    campaign_id: int
    campaign: str
    form: str
    title: str
    organisation: str
    period: str
    previous_id: int | None
    next_id: int | None
    state: ReportState
    cutoff_on: date
    due_at: datetime
    counted_until: datetime
    late: bool
    caught_up: bool
    nil: bool
    filed_at: datetime | None
    filed_by: str
    decided_at: datetime | None
    decided_by: str
    reason: str
    sha256: str
    edit_version: int
    seen: str
    pairs: int
    sections: tuple[Section, ...]
    below: tuple[Below, ...]
    why_not_fill: str
    why_not_file: str
    why_not_decide: str

    @property
    def findings(self) -> tuple[str, ...]:
        """Everything that stops the filing, in the paper's order."""
        return tuple(
            sentence
            for section in self.sections
            for line in section.lines
            for figure in line.figures
            for sentence in figure.findings
        )

    @property
    def waiting(self) -> tuple[Below, ...]:
        """Lower levels whose report is not accepted, and so not added in."""
        return tuple(each for each in self.below if each.state is not ReportState.ACCEPTED)


def monthly_table(session: Session, *, report_id: int, actor: Actor) -> MonthlyTable:
    """Return a report with everything its page shows; out of sight is not found."""
    report, relation = _in_sight(session, report_id, actor)
    campaign = session.get_one(Campaign, report.campaign_id)
    form, cells = report_form(session, campaign, report.form), cells_of(session, report.id)
    sections, open_findings = _sections(session, report, form, cells)
    return MonthlyTable(
        report_id=report.id,
        campaign_id=campaign.id,
        campaign=campaign.title,
        form=report.form,
        title=form.title,
        organisation=session.get_one(Organisation, report.organisation_id).name,
        period=report.period,
        previous_id=report.previous_id,
        next_id=session.scalar(select(col(Report.id)).where(col(Report.previous_id) == report.id)),
        state=ReportState(report.state),
        cutoff_on=report.cutoff_on,
        due_at=report.due_at,
        counted_until=report.counted_until,
        late=report.late,
        caught_up=report.caught_up,
        nil=report.nil,
        filed_at=report.filed_at,
        filed_by=_name(session, report.filed_by_id),
        decided_at=report.decided_at,
        decided_by=_name(session, report.decided_by_id),
        reason=report.reason,
        sha256=report.sha256,
        edit_version=report.edit_version,
        seen=fingerprint(form, cells),
        pairs=form.layout.pairs if form.layout.kind == "成对" else 1,
        sections=sections,
        below=_below(session, report.id),
        why_not_fill=why_not(actor, Permission.FILL_REPORT, relation) or _locked(report),
        why_not_file=why_not(actor, Permission.FILE_REPORT, relation) or _locked(report) or _unready(open_findings),
        why_not_decide=why_not(actor, Permission.DECIDE_REPORT, relation) or _not_decider(session, report, actor),
    )


def _in_sight(session: Session, report_id: int, actor: Actor) -> tuple[Report, Relation]:
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound
    return report, check_relation(session, actor, Permission.SEE, report.organisation_id)


def _sections(
    session: Session, report: Report, form: ReportForm, cells: Mapping[str, ReportCell]
) -> tuple[tuple[Section, ...], int]:
    before = figures_before(session, form, report)
    found: dict[str, list[str]] = {}
    if report.state in MOVING:
        for finding in findings(form, cells, before, typed_below=report.task_id is None):
            found.setdefault(finding.atom, []).append(f"{finding.sentence}。")
    figures = filed_figures(form, cells)
    of_cell: dict[str, list[Figure]] = {}
    for atom in form.atoms:
        shown_before = (before or {}).get(atom.code)
        one = _figure(atom, cells.get(atom.code), figures[atom.code], shown_before, tuple(found.get(atom.code, ())))
        of_cell.setdefault(atom.cell, []).append(one)
    return tuple(Section(title, tuple(lines)) for title, lines in _lines(form, of_cell)), sum(map(len, found.values()))


def _lines(form: ReportForm, of_cell: Mapping[str, list[Figure]]) -> list[tuple[str, list[Line]]]:
    """The cells under their headings; in a matrix every row is a heading with all its columns."""
    if not form.rows:
        return [
            (title, [Line(c.code, n, c.on_paper, tuple(of_cell[c.code])) for n, c in enumerate(cells, 1)])
            for title, cells in form.sections.items()
        ]
    return [
        (
            row.title,
            [
                Line(f"{row.code}:{c.code}", n, c.on_paper, tuple(of_cell[f"{row.code}:{c.code}"]))
                for n, c in enumerate(form.cells, 1)
            ],
        )
        for row in form.rows
    ]


def _figure(
    atom: Atom, cell: ReportCell | None, filed: int | None, before: int | None, sentences: tuple[str, ...]
) -> Figure:
    cell = cell or ReportCell(report_id=0, atom=atom.code)
    change = "" if filed is None or before is None or atom.unit == "是否" else shown(atom, abs(filed - before))
    sign = "" if not change or filed == before else "+" if (filed or 0) > (before or 0) else "−"
    return Figure(
        atom=atom.code,
        title="" if atom.code == atom.cell else atom.title,
        unit="" if atom.unit == "是否" else atom.unit,
        typed=atom.source == "填报",
        month=shown(atom, month(cell)),
        total=shown(atom, total(cell)),
        month_computed=shown(atom, cell.month_computed),
        total_computed=shown(atom, cell.total_computed),
        month_typed=shown(atom, cell.month_reported),
        total_typed=shown(atom, cell.total_reported),
        differs=_differs(cell),
        reason=cell.reason,
        before=shown(atom, before),
        change=sign + change,
        opens=atom.source == "自动",
        findings=sentences,
    )


def _differs(cell: ReportCell) -> bool:
    pairs = (cell.month_computed, cell.month_reported), (cell.total_computed, cell.total_reported)
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def _below(session: Session, report_id: int) -> tuple[Below, ...]:
    rows = session.execute(
        select(Report, col(Organisation.name))
        .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
        .where(col(Report.parent_id) == report_id)
        .order_by(col(Organisation.id))
    )
    return tuple(Below(r.id, name, ReportState(r.state), r.filed_at, r.late) for r, name in rows)


def _name(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return "" if person is None else person.name


def _locked(report: Report) -> str:
    return "" if report.state in MOVING else f"这张表“{ReportState(report.state).label}”，数字已经锁定。"


def _unready(count: int) -> str:
    return f"还有{count}处要先填好或改正，见下面标出的格。" if count else ""


def _not_decider(session: Session, report: Report, actor: Actor) -> str:
    parent = session.get(Report, report.parent_id) if report.parent_id else None
    if parent is not None and parent.organisation_id != actor.organisation_id:
        return "由它的直接上级接收或退回。"
    return "" if report.state == ReportState.FILED else "下级上报后才能接收或退回。"
