"""What a running campaign's definition says, asked by the campaign's id."""

from sqlmodel import Session

from campaigns.definition.model import Definition
from campaigns.errors import NotFound
from campaigns.store.campaign import definitions
from campaigns.store.campaign.campaigns import Campaign


def definition_of(session: Session, campaign_id: int) -> Definition:
    """Return the definition a campaign was launched from, its parameters filled in; parsed once per frozen text."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound
    return definitions.definition_of(session, campaign)
