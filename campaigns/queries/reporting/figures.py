"""One report as a program reads it: its line of the register, and every cell."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.rules.permissions import Actor
from campaigns.rules.reporting.checks import named
from campaigns.rules.states import ReportState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.reporting.cells import cells_of, month, total
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report
from campaigns.store.scope import visible

MEMBERS = (
    "id",
    "campaign_id",
    "form",
    "period",
    "version",
    "organisation_id",
    "cutoff_on",
    "filed_at",
    "nil",
    "sha256",
)


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """The report's own columns, and its cells: amounts are whole 元, 是否 is 0 or 1, a blank is null and never zero."""

    report: dict[str, Any]
    figures: list[dict[str, Any]]


def report_figures(session: Session, *, report_id: int, actor: Actor) -> ReportFigures:
    """Return a report of an organisation in sight; any other is not found."""
    wanted = select(Report).where(col(Report.id) == report_id, col(Report.organisation_id).in_(visible(actor)))
    report = session.scalar(wanted)
    if report is None:
        raise NotFound
    form = report_form(session, session.get_one(Campaign, report.campaign_id), report.form)
    cells = cells_of(session, report.id)
    return ReportFigures(
        {name: getattr(report, name) for name in MEMBERS} | {"state": ReportState(report.state).label},
        [
            {
                "atom": atom.code,
                "name": named(form, atom),
                "unit": atom.unit,
                "month": month(cell),
                "total": total(cell),
                "text": cell.text if cell else None,
                "reason": cell.reason if cell else "",
            }
            for atom in form.atoms
            for cell in (cells.get(atom.code),)
        ],
    )
