"""I8: a figure of a filed table is what the rows and the lower levels behind it add up to.

The roll-up itself is SQL (actions/reporting/adding_up); this recount is the arithmetic of rules/reporting/indicators over the
evidence that filing wrote down, so the two are computed independently.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlmodel import Session, col

from campaigns.definition.report_form import Atom, ReportForm
from campaigns.queries.verify.findings import Finding, Scene
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.reporting.indicators import Contribution, roll_up
from campaigns.rules.states import ReportState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.reporting.cells import Cells, cells_of, month, total
from campaigns.store.reporting.evidence import ENTERPRISE, HAZARD, REPORT, SUBMISSION, measure
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report, ReportMember
from campaigns.store.work.tasks import Submission

Written = Mapping[tuple[str, str], Sequence[ReportMember]]
"""What filing wrote down about a report, by atom and kind."""


@dataclass(frozen=True, slots=True)
class _Filed:
    """One filed table with the evidence behind it."""

    report: Report
    form: ReportForm
    cells: Cells
    written: Written

    def ids(self, atom: str, kind: str, in_month: bool) -> list[int]:
        return [one.row_id for one in self.written.get((atom, kind), ()) if one.in_month or not in_month]

    def reported(self, in_month: bool) -> Contribution:
        """What this table brings to the one above it."""
        figure = month if in_month else total
        figures = {atom.code: figure(self.cells.get(atom.code)) for atom in self.form.atoms}
        lists = {atom.code: frozenset(self.ids(atom.code, ENTERPRISE, in_month)) for atom in self.form.atoms}
        return Contribution(figures, lists)

    def computed(self, atom: str, in_month: bool) -> int | None:
        cell = self.cells.get(atom)
        return None if cell is None else cell.month_computed if in_month else cell.total_computed


def wrong_figures(scene: Scene) -> Iterator[Finding]:
    """Recount every filed table; each figure that differs, and each row behind one that is gone, is named."""
    sealed = col(Report.state).in_((ReportState.FILED, ReportState.ACCEPTED, ReportState.REPLACED))
    for report in scene.session.scalars(select(Report).where(sealed).order_by(col(Report.id))):
        filed = _read(scene.session, report)
        for words in (*_missing_rows(scene.session, filed), *_differences(scene.session, filed)):
            yield Finding(
                f"report {report.id}", f"{period_label(report.period)}{report.form}（报表{report.id}）{words}"
            )


def _read(session: Session, report: Report) -> _Filed:
    written: dict[tuple[str, str], list[ReportMember]] = defaultdict(list)
    for member in session.scalars(select(ReportMember).where(col(ReportMember.report_id) == report.id)):
        written[member.atom, member.kind].append(member)
    form = report_form(session, session.get_one(Campaign, report.campaign_id), report.form)
    return _Filed(report, form, cells_of(session, report.id), written)


def _differences(session: Session, filed: _Filed) -> Iterator[str]:
    below = [_read(session, report) for report in _added_in(session, filed)]
    tree_id = filed.report.current_id or filed.report.id
    types_itself = not session.scalar(select(exists().where(col(Report.parent_id) == tree_id)))
    contents = _contents(session, filed)
    for in_month, word in ((True, "当月"), (False, "累计")):
        parts = [_own(filed, contents, in_month), *(lower.reported(in_month) for lower in below)]
        together = roll_up(filed.form, parts)
        for atom in filed.form.atoms:
            if atom.formula or (atom.source != "自动" and types_itself):
                continue  # worked out or typed: the hash of the filing covers those
            expected, stored = together.figures.get(atom.code), filed.computed(atom.code, in_month)
            if expected != stored:
                yield f"第{atom.code}格{word}记为{_shown(stored)}，按封存的明细重算是{_shown(expected)}。"
            if together.members.get(atom.code, frozenset()) != set(filed.ids(atom.code, ENTERPRISE, in_month)):
                yield f"第{atom.code}格{word}封存的企业名单和它的明细对不上。"


def _own(filed: _Filed, contents: Mapping[int, tuple[int, Mapping[str, Any]]], in_month: bool) -> Contribution:
    figures: dict[str, int | None] = {}
    lists: dict[str, frozenset[int]] = {}
    for atom in filed.form.atoms:
        counted = measure(atom)
        if counted is None:
            continue
        ids = filed.ids(atom.code, counted.kind, in_month)
        if counted.distinct:
            lists[atom.code] = frozenset(contents[id_][0] for id_ in ids if id_ in contents)
            figures[atom.code] = len(lists[atom.code])
        elif counted.amount is None:
            figures[atom.code] = len(ids)
        else:
            figures[atom.code] = sum(_amount(atom, contents[id_][1]) for id_ in ids if id_ in contents)
    return Contribution(figures, lists)


def _amount(atom: Atom, content: Mapping[str, Any]) -> int:
    _, _, blank = (atom.computation or "").partition(".")
    return int(content[blank])


def _contents(session: Session, filed: _Filed) -> dict[int, tuple[int, Mapping[str, Any]]]:
    ids = {one.row_id for (_, kind), members in filed.written.items() if kind == SUBMISSION for one in members}
    rows = select(col(Submission.id), col(Submission.subject_id), col(Submission.content))
    return {
        id_: (subject, content) for id_, subject, content in session.execute(rows.where(col(Submission.id).in_(ids)))
    }


def _added_in(session: Session, filed: _Filed) -> Sequence[Report]:
    ids = filed.ids("", REPORT, in_month=False)
    rows = select(Report).where(col(Report.id).in_(ids)).order_by(col(Report.filed_at), col(Report.id))
    return session.scalars(rows).all()


def _missing_rows(session: Session, filed: _Filed) -> Iterator[str]:
    tables: tuple[tuple[str, Any, str], ...] = (
        (HAZARD, Hazard, "隐患"),
        (SUBMISSION, Submission, "记录"),
        (REPORT, Report, "下级报表"),
    )
    for kind, table, what in tables:
        ids = {one.row_id for (_, its), members in filed.written.items() if its == kind for one in members}
        gone = ids - set(session.scalars(select(col(table.id)).where(col(table.id).in_(ids))))
        for id_ in sorted(gone):
            yield f"计入的{what}{id_}已经不在了。"
    strangers = select(col(Report.id)).where(
        col(Report.id).in_(filed.ids("", REPORT, in_month=False)),
        col(Report.state) != ReportState.REPLACED,  # an earlier version, which is the one that was added in
        (col(Report.state) != ReportState.ACCEPTED)
        | col(Report.parent_id).is_distinct_from(filed.report.current_id or filed.report.id),
    )
    for id_ in session.scalars(strangers):
        yield f"计入了不该计入的报表{id_}（没有接收，或不是它的下级）。"


def _shown(value: int | None) -> str:
    return "空" if value is None else f"{value:,}"
