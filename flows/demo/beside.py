"""减负 in the demonstration: a county's own campaign beside the city's, where a record that was filled in once does for both.

One enterprise has used its record already, so that the bureau has one to review; another's waits for whoever signs in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from campaigns.actions.launch.drafts import Draft
from campaigns.store.directory.regions import Organisation
from flows.demo.doers import Desk, Undone
from flows.demo.places import Places

TEXT = Path(__file__).with_name("intensive-check-chiping.yaml")
STATED = {"排查记录期限": "次月5日", "警示教育期限": "启动后第30天"}
INSPECTION = "QY-01"
"""The duty of both campaigns that one record does for."""
BEGAN = timedelta(days=9)
INSPECTED = timedelta(days=7)
"""A week ago: this week's inspection is still to be done, by whoever signs in."""
RECORDS_ARE_IN = 5
"""The day of the month by which last month's records are due, as stated above."""


@dataclass(frozen=True)
class Timing:
    """When the county launched its campaign, and when its mines made the inspection that does for both."""

    began: date
    inspected: date


def timing(today: date) -> Timing:
    """Return days of one month whose record is not overdue yet, whatever today is."""
    began, inspected = today - BEGAN, today - INSPECTED
    if today.day > RECORDS_ARE_IN:
        first = today.replace(day=1)
        began, inspected = max(began, first), max(inspected, first)
    return Timing(began, inspected)


def draft(began: date) -> Draft:
    """Return the county's campaign as it launches it on that day."""
    return Draft.of_text(TEXT.read_text(encoding="utf-8"), parameters=STATED, starts_on=began)


def mines(places: Places) -> tuple[Organisation, Organisation]:
    """Return whom the campaign is about: the one whose record waits to be used, and the one that has used its record."""
    offered, used, *_ = (one.organisation for one in places.counties[0].enterprises)
    return offered, used


def inspections(places: Places, when: Timing) -> Mapping[tuple[int, str], date]:
    """Return on which day the mines inspect for the city's campaign."""
    return {(one.id, INSPECTION): when.inspected for one in mines(places)}


def desk_beside(desk: Desk, places: Places, when: Timing) -> Desk:
    """Return who sits where in the county's campaign: nobody has decided anything in it yet, and one mine did nothing."""
    offered, used = mines(places)
    undone = Undone(
        decided_until=date.min,
        asks_from=date.max,
        silent={offered.id: when.began},
        agreed={(used.id, INSPECTION): when.inspected},
    )
    return replace(desk, hazards={}, asked={}, undone=undone, thrifty=True)
