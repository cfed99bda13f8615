"""The bureau's own last signed report, as a table of a document, with the version and cut-off that it is of."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.date_words import day_words, moment_words
from campaigns.queries.documents.counted import Asked
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.documents import Grid
from campaigns.rules.reporting.checks import named
from campaigns.rules.reporting.figures import shown
from campaigns.rules.states import ReportState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.cells import cells_of, filed_figures
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report

SIGNED = (ReportState.FILED, ReportState.ACCEPTED)
NO_REPORT = "报表台账：本单位在这段时间没有已签发的报表。"


def own_report(session: Session, asked: Asked, *, since: date, until: date) -> tuple[str, Grid | None]:
    """Return the source and the figures, other than blanks and zeros, of the last report signed for a span of cut-offs."""
    report = session.scalar(
        select(Report)
        .where(
            col(Report.campaign_id) == asked.head.id,
            col(Report.organisation_id) == asked.actor.organisation_id,
            col(Report.state).in_(SIGNED),
            col(Report.cutoff_on).between(since, until),
        )
        .order_by(col(Report.cutoff_on).desc(), col(Report.version).desc())
        .limit(1)
    )
    if report is None or report.filed_at is None:
        return NO_REPORT, None
    form = report_form(session, session.get_one(Campaign, asked.head.id), report.form)
    figures = filed_figures(form, cells_of(session, report.id))
    rows = tuple(
        (named(form, atom), shown(atom, figures[atom.code]), atom.unit) for atom in form.atoms if figures[atom.code]
    )
    name = session.get_one(Organisation, report.organisation_id).name
    source = (
        f"{name}{period_label(report.period)}{report.form}第{report.version}版（报表编号{report.id}），数据截止{day_words(report.cutoff_on)}，"
        f"签发于{moment_words(report.filed_at)}，SHA-256 {report.sha256[:16]}；"
        f"{'累计数' if '累计' in form.basis else '当期数'}，未列零和空白。"
    )
    return source, Grid(("指标", "数值", "单位"), (14, 4, 3), rows)
