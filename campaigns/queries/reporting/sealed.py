"""The figures that a place's own bureau filed, period by period: what stands in its sealed reports, not what rows say today."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.queries.campaign.looking import looked_at
from campaigns.rules.permissions import Actor, OrganisationKind
from campaigns.rules.report_checks import named
from campaigns.rules.states import ReportState
from campaigns.store.campaigns import Campaign
from campaigns.store.regions import Organisation
from campaigns.store.report_cells import cells_of, filed_figures
from campaigns.store.report_forms import report_form
from campaigns.store.reports import Report
from campaigns.store.scope import visible

SEALED = (ReportState.FILED, ReportState.ACCEPTED)
NOT_DRAWN = ("文字", "日期", "是否", "%")
"""Units whose values are no amounts to draw or to subtract."""


@dataclass(frozen=True, slots=True)
class FiledFigure:
    """One figure of a report: its code, what the paper calls it, its unit."""

    code: str
    title: str
    unit: str


@dataclass(frozen=True, slots=True)
class FiledPeriod:
    """One filed report: its figures by code, amounts in 元."""

    period: str
    report_id: int
    figures: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Filed:
    """One form with the periods that were filed, the oldest first."""

    form: str
    title: str
    figures: tuple[FiledFigure, ...]
    periods: tuple[FiledPeriod, ...]

    def of(self, period: str) -> Mapping[str, int | None]:
        """Return the figures of a period; of one that was not filed, none."""
        return next((one.figures for one in self.periods if one.period == period), {})


def filed_forms(session: Session, *, campaign_id: int, actor: Actor, region_id: int | None = None) -> tuple[str, ...]:
    """Return the forms that the place's own bureau has filed."""
    return tuple(dict.fromkeys(report.form for report in _reports(session, campaign_id, actor, region_id)))


def filed(session: Session, *, campaign_id: int, form: str, actor: Actor, region_id: int | None = None) -> Filed:
    """Return what the place's own bureau filed by one form."""
    its = report_form(session, session.get_one(Campaign, campaign_id), form)
    atoms = sorted((atom for atom in its.atoms if atom.unit not in NOT_DRAWN), key=lambda atom: _numbers(atom.code))
    reports = [one for one in _reports(session, campaign_id, actor, region_id) if one.form == form]
    return Filed(
        form,
        its.title,
        tuple(FiledFigure(atom.code, named(its, atom), atom.unit) for atom in atoms),
        tuple(FiledPeriod(one.period, one.id, filed_figures(its, cells_of(session, one.id))) for one in reports),
    )


def _numbers(code: str) -> list[int]:
    """Return what a code is ordered by: 2.9 before 2.10, whatever order the frozen form names its sections in."""
    return [int(number) for number in re.findall(r"\d+", code)]


def _reports(session: Session, campaign_id: int, actor: Actor, region_id: int | None) -> list[Report]:
    place = looked_at(session, actor, region_id)
    if place.region is None:
        return []
    return list(
        session.scalars(
            select(Report)
            .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
            .where(
                col(Report.campaign_id) == campaign_id,
                col(Report.state).in_(SEALED),
                col(Organisation.kind) == OrganisationKind.BUREAU,
                col(Organisation.region_id) == place.region.id,
                col(Organisation.id).in_(visible(actor)),
            )
            .order_by(col(Report.cutoff_on), col(Report.id))
        )
    )
