"""Which rows stand behind a figure of a report, as SQL: compute counts them, filing writes them down, a page opens them.

A row counts for the organisation that is answerable for it (the doer of a record; the bureau of a hazard, and
store/hazards/holdings says which after a 移交) and from the instant the system learnt of it: a hazard when it became a major one
(as a rule when it was registered), a rectified one when it was closed, a record when it was accepted. Those instants are the
server's and never change, so a figure as of a cut-off can be counted again years later.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from campaigns.definition.report_form import Atom
from campaigns.rules.states import HazardSource
from campaigns.store.campaign.campaigns import PlannedOccurrence, RosterEntry
from campaigns.store.hazards.hazards import Hazard, SupervisionOrder
from campaigns.store.hazards.holdings import Span, month_begins, moved_hazards, settled_hazards
from campaigns.store.reporting.reports import Report
from campaigns.store.work.tasks import Submission, Task

Condition: TypeAlias = ColumnElement[bool]

__all__ = ["ENTERPRISE", "HAZARD", "REPORT", "SUBMISSION", "Measure", "Span", "evidence", "measure", "tallies"]

HAZARD, SUBMISSION, ENTERPRISE, REPORT = "hazard", "submission", "enterprise", "report"
"""Kinds of `ReportMember`."""
ACCEPTED = "accepted"
HAZARDS = "隐患台账"

_ORDERS = (
    select(
        *(col(SupervisionOrder.recorded_at), col(Hazard.id), col(Hazard.bureau_id), col(Hazard.bureau_since)),
        *(col(Hazard.enterprise_id), col(Hazard.major), col(Hazard.major_since), col(Hazard.closed_at)),
        col(Hazard.import_id),
    )
    .join(Hazard, col(Hazard.id) == col(SupervisionOrder.hazard_id))
    .cte("orders")
    .prefix_with("MATERIALIZED", dialect="sqlite")
    .prefix_with("NOT MATERIALIZED", dialect="postgresql")
)
"""The few hazards on a list (挂牌), gathered first: asked together with all else, SQLite walks the register to find them."""
_Listed: Any = aliased(Hazard, _ORDERS)

REGISTER, LISTED = "台账", "挂牌"
"""The parts of the hazard register that are counted, each read in a pass of its own."""
_PARTS: dict[str, Any] = {REGISTER: Hazard, LISTED: _Listed}
_SELF, _INSPECTED = (col(Hazard.source) == source for source in (HazardSource.SELF, HazardSource.INSPECTION))
_REGISTER_FIGURES: dict[str, tuple[str, Condition | None, Any]] = {
    "自查重大隐患": (REGISTER, _SELF, col(Hazard.major_since)),
    "自查重大隐患已整改": (REGISTER, _SELF, col(Hazard.closed_at)),
    "检查重大隐患": (REGISTER, _INSPECTED, col(Hazard.major_since)),
    "检查重大隐患已整改": (REGISTER, _INSPECTED, col(Hazard.closed_at)),
    "挂牌重大隐患": (LISTED, None, _ORDERS.c.recorded_at),
    "挂牌重大隐患已整改": (LISTED, None, _Listed.closed_at),
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
        return _PARTS[self.part].id if self.part else col(Submission.id)

    @property
    def enterprise_id(self) -> Any:
        """Whom a counted row is about."""
        return _PARTS[self.part].enterprise_id if self.part else col(Submission.subject_id)


def measure(atom: Atom) -> Measure | None:
    """Return how an atom is counted from rows; None when people type it or it follows from other cells.

    `来源` is one of the register figures, a form (its accepted records) or `form.blank`: for 家 the enterprises of the records
    whose blank is above zero (是 is 1), for every other unit the sum of the blank.
    """
    if atom.source != "自动" or atom.computation is None:
        return None
    if found := _REGISTER_FIGURES.get(atom.computation):
        part, source, at = found
        return Measure(HAZARDS, source, at, part=part)
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
    rows = []
    for begins, narrow in _sources(span, [counted]):
        columns: tuple[Any, ...] = (
            col(Report.id).label("report_id"),
            literal(code).label("atom"),
            literal(counted.kind).label("kind"),
            counted.row_id.label("row_id"),
            counted.enterprise_id.label("enterprise_id"),
            (counted.at > begins).label("in_month"),
        )
        rows.append(narrow(select(*columns)).where(*reports, *_within(counted)))
    return rows[0] if len(rows) == 1 else select(union_all(*rows).subquery())


def enterprises(span: Span, atoms: Iterable[Atom], *reports: Condition) -> list[Select[Any]]:
    """Select the enterprises behind each 自动 家 of some reports: (report_id, atom, enterprise_id, in_month).

    The records are read once for all of them; an enterprise stands there once for each record about it.
    """
    counting = [(atom.code, counted) for atom in atoms if (counted := measure(atom)) and counted.distinct]
    if not counting:
        return []
    measures = [counted for _, counted in counting]
    (source,) = _sources(span, measures)
    rows = _what_records_say(source, measures, reports).cte("records").prefix_with("MATERIALIZED")
    return [
        select(rows.c.report_id, literal(code).label("atom"), rows.c.enterprise_id, rows.c.in_month).where(
            rows.c[f"said_{number}"].is_not(None)
        )
        for number, (code, _) in enumerate(counting)
    ]


def tallies(span: Span, atoms: Iterable[Atom], *reports: Condition) -> list[tuple[Select[Any], list[str]]]:
    """Count every 自动 atom of some reports in one pass over the records, and one over each part of the hazard register.

    Returns selects (report_id, then `month_N` and `total_N` for its N-th atom) with the atoms' codes: one per pass, and two
    for hazards, those that stayed with one bureau and those that were handed over; an atom's figure is their sum.
    """
    passes: dict[str, list[tuple[str, Measure]]] = {}
    for atom in atoms:
        if counted := measure(atom):
            passes.setdefault(counted.part, []).append((atom.code, counted))
    return [
        (tally, [code for code, _ in counting])
        for counting in passes.values()
        for tally in _tallies(span, [counted for _, counted in counting], reports)
    ]


def _tallies(span: Span, measures: list[Measure], reports: tuple[Condition, ...]) -> list[Select[Any]]:
    tally = _tally_hazards if measures[0].part else _tally_records
    return [tally(source, measures, reports) for source in _sources(span, measures)]


def _tally_hazards(source: "Source", measures: list[Measure], reports: tuple[Condition, ...]) -> Select[Any]:
    begins, narrow = source
    columns: list[Any] = [col(Report.id).label("report_id")]
    for number, counted in enumerate(measures):
        within = _within(counted)
        columns += [
            func.count(case((and_(counted.at > begins, *within), 1))).label(f"month_{number}"),
            func.count(case((and_(*within), 1))).label(f"total_{number}"),
        ]
    return narrow(select(*columns)).where(*reports).group_by(col(Report.id))


def _tally_records(source: "Source", measures: list[Measure], reports: tuple[Condition, ...]) -> Select[Any]:
    """Add up what the records about one enterprise say, then the enterprises: no 家 is sorted by itself."""
    rows = _what_records_say(source, measures, reports).subquery()
    columns: list[Any] = []
    for number, counted in enumerate(measures):
        together, said = func.max if counted.distinct else func.sum, rows.c[f"said_{number}"]
        columns += [
            together(case((rows.c.in_month, said))).label(f"month_{number}"),
            together(said).label(f"total_{number}"),
        ]
    each = select(rows.c.report_id, *columns).group_by(rows.c.report_id, rows.c.enterprise_id).subquery()
    figures = (
        cast(func.coalesce(func.sum(each.c[column.name]), 0), BigInteger).label(column.name) for column in columns
    )
    return select(each.c.report_id, *figures).group_by(each.c.report_id)


def _what_records_say(source: "Source", measures: list[Measure], reports: tuple[Condition, ...]) -> Select[Any]:
    """One row per record with what it adds to each figure, nothing or null when it does not count."""
    begins, narrow = source
    said = (
        case((and_(*_within(counted)), 1 if counted.amount is None else counted.amount)).label(f"said_{number}")
        for number, counted in enumerate(measures)
    )
    columns: tuple[Any, ...] = (
        col(Report.id).label("report_id"),
        col(Submission.subject_id).label("enterprise_id"),
        (col(Submission.decided_at) > begins).label("in_month"),
    )
    # The offset keeps a database from reading a record's content again for every figure above.
    return narrow(select(*columns, *said)).where(*reports).offset(0)


def _within(counted: Measure) -> tuple[Condition, ...]:
    """What makes a row count up to the report's cut-off; records past it are left out by their source already."""
    own = counted.at <= col(Report.counted_until) if counted.part else col(PlannedOccurrence.form) == counted.register
    return (own,) if counted.condition is None else (own, counted.condition)


Source: TypeAlias = tuple[Any, Callable[[Select[Any]], Select[Any]]]
"""After which instant a row belongs to 当月, and what puts a statement over the rows."""


def _sources(span: Span, together: list[Measure]) -> list[Source]:
    """Return each place where the rows of a report stand that some measures count: records, or one part of the register."""
    part = together[0].part
    if part:
        hazard = _PARTS[part]
        return [
            (col(Report.counted_from), lambda rows: _of_hazards(settled_hazards(rows, hazard), span, part)),
            (month_begins(span, hazard), lambda rows: _of_hazards(moved_hazards(rows, span, hazard), span, part)),
        ]
    forms = sorted({counted.register for counted in together})
    return [(col(Report.counted_from), lambda rows: _of_records(rows, span, forms))]


def _of_records(statement: Select[Any], span: Span, forms: list[str]) -> Select[Any]:
    return (
        statement.select_from(Report)
        .join(Submission, col(Submission.organisation_id) == col(Report.organisation_id))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(
            col(PlannedOccurrence.campaign_id) == span.campaign_id,
            col(PlannedOccurrence.form).in_(forms),
            col(Submission.decision) == ACCEPTED,
            col(Submission.nil).is_(False),
            col(Submission.decided_at) >= span.starts_at,
            col(Submission.decided_at) <= col(Report.counted_until),
        )
    )


def _of_hazards(statement: Select[Any], span: Span, part: str) -> Select[Any]:
    on_roster = select(col(RosterEntry.organisation_id)).where(col(RosterEntry.campaign_id) == span.campaign_id)
    hazard = _PARTS[part]
    return statement.where(
        hazard.major.is_(True),
        hazard.import_id.is_(None),  # what an old ledger tells of stands in what was filed then
        hazard.major_since >= span.starts_at,
        hazard.enterprise_id.in_(on_roster),
    )
