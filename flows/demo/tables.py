"""The 25th in the demonstration: counties type what no register holds, sign and file; the city accepts, or returns one."""

from datetime import date, time, timedelta
from random import Random

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.reporting import reports
from campaigns.actions.reporting.filling import Typed, fill_cells, load, refresh
from campaigns.clock import instant, local_date
from campaigns.definition.report_form import Atom
from campaigns.rules.permissions import Role
from campaigns.rules.states import ReportState
from campaigns.store.reporting.reports import Report
from flows.demo.doers import Desk

AT_WORK = time(9, 40)
SIGNS = time(10, 5)
DECIDES = time(14, 30)
RETURNED_PERIOD = "2023-08"
RETURN_REASON = "4.1“市、县党委政府分别组织专题学习”县级次数与8月会议纪要不符，请核对后重报。"


def file_tables(session: Session, campaign_id: int, day: date, desk: Desk) -> None:
    """Fill and file what is due, county before city, so that a city adds up what it has accepted."""
    rows = session.scalars(
        select(Report)
        .where(
            col(Report.campaign_id) == campaign_id,
            col(Report.state).in_((ReportState.OPEN, ReportState.RETURNED)),
        )
        .order_by(col(Report.parent_id).is_(None), col(Report.id))
    ).all()
    for report in rows:
        left_from = desk.undone.unfiled.get(report.organisation_id, date.max)
        if day >= _files_on(report) and local_date(report.due_at) < left_from:
            _file(session, report, day, desk)


def decide_tables(session: Session, campaign_id: int, day: date, desk: Desk) -> None:
    """Let the superior accept what was filed the day before, or return it once."""
    filed = session.scalars(
        select(Report)
        .where(
            col(Report.campaign_id) == campaign_id,
            col(Report.state) == ReportState.FILED,
            col(Report.filed_at) < instant(day, time(0)),
        )
        .order_by(col(Report.id))
    ).all()
    for report in filed:
        superior = reports.decider_id(session, report)
        if superior is None or report.organisation_id in desk.undone.undecided:
            continue
        by, now = desk.people[superior][-1], instant(day, DECIDES)
        if report.period == RETURNED_PERIOD and report.decided_at is None and report is filed[0]:
            reports.send_back(session, report_id=report.id, reason=RETURN_REASON, by=by, now=now)
        else:
            reports.accept(session, report_id=report.id, by=by, now=now)


def _files_on(report: Report) -> date:
    due = local_date(report.due_at)
    if report.parent_id is None:
        return due + timedelta(days=2)
    chance = Random(f"{report.organisation_id}/{report.period}")  # noqa: S311 - a story, not a secret
    return due + timedelta(days=1 if chance.random() < 0.1 else -chance.randint(0, 2))


def _file(session: Session, report: Report, day: date, desk: Desk) -> None:
    people = desk.people[report.organisation_id]
    leader = next(person for person in people if Role.LEADER in person.roles)
    if reports.waiting_below(session, report):
        return
    refresh(session, report_id=report.id, by=people[-1], now=instant(day, AT_WORK))
    if report.task_id is not None:
        _type(session, report, day, desk)
    reports.file(session, report_id=report.id, by=leader, now=instant(day, SIGNS))


def _type(session: Session, report: Report, day: date, desk: Desk) -> None:
    _, form = load(session, report.id)
    typed = {atom.code: Typed(month=str(a_month(atom, report))) for atom in form.atoms if atom.source == "填报"}
    fill_cells(
        session,
        report_id=report.id,
        edit_version=report.edit_version,
        values=typed,
        by=desk.people[report.organisation_id][-1],
        now=instant(day, AT_WORK),
    )


def a_month(atom: Atom, report: Report) -> int | str:
    """Return what a county types into a cell for a month, always the same.

    An enterprise counts once however often it is met, so a county types one into a cell of 家 in one of eight months, and none
    in the others: the months of a campaign then never add up to more enterprises than there are.
    """
    chance = Random(f"{report.organisation_id}/{report.period}/{atom.code}/{report.decided_at}")  # noqa: S311 - a story
    if atom.unit == "是否":
        return "是"
    if atom.stock:
        return 6 + report.organisation_id % 4
    if atom.unit == "家":
        return int(report.period.endswith(f"-{5 + report.organisation_id % 8:02d}"))
    if atom.unit == "万元":
        is_part = not atom.code.replace(".", "").isdigit()
        return chance.randint(0, 1) if is_part else chance.randint(1, 3)
    return chance.randint(0, 3)
