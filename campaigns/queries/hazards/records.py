"""What was asked, reported and ordered about one hazard, with the names behind the ids."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.rules.hazards.reporting_up import Addressee
from campaigns.rules.states import RequestState
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.records import HazardEscalation, HazardExtension, HazardReport, HazardStop

Below = aliased(Organisation, name="asking_bureau")
Above = aliased(Organisation, name="asked_bureau")


@dataclass(frozen=True, slots=True)
class Escalation:
    """One 提请 with the names of the bureaus that ask and are asked."""

    row: HazardEscalation
    below: str
    above: str

    @property
    def waiting(self) -> bool:
        """Whether it has not been answered."""
        return self.row.answered_at is None


@dataclass(frozen=True, slots=True)
class HazardRecords:
    """`extension` is the application that waits, with who asked; `stop` the stop in force, with who ordered it."""

    extension: HazardExtension | None
    extension_by: str
    reports: Mapping[Addressee, HazardReport]
    stop: HazardStop | None
    stopped_by: str
    escalations: tuple[Escalation, ...]
    reopened_as: Hazard | None
    reopens: Hazard | None


def records_of(session: Session, hazard_id: int) -> HazardRecords:
    """Return everything beside the row of a hazard. The caller has made sure that it is in sight."""
    waiting = session.execute(
        select(HazardExtension, col(Person.name))
        .join(Person, col(Person.id) == col(HazardExtension.asked_by_id))
        .where(col(HazardExtension.hazard_id) == hazard_id, col(HazardExtension.state) == RequestState.ASKED)
    ).first()
    stopped = session.execute(
        select(HazardStop, col(Organisation.name))
        .join(Organisation, col(Organisation.id) == col(HazardStop.organisation_id))
        .where(col(HazardStop.hazard_id) == hazard_id, col(HazardStop.lifted_at).is_(None))
    ).first()
    reports = session.scalars(select(HazardReport).where(col(HazardReport.hazard_id) == hazard_id))
    extension, by = waiting or (None, "")
    stop, orderer = stopped or (None, "")
    made = {Addressee(report.addressee): report for report in reports}
    return HazardRecords(
        extension, by, made, stop, orderer, _escalations(session, hazard_id), *_relapses(session, hazard_id)
    )


def _relapses(session: Session, hazard_id: int) -> tuple[Hazard | None, Hazard | None]:
    """Return the hazard that this one was reopened as, and the closed one that it reopens."""
    old = select(col(Hazard.reopens_id)).where(col(Hazard.id) == hazard_id).scalar_subquery()
    later = session.scalar(select(Hazard).where(col(Hazard.reopens_id) == hazard_id))
    return later, session.scalar(select(Hazard).where(col(Hazard.id) == old))


def _escalations(session: Session, hazard_id: int) -> tuple[Escalation, ...]:
    rows = session.execute(
        select(HazardEscalation, col(Below.name), col(Above.name))
        .join(Below, col(Below.id) == col(HazardEscalation.from_id))
        .join(Above, col(Above.id) == col(HazardEscalation.to_id))
        .where(col(HazardEscalation.hazard_id) == hazard_id)
        .order_by(col(HazardEscalation.id))
    )
    return tuple(Escalation(*row) for row in rows)
