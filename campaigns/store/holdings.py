"""Which bureau counts a hazard in a period: the one that answered for it when the period began.

An enterprise may be handed over (移交) in the middle of a month. Every table of that month still counts its open hazards for
the old bureau, whenever each bureau files; from the next period on they count for the new one. So no hazard stands in two
tables of one period or in none, and a table that was filed can be counted again as it was.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from campaigns.store.hazards import FormerBureau, Hazard, SupervisionOrder
from campaigns.store.regions import Organisation
from campaigns.store.reports import Report
from campaigns.store.types import UtcDateTime

Condition: TypeAlias = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Span:
    """Of which campaign rows count, and from when 累计 runs."""

    campaign_id: int
    starts_at: datetime


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
    return func.coalesce(last, literal(span.starts_at, UtcDateTime()))


def held_now(report: Any, span: Span) -> Condition:
    """Whether a hazard's present bureau is a report's organisation and answered for it when the period began."""
    since = col(Hazard.bureau_since)
    return and_(
        col(Hazard.bureau_id) == report.organisation_id, or_(since.is_(None), since <= period_begins(report, span))
    )


def held_then(former: Any, report: Any, span: Span) -> Condition:
    """Whether a former bureau is a report's organisation and still answered for the hazard when the period began."""
    begins = period_begins(report, span)
    return and_(
        former.bureau_id == report.organisation_id,
        former.until > begins,
        or_(former.since.is_(None), former.since <= begins),
    )


def month_begins(span: Span) -> ColumnElement[datetime]:
    """Return after which instant a hazard's facts belong to a report's 当月: where the period before stopped counting it.

    For a hazard that was handed over, that is where the bureau which counted it last period stopped, not where this one did.
    """
    former, last = aliased(FormerBureau), aliased(Report)
    stopped = (
        select(func.max(last.counted_until))
        .select_from(former)
        .join(last, col(last.organisation_id) == col(former.bureau_id))
        .where(
            col(former.hazard_id) == col(Hazard.id),
            col(last.campaign_id) == col(Report.campaign_id),
            col(last.form) == col(Report.form),
            col(last.due_at) == period_begins(Report, span),
            held_then(former, last, span),
        )
        .correlate(Report, Hazard)
        .scalar_subquery()
    )
    own = col(Report.counted_from)
    return case((col(Hazard.bureau_since).is_(None), own), else_=func.coalesce(stopped, own))


def delisting_bureaus(order: SupervisionOrder) -> Select[tuple[int]]:
    """Select who may take a hazard off the list (谁挂牌谁摘牌): who listed it, or the bureau that it was handed over to since."""
    handed_over = exists().where(
        col(FormerBureau.hazard_id) == order.hazard_id, col(FormerBureau.bureau_id) == order.issued_by_id
    )
    present = exists().where(col(Hazard.id) == order.hazard_id, col(Hazard.bureau_id) == col(Organisation.id))
    lister = col(Organisation.id) == order.issued_by_id
    return select(col(Organisation.id)).where(or_(lister, and_(handed_over, present)))
