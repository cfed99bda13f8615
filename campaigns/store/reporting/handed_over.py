"""What left a table of the 25th since the period before, or came to it: hazards handed over (移交), lower levels not in it.

A 累计 may be smaller than last period's by exactly what left, and the table says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, exists, func, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.definition.report_form import ReportForm
from campaigns.rules.states import ReportState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import FormerBureau, Hazard
from campaigns.store.hazards.holdings import Span, period_begins
from campaigns.store.reporting.cells import cells_of, filed_figures
from campaigns.store.reporting.evidence import HAZARD, REPORT, evidence, measure
from campaigns.store.reporting.forms import counts_from
from campaigns.store.reporting.reports import Report, ReportMember


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What moved between the period before and this one: hazards by enterprise, and by cell how much left the table.

    `absent` names lower levels that were added in the period before and are not in this one: missing, let off or dissolved.
    """

    left: Mapping[str, int]
    came: Mapping[str, int]
    by_atom: Mapping[str, int]
    absent: tuple[str, ...] = ()


NOTHING = HandedOver({}, {}, {})


def handed_over(session: Session, form: ReportForm, report: Report) -> HandedOver:
    """Return what was handed over since the period before, out of a report's whole tree or into it, and who is absent."""
    last = session.get(Report, report.previous_id) if report.previous_id else None
    if last is None:
        return NOTHING
    moved, absent = _moved(session, form, report, last), _absent(session, report, last)
    if not absent:
        return moved
    missing = [filed_figures(form, cells_of(session, id_)) for id_ in absent]
    codes = [atom.code for atom in form.atoms]
    gone = {code: moved.by_atom.get(code, 0) + sum(figures[code] or 0 for figures in missing) for code in codes}
    return replace(moved, by_atom=gone, absent=tuple(absent.values()))


def _moved(session: Session, form: ReportForm, report: Report, last: Report) -> HandedOver:
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
    present = {one.organisation_id for one in _tree(session, report, accepted=True)}
    counted = _counted(
        session, form, span, earlier, {id_ for id_ in ids if then[id_] in ours and now[id_] not in present}
    )
    return HandedOver(_names(session, left), _names(session, came), counted)


def _begins(session: Session, report: Report, span: Span) -> datetime:
    begins: datetime = session.scalars(select(period_begins(Report, span)).where(col(Report.id) == report.id)).one()
    return begins


def _absent(session: Session, report: Report, last: Report) -> dict[int, str]:
    """Return the reports that were added in the period before and whose organisation is not in this one, with its name."""
    now = aliased(Report)
    is_in = exists().where(
        col(now.parent_id) == report.id,
        col(now.organisation_id) == col(Report.organisation_id),
        col(now.state) == ReportState.ACCEPTED,
    )
    rows = session.execute(
        select(col(Report.id), col(Organisation.name))
        .join(ReportMember, and_(col(ReportMember.row_id) == col(Report.id), col(ReportMember.kind) == REPORT))
        .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
        .where(col(ReportMember.report_id) == last.id, ~is_in)
        .order_by(col(Organisation.id))
    )
    return {row[0]: row[1] for row in rows}


def _tree(session: Session, report: Report, *, accepted: bool = False) -> list[Report]:
    """Return a report and every one below it, level by level; or only those that are `accepted`, and so added up in it."""
    found, level = [report], [report.id]
    while level:
        below = session.scalars(
            select(Report).where(
                col(Report.parent_id).in_(level), col(Report.state) == ReportState.ACCEPTED if accepted else true()
            )
        ).all()
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
