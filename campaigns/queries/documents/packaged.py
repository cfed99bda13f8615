"""What belongs in a campaign's 考核材料包: the reports signed in sight, and the drafts of the reader's bureau."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.rules.permissions import Actor
from campaigns.rules.states import ReportState
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.reports import Report
from campaigns.store.scope import visible

SIGNED = (ReportState.FILED, ReportState.ACCEPTED, ReportState.REPLACED)


@dataclass(frozen=True, slots=True)
class SignedReport:
    """A report that was filed: which one, whose, and the hash it was signed with."""

    id: int
    organisation: str
    form: str
    period: str
    version: int
    sha256: str


def signed_reports(session: Session, *, campaign_id: int, actor: Actor) -> tuple[SignedReport, ...]:
    """List every filed version of every report in sight, by organisation, form and period."""
    rows = session.execute(
        select(
            col(Report.id),
            col(Organisation.name),
            col(Report.form),
            col(Report.period),
            col(Report.version),
            col(Report.sha256),
        )
        .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
        .where(
            col(Report.campaign_id) == campaign_id,
            col(Report.state).in_(SIGNED),
            col(Report.organisation_id).in_(visible(actor)),
        )
        .order_by(col(Organisation.id), col(Report.form), col(Report.period), col(Report.version), col(Report.id))
    )
    return tuple(SignedReport(*row) for row in rows)
