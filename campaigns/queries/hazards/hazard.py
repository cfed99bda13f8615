"""One hazard with its plan, its photos, its supervision order and whatever was asked and ordered about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.errors import NotFound
from campaigns.queries.hazards.records import HazardRecords, records_of
from campaigns.queries.work.task import TaskFile
from campaigns.rules.hazards.finding import PhotoRole
from campaigns.rules.hazards.leniency import Leniency, leniency
from campaigns.rules.hazards.reporting_up import Addressee
from campaigns.rules.permissions import Actor, Permission, may
from campaigns.rules.states import UNFIXED_HAZARD_STATES, HazardSource, HazardState
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.criteria import Cited, clause_cited
from campaigns.store.hazards.hazards import Hazard, SupervisionOrder
from campaigns.store.hazards.imports import HazardImport, import_of
from campaigns.store.scope import relation
from campaigns.store.work.tasks import Attachment

Bureau = aliased(Organisation, name="bureau")
Registrar = aliased(Person, name="registrar")
Lowerer = aliased(Person, name="lowerer")
Rectifier = aliased(Person, name="rectifier")
Checker = aliased(Person, name="checker")
Closer = aliased(Person, name="closer")


@dataclass(frozen=True, slots=True)
class HazardCard:
    """A hazard's row with the names behind its ids."""

    row: Hazard
    state: HazardState
    enterprise: str
    bureau: str
    registered_by: str
    lowered_by: str
    imported: HazardImport | None
    rectified_by: str
    checked_by: str
    closed_by: str
    order: SupervisionOrder | None
    records: HazardRecords
    photos: tuple[TaskFile, ...]
    late: bool
    days_since: int
    cited: Cited | None

    @property
    def unreported_late(self) -> bool:
        """Whether a report that is still missing should have been made on an earlier day."""
        return self.days_since > 0

    @property
    def both_signed_for(self) -> bool:
        """双报齐: reported to both, and both have signed for it."""
        reports = self.records.reports
        return all(to in reports and reports[to].received_at is not None for to in Addressee)

    @property
    def listed(self) -> bool:
        """Whether a 挂牌督办 is in force."""
        return self.order is not None and self.order.delisted_on is None

    @property
    def leniency(self) -> Leniency:
        """The facts of 不予处罚."""
        source, reported = HazardSource(self.row.source), Addressee.BUREAU in self.records.reports
        return leniency(source=source, state=self.state, reported=reported, planned=self.planned)

    @property
    def registered_after(self) -> int:
        """How many days after its 发现日期, which the finder says, it was registered, which the clock says."""
        return (local_date(self.row.registered_at) - self.row.found_on).days

    @property
    def pictures(self) -> dict[str, tuple[TaskFile, ...]]:
        """The photos by what they show; before and after stand side by side."""
        return {role: tuple(photo for photo in self.photos if photo.label == role) for role in PhotoRole}

    @property
    def planned(self) -> bool:
        """Whether the five of 五落实 are laid down."""
        return self.row.deadline_on is not None


def hazard_card(session: Session, *, hazard_id: int, actor: Actor, now: datetime) -> HazardCard:
    """Return a hazard in the actor's sight; anything else is not found."""
    row = session.execute(_named().where(col(Hazard.id) == hazard_id)).first()
    if row is None or not may(actor, Permission.SEE, relation(session, actor, row[0].enterprise_id)):
        raise NotFound
    hazard, enterprise, bureau, registrar, lowerer, rectifier, checker, closer, order = row
    unfixed = hazard.state in UNFIXED_HAZARD_STATES
    return HazardCard(
        hazard,
        HazardState(hazard.state),
        enterprise,
        bureau or "",
        registrar,
        lowerer or "",
        import_of(session, hazard),
        rectifier or "",
        checker or "",
        closer or "",
        order,
        records_of(session, hazard.id),
        _photos(session, hazard.id),
        unfixed and hazard.deadline_on is not None and hazard.deadline_on < local_date(now),
        (local_date(now) - local_date(hazard.registered_at)).days,
        clause_cited(session, hazard.criterion_set, hazard.criterion_version, hazard.criterion_clause),
    )


def _named() -> Select[Any]:
    """Hazards with the names behind their ids and their supervision order."""
    return (
        select(
            Hazard,
            col(Organisation.name),
            col(Bureau.name),
            col(Registrar.name),
            col(Lowerer.name),
            col(Rectifier.name),
            col(Checker.name),
            col(Closer.name),
            SupervisionOrder,
        )
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .outerjoin(Bureau, col(Bureau.id) == col(Hazard.bureau_id))
        .join(Registrar, col(Registrar.id) == col(Hazard.registered_by_id))
        .outerjoin(Lowerer, col(Lowerer.id) == col(Hazard.lowered_by_id))
        .outerjoin(Rectifier, col(Rectifier.id) == col(Hazard.rectified_by_id))
        .outerjoin(Checker, col(Checker.id) == col(Hazard.checked_by_id))
        .outerjoin(Closer, col(Closer.id) == col(Hazard.closed_by_id))
        .outerjoin(SupervisionOrder, col(SupervisionOrder.hazard_id) == col(Hazard.id))
    )


def _photos(session: Session, hazard_id: int) -> tuple[TaskFile, ...]:
    columns = (
        col(Attachment.storage_id),
        col(Attachment.label),
        col(Attachment.name),
        col(Attachment.content_type),
        col(Attachment.size),
        literal(True),
        col(Attachment.broken),
    )
    rows = session.execute(select(*columns).where(col(Attachment.hazard_id) == hazard_id).order_by(col(Attachment.id)))
    return tuple(TaskFile(*row) for row in rows)
