"""Which rows stand behind a figure of a report, as SQL: compute counts them, filing writes them down, a page opens them.

A row counts for the organisation that is answerable for it (the doer of a record; the bureau of a hazard, and store/holdings
says which after a 移交) and from the instant the system learnt of it: a hazard when it became a major one (as a rule when it was
registered), a rectified one when it was closed, a record when it was accepted. Those instants are the server's and never change,
so a figure as of a cut-off can be counted again years later.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, distinct, func, literal, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from campaigns.definition.report_form import Atom, ReportForm
from campaigns.rules.states import HazardSource
from campaigns.store.campaigns import PlannedOccurrence, RosterEntry
from campaigns.store.hazards import FormerBureau, Hazard, SupervisionOrder
from campaigns.store.holdings import Span, held_now, held_then, month_begins
from campaigns.store.reports import Report
from campaigns.store.tasks import Submission, Task

Condition: TypeAlias = ColumnElement[bool]

__all__ = ["ENTERPRISE", "HAZARD", "REPORT", "SUBMISSION", "Measure", "Span", "evidence", "measure", "tallies"]

HAZARD, SUBMISSION, ENTERPRISE, REPORT = "hazard", "submission", "enterprise", "report"
"""Kinds of `ReportMember`."""
ACCEPTED = "accepted"
HAZARDS = "隐患台账"

SELF, INSPECTED, LISTED = "自查", "检查", "挂牌"
"""The parts of the hazard register that are counted, each read in a pass of its own."""
_PARTS: dict[str, Condition] = {
    SELF: col(Hazard.source) == HazardSource.SELF,
    INSPECTED: col(Hazard.source) == HazardSource.INSPECTION,
    LISTED: col(SupervisionOrder.id).is_not(None),
}
_REGISTER_FIGURES: dict[str, tuple[str, Any]] = {
    "自查重大隐患": (SELF, col(Hazard.major_since)),
    "自查重大隐患已整改": (SELF, col(Hazard.closed_at)),
    "检查重大隐患": (INSPECTED, col(Hazard.major_since)),
    "检查重大隐患已整改": (INSPECTED, col(Hazard.closed_at)),
    "挂牌重大隐患": (LISTED, col(SupervisionOrder.recorded_at)),
    "挂牌重大隐患已整改": (LISTED, col(Hazard.closed_at)),
}
"""Figures counted from the hazard register. 已整改 means 销号: rectified, rechecked by somebody else, closed (004 七（二）)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How one 自动 atom is counted: in which register and part of it, under which condition, from which instant.

    `amount` is added up; without it rows are counted, or with `distinct` the enterprises they are about.
    """

    register: str
    condition: Condition | None
    at: Any
    amount: Any = None
    distinct: bool = False
    part: str = ""

    @property
    def kind(self) -> str:
        """What its rows are: hazards, or submissions of a form."""
        return HAZARD if self.register == HAZARDS else SUBMISSION

    @property
    def row_id(self) -> Any:
        """The id of a counted row."""
        return col(Hazard.id) if self.kind == HAZARD else col(Submission.id)

    @property
    def enterprise_id(self) -> Any:
        """Whom a counted row is about."""
        return col(Hazard.enterprise_id) if self.kind == HAZARD else col(Submission.subject_id)


def measure(atom: Atom) -> Measure | None:
    """Return how an atom is counted from rows; None when people type it or it follows from other cells.

    `来源` is one of the register figures, a form (its accepted records) or `form.blank`: for 家 the enterprises of the records
    whose blank is above zero (是 is 1), for every other unit the sum of the blank.
    """
    if atom.source != "自动" or atom.computation is None:
        return None
    if found := _REGISTER_FIGURES.get(atom.computation):
        part, at = found
        return Measure(HAZARDS, None, at, part=part)
    form, _, blank = atom.computation.partition(".")
    value = cast(col(Submission.content)[blank].as_string(), BigInteger) if blank else None
    above_zero = None if value is None else value > 0
    accepted_at = col(Submission.decided_at)
    if atom.unit == "家":
        about_another = col(Submission.subject_id) != col(Submission.organisation_id)
        condition = about_another if above_zero is None else and_(about_another, above_zero)
        return Measure(form, condition, accepted_at, distinct=True)
    return Measure(form, above_zero, accepted_at, amount=value)


def evidence(span: Span, counted: Measure, code: str, *reports: Condition) -> Select[Any]:
    """Select the rows behind one atom of some reports: (report_id, atom, kind, row_id, enterprise_id, in_month)."""
    columns: tuple[Any, ...] = (
        col(Report.id).label("report_id"),
        literal(code).label("atom"),
        literal(counted.kind).label("kind"),
        counted.row_id.label("row_id"),
        counted.enterprise_id.label("enterprise_id"),
        _in_month(counted, span).label("in_month"),
    )
    sources = _sources(select(*columns), span, counted.register, counted.part)
    rows = [source.where(*reports, _within(counted)) for source in sources]
    return rows[0] if len(rows) == 1 else select(union_all(*rows).subquery())


def tallies(span: Span, form: ReportForm, *reports: Condition) -> list[tuple[Select[Any], list[str]]]:
    """Count every 自动 atom of some reports in one pass over each register, or over each part of the hazard register.

    Returns selects (report_id, then `month_N` and `total_N` for its N-th atom) with the atoms' codes: one per pass, and two
    for hazards, those that a bureau answers for and those that it has handed over since; an atom's figure is their sum.
    """
    passes: dict[tuple[str, str], list[tuple[str, Measure]]] = {}
    for atom in form.atoms:
        if counted := measure(atom):
            passes.setdefault((counted.register, counted.part), []).append((atom.code, counted))
    return [
        (tally, [code for code, _ in atoms])
        for atoms in passes.values()
        for tally in _tallies(span, [counted for _, counted in atoms], reports)
    ]


def _tallies(span: Span, measures: list[Measure], reports: tuple[Condition, ...]) -> list[Select[Any]]:
    columns: list[Any] = [col(Report.id).label("report_id")]
    for number, counted in enumerate(measures):
        columns += [
            _total(counted, and_(_within(counted), _in_month(counted, span))).label(f"month_{number}"),
            _total(counted, _within(counted)).label(f"total_{number}"),
        ]
    sources = _sources(select(*columns), span, measures[0].register, measures[0].part)
    return [source.where(*reports).group_by(col(Report.id)) for source in sources]


def _total(counted: Measure, which: Condition) -> ColumnElement[int]:
    if counted.distinct:
        return func.count(distinct(case((which, counted.enterprise_id))))
    if counted.amount is None:
        return func.count(case((which, counted.row_id)))
    return cast(func.coalesce(func.sum(case((which, counted.amount))), 0), BigInteger)


def _within(counted: Measure) -> Condition:
    until = counted.at <= col(Report.counted_until)
    return until if counted.condition is None else and_(until, counted.condition)


def _in_month(counted: Measure, span: Span) -> Condition:
    after: Condition = counted.at > (month_begins(span) if counted.kind == HAZARD else col(Report.counted_from))
    return after


def _sources(statement: Select[Any], span: Span, register: str, part: str) -> list[Select[Any]]:
    """Return the statement over each place where a register's rows of a report stand."""
    if register == HAZARDS:
        return [_present_hazards(statement, span, part), _former_hazards(statement, span, part)]
    records = (
        statement.select_from(Report)
        .join(Submission, col(Submission.organisation_id) == col(Report.organisation_id))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(
            col(PlannedOccurrence.campaign_id) == span.campaign_id,
            col(PlannedOccurrence.form) == register,
            col(Submission.decision) == ACCEPTED,
            col(Submission.nil).is_(False),
            col(Submission.decided_at) >= span.starts_at,
        )
    )
    return [records]


def _present_hazards(statement: Select[Any], span: Span, part: str) -> Select[Any]:
    return _of_hazards(statement.select_from(Report).join(Hazard, held_now(Report, span)), span, part)


def _former_hazards(statement: Select[Any], span: Span, part: str) -> Select[Any]:
    former = aliased(FormerBureau)
    moved = statement.select_from(Report).join(former, held_then(former, Report, span))
    return _of_hazards(moved.join(Hazard, col(Hazard.id) == former.hazard_id), span, part)


def _of_hazards(statement: Select[Any], span: Span, part: str) -> Select[Any]:
    on_roster = select(col(RosterEntry.organisation_id)).where(col(RosterEntry.campaign_id) == span.campaign_id)
    rows = statement
    if part == LISTED:
        rows = rows.join(SupervisionOrder, col(SupervisionOrder.hazard_id) == col(Hazard.id))
    return rows.where(
        _PARTS[part],
        col(Hazard.major).is_(True),
        col(Hazard.import_id).is_(None),  # what an old ledger tells of stands in what was filed then
        col(Hazard.major_since) >= span.starts_at,
        col(Hazard.enterprise_id).in_(on_roster),
    )
