"""Opening a period: one report for every organisation that files, and one for every level above it, linked up the tree."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, exists, func, literal, null, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.actions.reporting.rollup import compute
from campaigns.clock import instant, local_date
from campaigns.definition.report_form import ReportForm
from campaigns.errors import NotFound
from campaigns.rules.permissions import SYSTEM, Level, OrganisationKind
from campaigns.rules.states import ReportState, TaskState
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.database import upsert_into
from campaigns.store.directory.regions import Organisation, Region, Supervision
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report
from campaigns.store.work.tasks import Task

CAUGHT_UP_AFTER = timedelta(minutes=5)
"""A period opened later than this after its deadline is marked 补发: nothing was running then."""
_LEVELS = {level.label: level for level in Level}
_NOT_DUE = (TaskState.WAIVED, TaskState.WITHDRAWN)


def open_period(session: Session, *, campaign_id: int, form: str, period: str, now: datetime) -> int:
    """Open and prefill the reports of a period and return how many are new; twice is once.

    Everybody whose task asks for the report files one; every level above that the form's 汇总 names gets the one that theirs
    are added up in. A period without a line in the plan is not found.
    """
    campaign, due = session.get(Campaign, campaign_id), _due(session, campaign_id, form, period)
    if campaign is None or due is None:
        raise NotFound(f"本行动的计划里没有“{period}”这一期“{form}”。")
    session.flush()
    shape = report_form(session, campaign, form)
    family = _family(campaign_id, form, period)
    before = _count(session, family)
    blank = _blank(campaign, form, period, due, now)
    _insert(session, blank, _filers(campaign_id, form, period))
    _insert(session, blank, _supervisors_of_filers(family))
    levels = _levels_of(shape)
    for level in levels:
        _insert(session, blank, _bureaus_above(family, levels, level))
    _link_enterprises(session, family)
    _link(session, family, levels)
    _follow(session, family)
    new = _count(session, family) - before
    if new:
        compute(session, campaign_id=campaign_id, form=form, period=period, now=now)
        data = {"form": form, "period": period, "reports": new, "caught_up": blank["caught_up"]}
        to = campaign.bureau_id
        record(session, "report.opened", by=SYSTEM, now=now, campaign_id=campaign_id, organisation_id=to, **data)
    return new


def open_due_periods(session: Session, *, campaign_id: int, now: datetime) -> int:
    """Open every period whose task has begun, the oldest first, and return how many reports are new."""
    opened = exists().where(
        col(Report.campaign_id) == campaign_id,
        col(Report.form) == col(PlannedOccurrence.report),
        col(Report.period) == col(PlannedOccurrence.period),
    )
    begun = (
        select(col(PlannedOccurrence.report), col(PlannedOccurrence.period))
        .where(
            col(PlannedOccurrence.campaign_id) == campaign_id,
            col(PlannedOccurrence.report).is_not(None),
            col(PlannedOccurrence.opens_on) <= local_date(now),
            ~opened,
        )
        .group_by(col(PlannedOccurrence.report), col(PlannedOccurrence.period))
        .order_by(func.min(col(PlannedOccurrence.due_at)))
    )
    return sum(
        open_period(session, campaign_id=campaign_id, form=form, period=period, now=now)
        for form, period in session.execute(begun).all()
    )


def _due(session: Session, campaign_id: int, form: str, period: str) -> Any:
    planned = _planned(campaign_id, form, period)
    due = select(col(PlannedOccurrence.due_on), col(PlannedOccurrence.due_at)).where(*planned)
    return session.execute(due.order_by(col(PlannedOccurrence.due_at)).limit(1)).first()


def _planned(campaign_id: int, form: str, period: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(PlannedOccurrence.campaign_id) == campaign_id,
        col(PlannedOccurrence.report) == form,
        col(PlannedOccurrence.period) == period,
    )


def _family(campaign_id: int, form: str, period: str) -> tuple[ColumnElement[bool], ...]:
    return col(Report.campaign_id) == campaign_id, col(Report.form) == form, col(Report.period) == period


def _count(session: Session, family: tuple[ColumnElement[bool], ...]) -> int:
    return session.scalar(select(func.count()).select_from(Report).where(*family)) or 0


def _blank(campaign: Campaign, form: str, period: str, due: Any, now: datetime) -> dict[str, Any]:
    start = instant(campaign.starts_on, time.min)
    return {
        "campaign_id": campaign.id,
        "form": form,
        "period": period,
        "version": 1,
        "cutoff_on": due.due_on,
        "due_at": due.due_at,
        "counted_from": start,
        "counted_until": start,
        "state": ReportState.OPEN.value,
        "late": False,
        "caught_up": now > due.due_at + CAUGHT_UP_AFTER,
        "nil": False,
        "computed_through": 0,
        "reason": "",
        "sha256": "",
        "edit_version": 1,
    }


def _filers(campaign_id: int, form: str, period: str) -> Select[Any]:
    return (
        select(col(Task.organisation_id), func.min(col(Task.id)))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(*_planned(campaign_id, form, period), col(Task.state).not_in(_NOT_DUE))
        .group_by(col(Task.organisation_id))
    )


def _supervisors_of_filers(family: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    """The bureaus that take in what enterprises file: whoever supervises them now."""
    return (
        select(col(Supervision.bureau_id), cast(null(), Integer))
        .join(Report, col(Report.organisation_id) == col(Supervision.enterprise_id))
        .where(*family, col(Supervision.ended_on).is_(None))
        .distinct()
    )


def _levels_of(form: ReportForm) -> list[Level]:
    """The levels at which reports are added up, lowest first."""
    return [_LEVELS[label] for label in form.rollup.levels if label in _LEVELS] if form.rollup else []


def _bureaus_above(family: tuple[ColumnElement[bool], ...], levels: Sequence[Level], level: Level) -> Select[Any]:
    filer, place = aliased(Organisation), aliased(Region)
    ancestors = (
        select(getattr(place, f"{level}_id"))
        .select_from(Report)
        .join(filer, col(filer.id) == col(Report.organisation_id))
        .join(place, col(place.id) == col(filer.region_id))
        .where(*family, col(place.level) != level, col(filer.kind) != OrganisationKind.ENTERPRISE)
    )
    return (
        select(func.min(col(Organisation.id)), cast(null(), Integer))
        .where(col(Organisation.kind) == OrganisationKind.BUREAU, col(Organisation.region_id).in_(ancestors))
        .group_by(col(Organisation.region_id))
    )


def _insert(session: Session, blank: dict[str, Any], organisations: Select[Any]) -> None:
    who = organisations.subquery()
    organisation_id, task_id = who.c
    columns = Report.__table__.c  # type: ignore[attr-defined]
    values = [literal(value, columns[name].type) for name, value in blank.items()]
    rows = select(organisation_id, task_id, *values).where(organisation_id.is_not(None))
    insert = upsert_into(session, Report).from_select(["organisation_id", "task_id", *blank], rows)
    session.execute(insert.once())


def _link_enterprises(session: Session, family: tuple[ColumnElement[bool], ...]) -> None:
    upper = aliased(Report)
    supervising = (
        select(col(upper.id))
        .join(Supervision, col(Supervision.bureau_id) == col(upper.organisation_id))
        .where(
            col(Supervision.enterprise_id) == col(Report.organisation_id),
            col(Supervision.ended_on).is_(None),
            col(upper.campaign_id) == col(Report.campaign_id),
            col(upper.form) == col(Report.form),
            col(upper.period) == col(Report.period),
        )
        .correlate(Report)
        .scalar_subquery()
    )
    _set(session, family, col(Report.parent_id).is_(None), parent_id=supervising)


def _link(session: Session, family: tuple[ColumnElement[bool], ...], levels: Sequence[Level]) -> None:
    """Hang every report under the nearest level above that has one."""
    for level in levels:
        own, place, upper = aliased(Organisation), aliased(Region), aliased(Report)
        upper_org, upper_place = aliased(Organisation), aliased(Region)
        nearest = (
            select(col(upper.id))
            .select_from(own)
            .join(place, col(place.id) == col(own.region_id))
            .join(
                upper_place, and_(col(upper_place.id) == getattr(place, f"{level}_id"), col(upper_place.level) == level)
            )
            .join(upper_org, col(upper_org.region_id) == col(upper_place.id))
            .join(upper, col(upper.organisation_id) == col(upper_org.id))
            .where(
                col(own.id) == col(Report.organisation_id),
                col(own.kind) != OrganisationKind.ENTERPRISE,
                col(place.level) != level,
                col(upper.campaign_id) == col(Report.campaign_id),
                col(upper.form) == col(Report.form),
                col(upper.period) == col(Report.period),
                col(upper_org.kind) == OrganisationKind.BUREAU,
            )
            .correlate(Report)
            .scalar_subquery()
        )
        _set(session, family, col(Report.parent_id).is_(None), parent_id=nearest)


def _follow(session: Session, family: tuple[ColumnElement[bool], ...]) -> None:
    """Link every report to the one of the period before."""
    last = aliased(Report)
    before = (
        select(col(last.id))
        .where(
            col(last.campaign_id) == col(Report.campaign_id),
            col(last.form) == col(Report.form),
            col(last.organisation_id) == col(Report.organisation_id),
            col(last.due_at) < col(Report.due_at),
            col(last.state) != ReportState.REPLACED,
        )
        .order_by(col(last.due_at).desc())
        .limit(1)
        .correlate(Report)
        .scalar_subquery()
    )
    _set(session, family, col(Report.previous_id).is_(None), previous_id=before)


def _set(session: Session, family: tuple[ColumnElement[bool], ...], empty: ColumnElement[bool], **values: Any) -> None:
    standing = col(Report.state) != ReportState.REPLACED
    session.execute(
        update(Report).where(*family, empty, standing).values(**values).execution_options(synchronize_session=False)
    )
