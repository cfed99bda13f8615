"""One hazard with its plan, its photos, its supervision order and the steps the reader may take."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import literal, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.errors import NotFound
from campaigns.queries.work.task import TaskFile
from campaigns.rules.permissions import Actor, Permission, Relation, may, why_not
from campaigns.rules.rechecking import why_not_recheck
from campaigns.rules.states import OPEN_HAZARD_STATES, HazardState
from campaigns.store.hazards import Hazard, SupervisionOrder
from campaigns.store.people import Person
from campaigns.store.regions import Organisation
from campaigns.store.scope import relation
from campaigns.store.tasks import Attachment

Bureau = aliased(Organisation, name="bureau")
Registrar = aliased(Person, name="registrar")
Rectifier = aliased(Person, name="rectifier")
Closer = aliased(Person, name="closer")


@dataclass(frozen=True, slots=True)
class HazardCard:
    """A hazard's row with the names behind its ids."""

    row: Hazard
    state: HazardState
    enterprise: str
    bureau: str
    registered_by: str
    rectified_by: str
    closed_by: str
    order: SupervisionOrder | None
    photos: tuple[TaskFile, ...]
    late: bool

    @property
    def planned(self) -> bool:
        """Whether the five of 五落实 are laid down."""
        return self.row.deadline_on is not None


@dataclass(frozen=True, slots=True)
class HazardSteps:
    """The steps on a hazard: an empty word when the reader may take it, a sentence when not, None when it is not the time."""

    fix: str | None
    plan: str | None
    rectify: str | None
    recheck: str | None
    supervise: str | None
    delist: str | None


def hazard_card(session: Session, *, hazard_id: int, actor: Actor, now: datetime) -> HazardCard:
    """Return a hazard in the actor's sight; anything else is not found."""
    row = session.execute(
        select(
            Hazard,
            col(Organisation.name),
            col(Bureau.name),
            col(Registrar.name),
            col(Rectifier.name),
            col(Closer.name),
            SupervisionOrder,
        )
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .outerjoin(Bureau, col(Bureau.id) == col(Hazard.bureau_id))
        .join(Registrar, col(Registrar.id) == col(Hazard.registered_by_id))
        .outerjoin(Rectifier, col(Rectifier.id) == col(Hazard.rectified_by_id))
        .outerjoin(Closer, col(Closer.id) == col(Hazard.closed_by_id))
        .outerjoin(SupervisionOrder, col(SupervisionOrder.hazard_id) == col(Hazard.id))
        .where(col(Hazard.id) == hazard_id)
    ).first()
    if row is None or not may(actor, Permission.SEE, relation(session, actor, row[0].enterprise_id)):
        raise NotFound
    hazard, enterprise, bureau, registrar, rectifier, closer, order = row
    unfixed = hazard.state in (HazardState.REGISTERED, HazardState.RECTIFYING)
    return HazardCard(
        hazard,
        HazardState(hazard.state),
        enterprise,
        bureau or "",
        registrar,
        rectifier or "",
        closer or "",
        order,
        _photos(session, hazard.id),
        unfixed and hazard.deadline_on is not None and hazard.deadline_on < local_date(now),
    )


def hazard_steps(session: Session, card: HazardCard, *, actor: Actor, today: date) -> HazardSteps:
    """Say which steps the actor may take, by the same rules as the actions."""
    hazard, state = card.row, card.state
    stands = relation(session, actor, hazard.enterprise_id)
    unfixed = state in (HazardState.REGISTERED, HazardState.RECTIFYING)
    rectify = why_not(actor, Permission.RECTIFY_HAZARD, stands)
    return HazardSteps(
        fix=rectify if state is HazardState.REGISTERED and hazard.found_on == today else None,
        plan=rectify if unfixed and not card.planned else None,
        rectify=rectify if state is HazardState.RECTIFYING and card.planned else None,
        recheck=why_not_recheck(actor, relation=stands, major=hazard.major, rectified_by_id=hazard.rectified_by_id)
        if state is HazardState.RECTIFIED
        else None,
        supervise=_why_not_supervise(card, actor, stands),
        delist=_why_not_delist(card, actor, stands),
    )


def _why_not_supervise(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    if not actor.is_regulator or not card.row.major or card.order is not None or card.state not in OPEN_HAZARD_STATES:
        return None
    return why_not(actor, Permission.SUPERVISE_HAZARD, stands)


def _why_not_delist(card: HazardCard, actor: Actor, stands: Relation) -> str | None:
    if not actor.is_regulator or card.order is None or card.order.delisted_on is not None:
        return None
    if card.order.issued_by_id != actor.organisation_id:
        return "谁挂牌谁摘牌。"
    if card.state in OPEN_HAZARD_STATES:
        return "隐患还没有销号，不能摘牌。"
    return why_not(actor, Permission.SUPERVISE_HAZARD, stands)


def _photos(session: Session, hazard_id: int) -> tuple[TaskFile, ...]:
    columns = (
        col(Attachment.storage_id),
        col(Attachment.label),
        col(Attachment.name),
        col(Attachment.content_type),
        col(Attachment.size),
        literal(True),
    )
    rows = session.execute(select(*columns).where(col(Attachment.hazard_id) == hazard_id).order_by(col(Attachment.id)))
    return tuple(TaskFile(*row) for row in rows)
