"""The cells of a report as its page shows them: value, what the system counted, last time, what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.definition.report_form import Atom, ReportForm
from campaigns.rules.reporting.figures import shown
from campaigns.rules.states import OPEN_REPORT_STATES
from campaigns.store.reporting.cells import Cells, figures_before, filed_figures, findings, month, total
from campaigns.store.reporting.handed_over import HandedOver
from campaigns.store.reporting.reports import Report, ReportCell, ReportComment


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a cell, in words for the page. `change` is this period's minus the last one's, on the filed basis.

    `typed`: people fill it in; the rest is counted, or typed over with a reason. Words stand in `month` and `month_typed`.
    `required`: the form wants it.
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
    worded: bool = False
    dated: bool = False
    required: bool = True
    worked_out: bool = False
    findings: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


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

    @property
    def filled(self) -> bool:
        """Whether anything stands in it: the empty lines of a list are not shown."""
        return any(figure.month for line in self.lines for figure in line.figures)


def sections_of(
    session: Session, report: Report, form: ReportForm, cells: Cells, moved: HandedOver
) -> tuple[Section, ...]:
    """Return a report's cells as its page shows them; while it is open, with what stands in the way of filing."""
    before = figures_before(session, form, report)
    found: dict[str, list[str]] = {}
    if report.state in OPEN_REPORT_STATES:
        for finding in findings(form, cells, before, typed_below=report.task_id is None, left=moved.by_atom):
            found.setdefault(finding.atom, []).append(f"{finding.sentence}。")
    said = _comments(session, report)
    figures = filed_figures(form, cells)
    of_cell: dict[str, list[Figure]] = {}
    for atom in form.atoms:
        shown_before = (before or {}).get(atom.code)
        one = _figure(atom, cells.get(atom.code), figures[atom.code], shown_before, tuple(found.get(atom.code, ())))
        of_cell.setdefault(atom.cell, []).append(replace(one, comments=said.get(atom.code, ())))
    return tuple(Section(title, tuple(lines)) for title, lines in _lines(form, of_cell))


def _comments(session: Session, report: Report) -> dict[str, tuple[str, ...]]:
    """What the superior said about cells when he returned the report, until it is filed anew."""
    unsettled = col(ReportComment.report_id) == report.id, col(ReportComment.settled_at).is_(None)
    comments: dict[str, tuple[str, ...]] = {}
    for comment in session.scalars(select(ReportComment).where(*unsettled).order_by(col(ReportComment.id))):
        comments[comment.atom] = (*comments.get(comment.atom, ()), comment.text)
    return comments


def _lines(form: ReportForm, of_cell: Mapping[str, list[Figure]]) -> list[tuple[str, list[Line]]]:
    """The cells under their headings; in a matrix every row is a heading with all its columns."""
    if not form.every_row:
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
        for row in form.every_row
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
        unit="" if atom.unit == "是否" or atom.worded else atom.unit,
        typed=atom.source == "填报",
        month=(cell.text or "") if atom.worded else shown(atom, month(cell)),
        total=shown(atom, total(cell)),
        month_computed=shown(atom, cell.month_computed),
        total_computed=shown(atom, cell.total_computed),
        month_typed=(cell.text or "") if atom.worded else shown(atom, cell.month_reported),
        total_typed=shown(atom, cell.total_reported),
        differs=_differs(cell),
        reason=cell.reason,
        before=shown(atom, before),
        change=sign + change,
        worded=atom.worded,
        dated=atom.unit == "日期",
        required=atom.required,
        worked_out=atom.formula is not None,
        findings=sentences,
    )


def _differs(cell: ReportCell) -> bool:
    pairs = (cell.month_computed, cell.month_reported), (cell.total_computed, cell.total_reported)
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)
