"""The monthly table of one organisation: what the system computed, what is reported, why they differ, what is wrong."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.definition.report_form import ReportForm
from campaigns.errors import NotFound
from campaigns.queries.reporting.compiled import Said, said_below
from campaigns.queries.reporting.life import Life, life_of
from campaigns.queries.reporting.lines import Section, sections_of
from campaigns.rules.permissions import Actor, Permission, Relation, why_not
from campaigns.rules.states import OPEN_REPORT_STATES, ReportState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.cells import cells_of, fingerprint
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.handed_over import HandedOver, handed_over
from campaigns.store.reporting.reports import Report
from campaigns.store.scope import check_relation, decider_id, excused


@dataclass(frozen=True, slots=True)
class Below:
    """One lower level's report of the same period."""

    report_id: int
    organisation: str
    state: ReportState
    filed_at: datetime | None
    late: bool
    excused: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading over some columns of a matrix or a list."""

    title: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """How the paper lies: `pairs` of name and value in a row, or a `grid` (rows × columns, `listed`: numbered blank lines).

    `this_period_only`: the form has no 累计.
    """

    pairs: int
    grid: bool
    listed: bool
    headings: tuple[Heading, ...]
    row_heading: str
    this_period_only: bool


@dataclass(frozen=True, slots=True)
class MonthlyTable:
    """The whole table, whatever its form. `said` is what lower levels wrote in words or lists.

    `why_not_*` is empty when the actor may, else the sentence for the disabled button.
    """

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
    shape: Shape
    sections: tuple[Section, ...]
    below: tuple[Below, ...]
    said: tuple[Said, ...]
    moved: tuple[str, ...]
    life: Life
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
        return tuple(each for each in self.below if each.state is not ReportState.ACCEPTED and not each.excused)


_AS_STORED = ("filed_at", "decided_at", "cutoff_on", "due_at", "counted_until", "late", "caught_up", "nil")


def monthly_table(session: Session, *, report_id: int, actor: Actor) -> MonthlyTable:
    """Return a report with everything its page shows; out of sight is not found."""
    report, relation = _in_sight(session, report_id, actor)
    campaign, cells = session.get_one(Campaign, report.campaign_id), cells_of(session, report.id)
    moved = handed_over(session, form := report_form(session, campaign, report.form), report)
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
        filed_by=_name(session, report.filed_by_id),
        decided_by=_name(session, report.decided_by_id),
        reason=report.reason,
        sha256=report.sha256,
        edit_version=report.edit_version,
        seen=(seen := fingerprint(form, cells)),
        **{name: getattr(report, name) for name in _AS_STORED},
        shape=_shape(form),
        sections=(sections := sections_of(session, report, form, cells, moved)),
        below=_below(session, report.id),
        said=said_below(session, report, form),
        moved=_moved(moved, sealed=report.state not in OPEN_REPORT_STATES),
        life=(life := life_of(session, report, form, actor=actor, relation=relation, seen=seen)),
        why_not_fill=life.why_not_fill,
        why_not_file=life.why_not_file or _unready(sections),
        why_not_decide=why_not(actor, Permission.DECIDE_REPORT, relation) or _not_decider(session, report, actor),
    )


def _moved(moved: HandedOver, *, sealed: bool) -> tuple[str, ...]:
    ways = ((moved.left, "移出", "不再计入"), (moved.came, "接入", "计入"))
    said = tuple(
        f"{name}监管主体{way}，上期末登记的重大隐患{number}项本期起{effect}本表的累计。"
        for hazards, way, effect in ways
        for name, number in hazards.items()
    )
    absent = tuple(f"{name}本期没有计入，它上期的累计也不在本表里。" for name in moved.absent)
    return (*said, *absent) if sealed else said  # while a table is open, who is not in stands among those waited for


def _in_sight(session: Session, report_id: int, actor: Actor) -> tuple[Report, Relation]:
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound
    return report, check_relation(session, actor, Permission.SEE, report.organisation_id)


def _shape(form: ReportForm) -> Shape:
    return Shape(
        pairs=form.layout.pairs if form.layout.kind == "成对" else 1,
        grid=form.layout.kind == "矩阵",
        listed=form.lines > 0,
        headings=tuple(
            Heading(title, tuple(cell.on_paper for cell in cells)) for title, cells in form.sections.items()
        ),
        row_heading=form.layout.row_heading,
        this_period_only="累计" not in form.basis,
    )


def _below(session: Session, report_id: int) -> tuple[Below, ...]:
    rows = session.execute(
        select(Report, col(Organisation.name), excused().label("excused"))
        .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
        .where(col(Report.parent_id) == report_id)
        .order_by(col(Organisation.id))
    )
    return tuple(
        Below(r.id, name, ReportState(r.state), r.filed_at, r.late, bool(let_off)) for r, name, let_off in rows
    )


def _name(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return "" if person is None else person.name


def _unready(sections: tuple[Section, ...]) -> str:
    count = sum(len(figure.findings) for section in sections for line in section.lines for figure in line.figures)
    return f"还有{count}处要先填好或改正，见下面标出的格。" if count else ""


def _not_decider(session: Session, report: Report, actor: Actor) -> str:
    if actor.organisation_id != decider_id(session, report):
        return "由它的直接上级接收或退回。"
    return "" if report.state == ReportState.FILED else "下级上报后才能接收或退回。"
