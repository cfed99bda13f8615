"""The daily look for what a spot check might look at: read and judged on a snapshot, written down in short transactions."""

from datetime import datetime

from campaigns.actions.spot_checks.raising import keep, note_compared
from campaigns.actions.work.drawing import draw_photos
from campaigns.queries.spot_checks.signs import photo_signs, signs
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.database import Database
from campaigns.store.files import FileStore


def raise_flags(base: Database, campaign_id: int, *, store: FileStore, now: datetime) -> int:
    """Raise what shows today in a campaign; return how many flags are new or say something new. Twice raises nothing more.

    Photos whose print is still to be taken have it taken first, so that every one is compared.
    """
    draw_photos(base, store)
    with base.reading() as session:
        seen = signs(session, session.get_one(Campaign, campaign_id), now=now)
    changed = 0
    with base.transaction() as session:
        changed += keep(session, seen.found, campaign_id=campaign_id, now=now)
    more = True
    while more:
        with base.reading() as session:
            seen = photo_signs(session, session.get_one(Campaign, campaign_id))
        with base.transaction() as session:
            changed += keep(session, seen.found, campaign_id=campaign_id, now=now)
            note_compared(session, seen.compared)
        more = seen.more
    return changed
