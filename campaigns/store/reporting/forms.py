"""The form of a running campaign's report, and from when its 累计 runs."""

from datetime import date, datetime, time

from sqlmodel import Session

from campaigns.clock import instant
from campaigns.definition.report_form import ANY_PLACE, ReportForm
from campaigns.definition.shelf import reports
from campaigns.errors import NotFound
from campaigns.rules.permissions import Level
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.campaign.definitions import definition_of
from campaigns.store.directory.regions import Region


def report_form(session: Session, campaign: Campaign, name: str) -> ReportForm:
    """Return a report of the campaign's frozen definition, or the library's of the same name."""
    form = definition_of(session, campaign).reports.get(name) or reports().get(name)
    if form is None:
        raise NotFound(f"本行动没有名为“{name}”的报表。")
    issuer = session.get_one(Region, campaign.region_id)
    return form.headed(campaign.title).placed(issuer.name if issuer.level == Level.COUNTY else ANY_PLACE)


def counts_from(form: ReportForm, campaign: Campaign, period: str) -> datetime:
    """Return the instant from which 累计 of a period runs: the campaign's first day, or 1月1日 of the period's year."""
    first_day = date(int(period[:4]), 1, 1) if form.counts_from == "1月1日" else campaign.starts_on
    return instant(first_day, time.min)
