"""Which bureau counts a hazard in a period: the one that answered for it when the period began.

An enterprise may be handed over (移交) in the middle of a month. Every table of that month still counts its open hazards for
the old bureau, whenever each bureau files; from the next period on they count for the new one. So no hazard stands in two
tables of one period or in none, and a table that was filed can be counted again as it was.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, exists, func, null, or_, select, type_coerce, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import FormerBureau, Hazard, SupervisionOrder
from campaigns.store.reporting.reports import Report
from campaigns.store.types import UtcDateTime

Condition: TypeAlias = ColumnElement[bool]

_PRESENT: Select[Any] = select(
    col(Hazard.id).label("hazard_id"),
    col(Hazard.bureau_id).label("bureau_id"),
    col(Hazard.bureau_since).label("since"),
    null().label("until"),
).where(col(Hazard.bureau_since).is_not(None))
_FORMER = select(
    col(FormerBureau.hazard_id), col(FormerBureau.bureau_id), col(FormerBureau.since), col(FormerBureau.until)
)
_HOLDING = union_all(_PRESENT, _FORMER).cte("holding").prefix_with("MATERIALIZED")
"""Who answers for what was handed over, and who did: few, gathered first, lest the register be walked for each of them."""


@dataclass(frozen=True, slots=True)
class Span:
    """Of which campaign rows count, and from when 累计 runs; either may be a blank that is filled in when the statement runs."""

    campaign_id: int | ColumnElement[int]
    starts_at: datetime | ColumnElement[datetime]


@lru_cache(maxsize=64)  # an expression asks nothing; to build it costs more than to run it
def period_begins(report: Any, span: Span) -> ColumnElement[datetime]:
    """Return when the period of a report began: at the deadline of the one before, the same instant for every bureau."""
    earlier = aliased(Report)
    last = (
        select(func.max(earlier.due_at))
        .where(
            col(earlier.campaign_id) == report.campaign_id,
            col(earlier.form) == report.form,
            col(earlier.due_at) < report.due_at,
        )
        .correlate(report)
        .scalar_subquery()
    )
    return func.coalesce(last, type_coerce(span.starts_at, UtcDateTime()))


def settled_hazards(statement: Select[Any], hazard: Any) -> Select[Any]:
    """Put a statement over the hazards of a report's organisation that it answered for since they were registered.

    `hazard` is the register, or an alias of it over some of its rows.
    """
    own = and_(hazard.bureau_id == col(Report.organisation_id), hazard.bureau_since.is_(None))
    return statement.select_from(Report).join(hazard, own)


def moved_hazards(statement: Select[Any], span: Span, hazard: Any) -> Select[Any]:
    """Put a statement over the hazards that were handed over and that a report's organisation held when its period began."""
    return (
        statement.select_from(Report)
        .join(_HOLDING, held_then(_HOLDING.c, Report, span))
        .join(hazard, hazard.id == _HOLDING.c.hazard_id)
    )


def held_then(holder: Any, report: Any, span: Span) -> Condition:
    """Whether a holder of a hazard is a report's organisation and answered for it when the period began."""
    begins = period_begins(report, span)
    return and_(
        holder.bureau_id == report.organisation_id,
        or_(holder.until.is_(None), holder.until > begins),
        or_(holder.since.is_(None), holder.since <= begins),
    )


@lru_cache(maxsize=64)
def month_begins(span: Span, hazard: Any) -> ColumnElement[datetime]:
    """Return after which instant the facts of a hazard that was handed over belong to a report's 当月.

    That is where the bureau which counted it last period stopped, not where this one did.
    """
    former, last = aliased(FormerBureau), aliased(Report)
    stopped = (
        select(func.max(last.counted_until))
        .select_from(former)
        .join(last, col(last.organisation_id) == col(former.bureau_id))
        .where(
            col(former.hazard_id) == hazard.id,
            col(last.campaign_id) == col(Report.campaign_id),
            col(last.form) == col(Report.form),
            col(last.due_at) == period_begins(Report, span),
            held_then(former, last, span),
        )
        .correlate(Report, hazard)
        .scalar_subquery()
    )
    return func.coalesce(stopped, col(Report.counted_from))


def delisting_bureaus(order: SupervisionOrder) -> Select[tuple[int]]:
    """Select who may take a hazard off the list (谁挂牌谁摘牌): who listed it, or the bureau that it was handed over to since."""
    handed_over = exists().where(
        col(FormerBureau.hazard_id) == order.hazard_id, col(FormerBureau.bureau_id) == order.issued_by_id
    )
    present = exists().where(col(Hazard.id) == order.hazard_id, col(Hazard.bureau_id) == col(Organisation.id))
    lister = col(Organisation.id) == order.issued_by_id
    return select(col(Organisation.id)).where(or_(lister, and_(handed_over, present)))
