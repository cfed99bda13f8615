"""What a line of a running campaign asks for, as rules/sharing compares it with another campaign's."""

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.definition import library
from campaigns.rules.filling import blank
from campaigns.rules.sharing import Rhythm, Wanted, fingerprint, last_day, rhythm
from campaigns.store.campaigns import Campaign, PlannedOccurrence
from campaigns.store.definitions import definition_of


def wanted_of(session: Session, occurrence: PlannedOccurrence) -> Wanted:
    """Return what a line of a running campaign's plan asks for."""
    definition = definition_of(session, session.get_one(Campaign, occurrence.campaign_id))
    form = library.form(definition, occurrence.form)
    beat = rhythm(occurrence.period, event_driven=occurrence.event_driven)
    return Wanted(
        campaign_id=occurrence.campaign_id,
        title=occurrence.title,
        rhythm=beat,
        form=occurrence.form or "",
        blanks=fingerprint(form),
        asks=frozenset(field.title for field in blank(form, occurrence.evidence).fields),
        evidence=tuple(occurrence.evidence),
        sole=_is_sole(session, occurrence, beat),
        opens_on=occurrence.opens_on,
        closes_on=last_day(occurrence.period),
    )


def _is_sole(session: Session, occurrence: PlannedOccurrence, beat: Rhythm) -> bool:
    same = select(
        col(PlannedOccurrence.duty), col(PlannedOccurrence.period), col(PlannedOccurrence.event_driven)
    ).where(
        col(PlannedOccurrence.campaign_id) == occurrence.campaign_id,
        col(PlannedOccurrence.form).is_not_distinct_from(occurrence.form),
        col(PlannedOccurrence.duty) != occurrence.duty,
        col(PlannedOccurrence.report).is_(None),
    )
    return all(rhythm(period, event_driven=event) is not beat for _, period, event in session.execute(same.distinct()))
