"""The city ranks its counties: the 2023 action's ranking was published, the live campaign's is a draft that waits for marks."""

from datetime import date, datetime

from sqlmodel import Session

from campaigns.actions.rankings.drafting import draft
from campaigns.actions.rankings.marking import adjust, mark
from campaigns.actions.rankings.publishing import publish
from campaigns.clock import local_date
from flows.demo.places import Places

PAPER = "《关于部分县区调度表迟报情况的通报》（聊应急发〔2023〕31号）"


def publish_the_years(session: Session, campaign_id: int, places: Places, *, now: datetime) -> None:
    """Rank the three counties at the end of 2023, take half a point off one with its reason, and publish."""
    day, last = date(2023, 12, 31), places.counties[-1].region.id
    made = draft(session, campaign_id=campaign_id, code="各县工作", until_on=day, by=places.city_officer, now=now)
    said = {"points": "-0.5", "reason": "6月、9月调度表退回后重报，数字前后不一致。", "basis": PAPER}
    adjust(session, ranking_id=made.id, region_id=last, seen=None, by=places.city_officer, now=now, **said)
    publish(session, ranking_id=made.id, seen=None, by=places.city_leader, now=now)


def begin_the_live_one(session: Session, campaign_id: int, places: Places, *, now: datetime) -> None:
    """Begin this month's ranking and mark all counties but the last: it cannot be published yet, and says so."""
    by = places.city_officer
    made = draft(session, campaign_id=campaign_id, code="各县攻坚", until_on=local_date(now), by=by, now=now)
    marks = {
        (county.region.id, "3"): points for county, points in zip(places.counties[:-1], ("16", "18.5"), strict=True)
    }
    mark(session, ranking_id=made.id, typed=marks, seen=None, by=by, now=now)
