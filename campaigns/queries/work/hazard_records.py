"""What was asked, reported and ordered about one hazard, with the names behind the ids."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.rules.states import RequestState
from campaigns.store.hazard_records import HazardExtension
from campaigns.store.people import Person


@dataclass(frozen=True, slots=True)
class HazardRecords:
    """`extension` is the application that waits for a decision, with who asked."""

    extension: HazardExtension | None
    extension_by: str


def records_of(session: Session, hazard_id: int) -> HazardRecords:
    """Return everything beside the row of a hazard. The caller has made sure that it is in sight."""
    waiting = session.execute(
        select(HazardExtension, col(Person.name))
        .join(Person, col(Person.id) == col(HazardExtension.asked_by_id))
        .where(col(HazardExtension.hazard_id) == hazard_id, col(HazardExtension.state) == RequestState.ASKED)
    ).first()
    extension, by = waiting or (None, "")
    return HazardRecords(extension, by)
