"""What a ranking's figures are counted from: per region and as of the end of a day, one statement per measure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlmodel import Session, col

from campaigns.definition.conditions import formula
from campaigns.definition.expressions import Node, Operation, evaluate
from campaigns.definition.ranking import ScoreItem
from campaigns.definition.report_form import ReportForm
from campaigns.rules.permissions import Level, OrganisationKind
from campaigns.rules.rankings.ranking import Figure
from campaigns.rules.states import UNFILED_REPORT_STATES, ReportState, TaskState
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence, RosterEntry
from campaigns.store.campaign.counted import counts, done_by, due_at
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.reporting.cells import cells_of, filed_figures
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report
from campaigns.store.work.tasks import Task

LEVELS: Mapping[str, Level] = {"市": Level.CITY, "县": Level.COUNTY}
Figures = Mapping[int, Figure]


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted: a campaign below a region, region by region of a level, up to an instant."""

    session: Session
    campaign: Campaign
    above: Region
    level: Level
    until: datetime
    until_on: date

    @property
    def part(self) -> Any:
        """The column of Region that names the region of the level."""
        return getattr(Region, f"{self.level}_id")

    @property
    def inside(self) -> ColumnElement[bool]:
        """Below the region."""
        return and_(getattr(Region, f"{self.above.level}_id") == self.above.id, self.part.is_not(None))


def regions(session: Session, above: Region, level: Level) -> list[Region]:
    """Return the regions of a level below a region, in the order of their codes."""
    below = getattr(Region, f"{above.level}_id") == above.id
    return list(session.scalars(select(Region).where(below, col(Region.level) == level).order_by(col(Region.code))))


def figures_of(counting: Counting, item: ScoreItem) -> Figures:
    """Return an item's figure by region; a region without any row is absent, and 评分 has no rows at all."""
    if item.measure == "报表":
        return _from_reports(counting, item)
    return RATES[item.measure](counting) if item.measure in RATES else {}


def _rates(counting: Counting, statement: Select[Any]) -> Figures:
    rows = counting.session.execute(statement.where(counting.inside).group_by(counting.part))
    return {region: Figure.rate(numerator or 0, denominator or 0) for region, numerator, denominator in rows}


def _sum(condition: ColumnElement[bool]) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _tasks(counting: Counting) -> Figures:
    due = due_at(counting.until)
    return _rates(
        counting,
        select(counting.part, _sum(and_(due, done_by(counting.until))), _sum(due))
        .select_from(Task)
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Organisation, col(Organisation.id) == col(Task.organisation_id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .where(col(Task.campaign_id) == counting.campaign.id, *counts()),
    )


def _hazards(counting: Counting) -> Figures:
    enrolled = select(col(RosterEntry.organisation_id)).where(col(RosterEntry.campaign_id) == counting.campaign.id)
    return _rates(
        counting,
        select(counting.part, _sum(col(Hazard.closed_at) <= counting.until), func.count())
        .select_from(Hazard)
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .where(
            col(Hazard.major).is_(True),
            col(Hazard.major_since) <= counting.until,
            col(Hazard.enterprise_id).in_(enrolled),
        ),
    )


def _in_time(counting: Counting) -> Figures:
    came = and_(
        col(Report.state).not_in(UNFILED_REPORT_STATES),
        col(Report.received_at).is_not(None),
        col(Report.received_at) <= counting.until,
    )
    return _rates(
        counting,
        select(counting.part, _sum(and_(came, col(Report.late).is_(False))), func.count())
        .select_from(Report)
        .join(Task, col(Task.id) == col(Report.task_id))
        .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .where(
            col(Report.campaign_id) == counting.campaign.id,
            col(Report.current_id).is_(None),
            col(Task.state).not_in((TaskState.WAIVED, TaskState.WITHDRAWN)),
            or_(came, due_at(counting.until)),
        ),
    )


RATES: Mapping[str, Callable[[Counting], Figures]] = {
    "到期完成率": _tasks,
    "重大隐患整改率": _hazards,
    "报送及时率": _in_time,
}


def _from_reports(counting: Counting, item: ScoreItem) -> Figures:
    """Work the formula out over the newest accepted report of each region's own bureau."""
    name, node = item.report or "", formula(item.formula or "")
    form = report_form(counting.session, counting.campaign, name)
    rows = counting.session.execute(
        select(col(Organisation.region_id), col(Report.id))
        .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .where(
            col(Report.campaign_id) == counting.campaign.id,
            col(Report.form) == name,
            col(Report.state) == ReportState.ACCEPTED,
            col(Report.cutoff_on) <= counting.until_on,
            col(Organisation.kind) == OrganisationKind.BUREAU,
            col(Region.level) == counting.level,
            counting.inside,
        )
        .order_by(col(Report.cutoff_on), col(Report.id))
    )
    newest = dict(rows.tuples().all())
    missing = Figure(missing=f"没有已接收的{name}")
    found = {region: _worked_out(counting.session, form, node, report_id) for region, report_id in newest.items()}
    return {one.id: missing for one in regions(counting.session, counting.above, counting.level)} | found


def _worked_out(session: Session, form: ReportForm, node: Node, report_id: int) -> Figure:
    filed = _Filed(form, filed_figures(form, cells_of(session, report_id)))
    if isinstance(node, Operation) and node.sign == "÷":
        over, under = evaluate(node.left, filed), evaluate(node.right, filed)
        if over is None or under is None:
            return Figure(missing=f"{form.title}里有空着的格")
        return Figure.rate(int(over), int(under))
    value = evaluate(node, filed)
    return Figure(missing=f"{form.title}里有空着的格") if value is None else Figure(Fraction(value))


class _Filed:
    """The figures of one filed report; a computed cell is worked out."""

    def __init__(self, form: ReportForm, figures: Mapping[str, int | None]) -> None:
        self.figures = figures
        self.formulas = {atom.code: atom.formula for atom in form.atoms if atom.formula}

    def name(self, word: str) -> None:
        """No bare word has a value here."""

    def call(self, function: str, argument: str) -> int | Fraction | None:
        """Return 指标(编号)."""
        value = self.figures.get(argument)
        if value is None and argument in self.formulas:
            return evaluate(formula(self.formulas[argument]), self)
        return value
