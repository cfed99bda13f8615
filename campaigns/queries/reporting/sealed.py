"""The figures that a place's own bureau filed, period by period: what stands in its sealed reports, not what rows say today."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.queries.campaign.looking import looked_at
from campaigns.rules.permissions import Actor, OrganisationKind
from campaigns.rules.reporting.checks import named
from campaigns.rules.reporting.figures import YUAN_IN_WAN
from campaigns.rules.states import ReportState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.cells import cells_of, filed_figures
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report
from campaigns.store.scope import visible

SEALED = (ReportState.FILED, ReportState.ACCEPTED)
NOT_DRAWN = ("文字", "日期", "是否", "%")
"""Units whose values are no amounts to draw or to subtract."""
Amount = int | Decimal
Difference = tuple[str, str, Amount | None, Amount | None, Amount | None]
"""A figure's title and unit, its earlier and its later amount, and how much more that is."""


@dataclass(frozen=True, slots=True)
class FiledFigure:
    """One figure of a report: its code, what the paper calls it, its unit."""

    code: str
    title: str
    unit: str

    @property
    def headed(self) -> str:
        """What stands over a column of it: 罚款（万元）."""
        return f"{self.title}（{self.unit}）"


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

    def chosen(self, codes: Sequence[str]) -> tuple[FiledFigure, ...]:
        """Return the figures of some codes, in the order asked for."""
        named = {one.code: one for one in self.figures}
        return tuple(named[code] for code in codes)

    def amounts(self, period: FiledPeriod, codes: Sequence[str]) -> list[Amount | None]:
        """Return the figures of some codes as the paper has them: money in 万元."""
        return [on_paper(one.unit, period.figures.get(one.code)) for one in self.chosen(codes)]

    def drawn(self, *asked: str) -> tuple[str, ...]:
        """Return the codes to draw: the asked ones, else the paper's first two."""
        known = [one.code for one in self.figures]
        return tuple([code for code in dict.fromkeys(asked) if code in known] or known[:2])

    def differences(self, first: str, second: str) -> list[Difference]:
        """Return every figure of two periods with what the second has more."""
        before, after = self.of(first), self.of(second)
        found: list[Difference] = []
        for one in self.figures:
            old, new = (on_paper(one.unit, period.get(one.code)) for period in (before, after))
            found.append((one.title, one.unit, old, new, None if old is None or new is None else new - old))
        return found


def on_paper(unit: str, value: int | None) -> Amount | None:
    """Return an amount as it was filed: money stands in the table in 万元."""
    return Decimal(value) / YUAN_IN_WAN if unit == "万元" and value is not None else value


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
