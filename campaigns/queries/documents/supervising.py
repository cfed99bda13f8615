"""督办函: one listed major hazard, its 五落实, and how long there is left."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.date_words import day_words
from campaigns.errors import NotFound
from campaigns.queries.documents.counted import Asked, on_roster
from campaigns.queries.hazards.register_list import in_sight
from campaigns.rules.documents import DocumentKind, Facts, Grid
from campaigns.rules.states import HazardSource, HazardState
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard, SupervisionOrder

Enterprise = aliased(Organisation, name="enterprise")
Answerable = aliased(Organisation, name="answerable")
Found = tuple[SupervisionOrder, Hazard, str, str | None]
BLANK = "尚未填报"


def listed(session: Session, asked: Asked) -> list[Found]:
    """Return the orders in force on hazards of the campaign's enterprises that the actor's bureau issued."""
    rows = session.execute(
        select(SupervisionOrder, Hazard, col(Enterprise.name), col(Answerable.name))
        .join(Hazard, col(Hazard.id) == col(SupervisionOrder.hazard_id))
        .join(Enterprise, col(Enterprise.id) == col(Hazard.enterprise_id))
        .outerjoin(Answerable, col(Answerable.id) == col(Hazard.bureau_id))
        .where(
            col(SupervisionOrder.issued_by_id) == asked.actor.organisation_id,
            col(SupervisionOrder.delisted_on).is_(None),
            in_sight(asked.actor),
            on_roster(asked.head.id),
        )
        .order_by(col(SupervisionOrder.issued_on), col(SupervisionOrder.id))
    )
    return [row._tuple() for row in rows]


def addressee(issuer: str, enterprise: str, answerable: str | None) -> str:
    """A letter goes to the bureau that answers for the enterprise (004 七（二）); to the enterprise if that is our own."""
    return enterprise if answerable in (None, issuer) else str(answerable)


def supervision(session: Session, asked: Asked) -> Facts:
    """Return one order (`about` is the hazard's id) of the actor's bureau; any other is not found."""
    found = next((row for row in listed(session, asked) if str(row[1].id) == asked.about), None)
    if found is None:
        raise NotFound
    order, hazard, enterprise, answerable = found
    deadline = order.deadline_on or hazard.deadline_on
    return Facts(
        DocumentKind.SUPERVISION,
        asked.issuer,
        asked.actor.name,
        asked.now,
        values={
            "hazard": hazard.title,
            "recipient": addressee(asked.issuer, enterprise, answerable),
            "enterprise": enterprise,
            "number": hazard.number,
            "order": order.number,
            "issued_on": order.issued_on,
            "at": asked.now,
            "state": HazardState(hazard.state).label,
            "found_on": hazard.found_on,
            "source": HazardSource(hazard.source).label,
            "location": hazard.location or BLANK,
            "criterion": hazard.criterion,
            "deadline": deadline or BLANK,
            "left": _left(deadline, local_date(asked.now)),
        },
        grids={"plan": Grid(("五落实", "内容"), (1, 5), _plan(hazard))},
        sources={
            "order": f"挂牌督办台账，第{order.id}条，登记于{day_words(local_date(order.recorded_at))}。",
            "hazard": f"隐患台账，隐患编号{hazard.number}（第{hazard.version}次修改后），{asked.as_of}。",
        },
        copies=enterprise if answerable not in (None, asked.issuer) else "",
    )


def _plan(hazard: Hazard) -> tuple[tuple[str, str], ...]:
    funds = BLANK if hazard.funds is None else f"{hazard.funds / 10_000:,.4f}".rstrip("0").rstrip(".") + "万元"
    deadline = day_words(hazard.deadline_on) if hazard.deadline_on else BLANK
    return (
        ("责任人", hazard.responsible or BLANK),
        ("措施", hazard.measures or BLANK),
        ("资金", funds),
        ("时限", deadline),
        ("预案", hazard.contingency or BLANK),
    )


def _left(deadline: date | None, today: date) -> str:
    if deadline is None:
        return ""
    days = (deadline - today).days
    return f"，已超期{-days}天" if days < 0 else f"，还有{days}天"
