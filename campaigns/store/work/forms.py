"""The form that discharges a line of a running campaign's plan."""

from sqlmodel import Session

from campaigns.definition import library
from campaigns.definition.form import Form
from campaigns.errors import NotFound
from campaigns.rules.work.filling import blank
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.campaign.definitions import definition_of


def form_of(session: Session, occurrence: PlannedOccurrence) -> Form:
    """Return the campaign's own form, else the library's, with the 佐证 that the duty asks for."""
    campaign = session.get(Campaign, occurrence.campaign_id)
    if campaign is None:
        raise NotFound
    return blank(library.form(definition_of(session, campaign), occurrence.form), occurrence.evidence)
