"""What the records of a campaign's enterprises show today that a spot check might look at: read, then judged by the rules.

Everything is read on one snapshot before anything is written, so that a day's look at a hundred thousand photos holds no lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlmodel import Session, col

from campaigns.queries.spot_checks.nil_returns import streaks
from campaigns.queries.spot_checks.photos import Compared, compare
from campaigns.queries.spot_checks.quick import closures, pictures_of
from campaigns.queries.spot_checks.timing import handed_in_at_one_minute, handed_in_quickly
from campaigns.rules.spot_checks.flags import Found
from campaigns.rules.spot_checks.instant_closures import instant_closures, is_instant
from campaigns.rules.spot_checks.nil_streaks import nil_streaks
from campaigns.rules.spot_checks.same_photos import same_photos
from campaigns.rules.spot_checks.timing import bursts, same_minutes
from campaigns.store.campaign.campaigns import Campaign, RosterEntry
from campaigns.store.campaign.definitions import definition_of

LOOKED_BACK = timedelta(days=40)
"""How far back closures and quick records are looked for: more than a month, so that a missed day loses nothing."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What was found, and which photos were compared for it; `more` when some are left for another look."""

    found: tuple[Found, ...]
    compared: Sequence[int] = ()
    more: bool = False


def signs(session: Session, campaign: Campaign, *, now: datetime) -> Signs:
    """Return what shows today in everything but photos."""
    rules, since = definition_of(session, campaign).spot_check, now - LOOKED_BACK
    enterprises = on_roster(campaign.id)
    quick = [one for one in closures(session, enterprises, since=since) if is_instant(one, rules)]
    found = (
        *nil_streaks(streaks(session, campaign.id, rules, now=now), rules),
        *instant_closures(pictures_of(session, quick), rules),
        *same_minutes(handed_in_at_one_minute(session, campaign.id, rules), rules),
        *bursts(handed_in_quickly(session, campaign.id, rules, since=since), rules),
    )
    return Signs(found)


def photo_signs(session: Session, campaign: Campaign) -> Signs:
    """Return which photos among the next ones not compared yet were used before."""
    rules = definition_of(session, campaign).spot_check
    looked: Compared = compare(session, on_roster(campaign.id))
    return Signs(tuple(same_photos(looked.pairs, looked.photos, looked.fresh, rules)), looked.fresh, looked.more)


def on_roster(campaign_id: int) -> Select[tuple[int]]:
    """Select the organisations on a campaign's roster."""
    return select(col(RosterEntry.organisation_id)).where(
        col(RosterEntry.campaign_id) == campaign_id, col(RosterEntry.left_on).is_(None)
    )
