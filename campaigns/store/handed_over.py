"""移交 as a table of the 25th sees it: which hazards left it, or came to it, since the period before.

A 累计 may be smaller than last period's by exactly what was handed over, and the table says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.definition.report_form import ReportForm
from campaigns.store.campaigns import Campaign
from campaigns.store.evidence import HAZARD, evidence, measure
from campaigns.store.hazards import FormerBureau, Hazard
from campaigns.store.holdings import Span, period_begins
from campaigns.store.regions import Organisation
from campaigns.store.report_forms import counts_from
from campaigns.store.reports import Report


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What moved between the period before and this one: hazards by enterprise, and by cell how much left the table."""

    left: Mapping[str, int]
    came: Mapping[str, int]
    by_atom: Mapping[str, int]


NOTHING = HandedOver({}, {}, {})


def handed_over(session: Session, form: ReportForm, report: Report) -> HandedOver:
    """Return what was handed over since the period before, out of sight of a report's whole tree or into it."""
    last = session.get(Report, report.previous_id) if report.previous_id else None
    if last is None:
        return NOTHING
    campaign = session.get_one(Campaign, report.campaign_id)
    span = Span(campaign.id, counts_from(form, campaign, report.period))
    before, begins = _begins(session, last, span), _begins(session, report, span)
    moved = select(col(FormerBureau.hazard_id)).where(
        col(FormerBureau.until) > before, col(FormerBureau.until) <= begins
    )
    ids = sorted(set(session.scalars(moved)))
    if not ids:
        return NOTHING
    tree = _tree(session, report)
    ours = {one.organisation_id for one in tree}
    then, now = _holders(session, ids, before), _holders(session, ids, begins)
    left = {id_ for id_ in ids if then[id_] in ours and now[id_] not in ours}
    came = {id_ for id_ in ids if then[id_] not in ours and now[id_] in ours}
    earlier = [one.previous_id for one in tree if one.previous_id]
    counted = _counted(session, form, span, earlier, left)
    return HandedOver(_names(session, left), _names(session, came), counted)


def _begins(session: Session, report: Report, span: Span) -> datetime:
    begins: datetime = session.scalars(select(period_begins(Report, span)).where(col(Report.id) == report.id)).one()
    return begins


def _tree(session: Session, report: Report) -> list[Report]:
    """Return a report and every one that is added up in it, level by level."""
    found, level = [report], [report.id]
    while level:
        below = session.scalars(select(Report).where(col(Report.parent_id).in_(level))).all()
        found += below
        level = [one.id for one in below]
    return found


def _holders(session: Session, ids: list[int], at: datetime) -> dict[int, int | None]:
    """Return which bureau answered for each hazard at an instant: the first that did so until later, else the present one."""
    rows = select(col(Hazard.id), col(Hazard.bureau_id)).where(col(Hazard.id).in_(ids))
    holders: dict[int, int | None] = {row[0]: row[1] for row in session.execute(rows)}
    later = select(FormerBureau).where(col(FormerBureau.hazard_id).in_(ids), col(FormerBureau.until) > at)
    for former in session.scalars(later.order_by(col(FormerBureau.until).desc())):
        holders[former.hazard_id] = former.bureau_id
    return holders


def _counted(session: Session, form: ReportForm, span: Span, reports: list[int], hazards: set[int]) -> dict[str, int]:
    counts = {}
    for atom in form.atoms:
        counted = measure(atom)
        if counted is None or counted.kind != HAZARD or not hazards:
            continue
        rows = evidence(span, counted, atom.code, col(Report.id).in_(reports)).subquery()
        number = session.scalar(select(func.count()).select_from(rows).where(rows.c.row_id.in_(hazards)))
        if number:
            counts[atom.code] = number
    return counts


def _names(session: Session, hazards: Iterable[int]) -> dict[str, int]:
    rows = (
        select(col(Organisation.name), func.count())
        .join(Hazard, col(Hazard.enterprise_id) == col(Organisation.id))
        .where(col(Hazard.id).in_(hazards), col(Hazard.major).is_(True))
        .group_by(col(Organisation.name))
        .order_by(col(Organisation.name))
    )
    return {row[0]: row[1] for row in session.execute(rows)}
