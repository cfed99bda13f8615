"""Hazards that an enterprise found and closed itself, with their photos before and after."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.rules.hazards.finding import PhotoRole
from campaigns.rules.spot_checks.instant_closures import Closure, Picture
from campaigns.rules.states import HazardSource
from campaigns.store.directory.people import Person
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.work.tasks import Attachment


def closures(session: Session, enterprises: Any, *, since: datetime) -> Sequence[Closure]:
    """Return the closures of self-found hazards that the enterprises' own people made since an instant."""
    rows = session.execute(
        select(
            col(Hazard.id),
            col(Hazard.number),
            col(Hazard.title),
            col(Hazard.enterprise_id),
            col(Hazard.registered_at),
            col(Hazard.closed_at),
            col(Hazard.fixed_on_the_spot),
        )
        .join(Person, col(Person.id) == col(Hazard.closed_by_id))
        .where(
            col(Hazard.enterprise_id).in_(enterprises),
            col(Hazard.source) == HazardSource.SELF,
            col(Hazard.closed_at) >= since,
            col(Person.organisation_id) == col(Hazard.enterprise_id),
        )
        .order_by(col(Hazard.id))
    )
    return [Closure(*row) for row in rows]


def pictures_of(session: Session, closures: Iterable[Closure]) -> list[Closure]:
    """Return the closures with what their photos show."""
    wanted = {one.hazard_id: one for one in closures}
    rows = session.execute(
        select(
            col(Attachment.hazard_id),
            col(Attachment.label),
            col(Attachment.sha256),
            col(Attachment.print_1),
            col(Attachment.print_2),
            col(Attachment.print_3),
            col(Attachment.print_4),
        )
        .where(col(Attachment.hazard_id).in_(wanted), col(Attachment.label).in_((PhotoRole.BEFORE, PhotoRole.AFTER)))
        .order_by(col(Attachment.id))
    )
    for hazard_id, label, sha256, *bands in rows:
        picture = Picture(sha256, None if bands[0] is None else (bands[0], bands[1], bands[2], bands[3]))
        one = wanted[hazard_id]
        before = label == PhotoRole.BEFORE
        wanted[hazard_id] = (
            replace(one, before=(*one.before, picture)) if before else replace(one, after=(*one.after, picture))
        )
    return list(wanted.values())
