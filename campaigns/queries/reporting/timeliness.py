"""及时性和完整性: of the reports due so many came, on time or late, as first dated and as extended; each opens its rows.

Judged is whoever files by a duty of his own; a level that only adds up has no deadline. A duty that was waived or withdrawn is
not expected. A 更正 changes nothing here: `received_at` is when the first version came, as rules/reporting/punctuality judges it
after a 退回.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, literal_column, or_, select, true
from sqlmodel import Session, col

from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor, Level, OrganisationKind
from campaigns.rules.states import UNFILED_REPORT_STATES, ReportState, Stated, TaskState
from campaigns.rules.work.fields import read_id
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.reporting.reports import Report
from campaigns.store.scope import campaigns_in_sight, visible
from campaigns.store.work.tasks import Task

NOT_EXPECTED = (TaskState.WAIVED, TaskState.WITHDRAWN)


class Split(Stated):
    """What the lines are."""

    PERIOD = "period", "按期次"
    REGION = "region", "按地区"
    LEVEL = "level", "按层级"


class Count(Stated):
    """What a column counts."""

    EXPECTED = "expected", "应报"
    RECEIVED = "received", "已报"
    ON_TIME = "on_time", "按原期限按时"
    EXTENDED = "extended", "按延期后期限按时"
    LATE = "late", "迟报"
    MISSING = "missing", "缺报"


@dataclass(frozen=True, slots=True)
class Punctuality:
    """One period, region or level; `counts` has every column."""

    key: str
    title: str
    counts: Mapping[Count, int]

    def percent(self, count: Count) -> str:
        """Return a count as a share of what was expected: 66.7%; recomputed from the counts, never averaged."""
        expected = self.counts[Count.EXPECTED]
        return f"{self.counts[count] * 100 / expected:.1f}%" if expected else "—"


@dataclass(frozen=True, slots=True)
class Filed:
    """One report behind a count. `due_at` as first dated, `extended_to` if it was put off."""

    report_id: int
    organisation: str
    form: str
    period: str
    state: ReportState
    due_at: datetime
    extended_to: datetime | None
    received_at: datetime | None
    late: bool
    nil: bool
    behalf: str
    version: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which reports are looked at: a campaign's, of one form or (empty) all."""

    campaign_id: int
    form: str
    actor: Actor
    now: datetime


def timeliness(session: Session, asked: Asked, split: Split) -> tuple[Punctuality, ...]:
    """Return the lines of a split, newest period or highest level first, and the whole as the last line."""
    key, title, order = _lines(split)
    sums = [func.sum(case((condition, 1), else_=0)) for condition in _conditions().values()]
    columns = key.label("line_key"), title.label("line_title")
    named: tuple[ColumnElement[str], ...] = (
        literal_column("line_key"),
        literal_column("line_title"),
    )  # PostgreSQL takes two binds for two expressions
    rows = session.execute(_reports(asked, *columns, *sums).group_by(*named).order_by(order)).all()
    lines = tuple(Punctuality(str(row[0]), str(row[1]), dict(zip(Count, row[2:], strict=True))) for row in rows)
    if not lines:
        return ()
    total = {count: sum(line.counts[count] for line in lines) for count in Count}
    return (*(_named(line, split) for line in lines), Punctuality("", "合计", total))


def filed_reports(session: Session, asked: Asked, *, split: Split, key: str, count: Count) -> tuple[Filed, ...]:
    """Return the reports behind one figure, the latest due first; an empty key is the whole."""
    column, _, _ = _lines(split)
    this: ColumnElement[bool] = (
        func.coalesce(column, "") == key if split is not Split.REGION else column == read_id(key)
    )
    rows = session.execute(
        _reports(asked, Report, col(Organisation.name), col(Task.due_at))
        .where(_conditions()[count], this if key else true())
        .order_by(col(Report.due_at).desc(), col(Organisation.id))
        .limit(1000)
    )
    return tuple(_filed(report, name, due_at) for report, name, due_at in rows)


def forms_of(session: Session, *, campaign_id: int, actor: Actor) -> tuple[str, ...]:
    """Return the reports of a campaign that somebody in sight files by a duty."""
    mine = select(col(Report.form)).where(
        col(Report.campaign_id) == campaign_id,
        col(Report.task_id).is_not(None),
        col(Report.organisation_id).in_(visible(actor)),
    )
    return tuple(session.scalars(mine.distinct().order_by(col(Report.form))))


def _reports(asked: Asked, *columns: Any) -> Select[Any]:
    chosen = select(*columns).select_from(Report).join(Task, col(Task.id) == col(Report.task_id))
    chosen = chosen.join(Organisation, col(Organisation.id) == col(Report.organisation_id))
    return chosen.join(Region, col(Region.id) == col(Organisation.region_id)).where(
        col(Report.campaign_id) == asked.campaign_id,
        col(Report.campaign_id).in_(campaigns_in_sight(asked.actor)),
        col(Report.organisation_id).in_(visible(asked.actor)),
        col(Task.state).not_in(NOT_EXPECTED),
        or_(_received(), col(Task.due_at) < asked.now),  # who still has time is neither on time nor missing
        col(Report.form) == asked.form if asked.form else true(),
    )


def _conditions() -> dict[Count, ColumnElement[bool]]:
    received = _received()
    return {
        Count.EXPECTED: true(),
        Count.RECEIVED: received,
        Count.ON_TIME: and_(received, col(Report.received_at) <= col(Report.due_at)),
        Count.EXTENDED: and_(received, col(Report.late).is_(False)),
        Count.LATE: and_(received, col(Report.late).is_(True)),
        Count.MISSING: ~received,
    }


def _received() -> ColumnElement[bool]:
    return col(Report.state).not_in(UNFILED_REPORT_STATES)


def _lines(split: Split) -> tuple[Any, Any, Any]:
    """Return what a line is, what it is called, and in which order lines stand."""
    if split is Split.PERIOD:
        return col(Report.period), col(Report.period), func.min(col(Report.due_at)).desc()
    if split is Split.REGION:
        return col(Region.id), col(Region.name), func.min(col(Region.code))
    enterprise = col(Organisation.kind) == OrganisationKind.ENTERPRISE
    level = case((enterprise, literal("enterprise")), else_=col(Region.level))
    return level, level, func.min(col(Region.code))


def _named(line: Punctuality, split: Split) -> Punctuality:
    if split is Split.REGION:
        return line
    if split is Split.PERIOD:
        title = period_label(line.key)
    else:
        title = "企业" if line.key == "enterprise" else f"{Level(line.key).label}级"
    return Punctuality(line.key, title, line.counts)


def _filed(report: Report, name: str, due_at: datetime) -> Filed:
    return Filed(
        report_id=report.id,
        organisation=name,
        form=report.form,
        period=report.period,
        state=ReportState(report.state),
        due_at=report.due_at,
        extended_to=due_at if due_at != report.due_at else None,
        received_at=report.received_at if report.state not in UNFILED_REPORT_STATES else None,
        late=report.late,
        nil=report.nil,
        behalf=report.behalf,
        version=report.version,
    )
