"""A report as a file wants it: its form, its figures, its cut-off day, its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.definition.report_form import ReportForm
from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor, Permission
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.cells import cells_of, filed_figures, words_in
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report
from campaigns.store.scope import check_relation


@dataclass(frozen=True, slots=True)
class Sheet:
    """What `documents.progress_table.workbook` prints. `name` is the file's, in Chinese, without a suffix."""

    form: ReportForm
    figures: Mapping[str, int | None]
    words: Mapping[str, str]
    as_of: date
    name: str


def report_sheet(session: Session, *, report_id: int, actor: Actor) -> Sheet:
    """Return a report for printing; out of sight is not found."""
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound
    check_relation(session, actor, Permission.SEE, report.organisation_id)
    return _sheet(session, report)


def campaign_sheet(session: Session, *, campaign_id: int, period: str, organisation: str = "") -> Sheet:
    """Return a campaign's report of a period for an operator: the launching bureau's own, or a named organisation's."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound(f"没有编号为{campaign_id}的行动。")
    whose = col(Organisation.name) == organisation if organisation else col(Organisation.id) == campaign.bureau_id
    report = session.scalar(
        select(Report)
        .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
        .where(col(Report.campaign_id) == campaign_id, col(Report.period) == period, whose)
        .order_by(col(Report.version).desc())
        .limit(1)
    )
    if report is None:
        raise NotFound(f"没有{organisation or '发起单位'}{period}的报表。", advice="请核对期次，例如 2023-05。")
    return _sheet(session, report)


def _sheet(session: Session, report: Report) -> Sheet:
    form = report_form(session, session.get_one(Campaign, report.campaign_id), report.form)
    organisation = session.get_one(Organisation, report.organisation_id).name
    cells = cells_of(session, report.id)
    return Sheet(
        form,
        filed_figures(form, cells),
        words_in(cells),
        report.cutoff_on,
        f"{organisation}{report.period}{report.form}",
    )
