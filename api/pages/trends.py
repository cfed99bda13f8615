"""走势 and 对比: a campaign month by month, from the rows and from the sealed reports, and two periods side by side."""

from collections.abc import Sequence
from decimal import Decimal

from fastapi import APIRouter, Response

from api.deps import Visit, VisitDep
from api.drawings.axis import period_short
from api.drawings.plots import Plot, trend
from api.pages.superior import only_bureaus
from campaigns.queries.campaign.overview import CampaignHead, campaign_head
from campaigns.queries.campaign.progress import progress
from campaigns.queries.campaign.trend import MonthEnd, MonthFigures, month_ends, trend_of
from campaigns.queries.reporting.sealed import Filed, filed, filed_forms
from campaigns.rules.figures import YUAN_IN_WAN
from campaigns.rules.period_words import period_label

router = APIRouter()


@router.get("/progress/{campaign_id}/trend")
def trend_page(
    visit: VisitDep,
    campaign_id: int,
    region: int | None = None,
    form: str = "",
    figure: str = "",
    beside: str = "",
) -> Response:
    """Draw the month ends from the rows, and one or two figures of the sealed reports."""
    only_bureaus(visit)
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    months = trend_of(
        visit.session, campaign_id=campaign_id, actor=visit.actor, months=_months(head, visit), region_id=region
    )
    forms, table = _filed(visit, campaign_id, region, form)
    shown = _shown(table, figure, beside) if table else ()
    return visit.page(
        "progress-trend.html",
        head=head,
        region=region,
        months=months,
        charts=_charts(months),
        forms=forms,
        form_choices=[(each, each) for each in forms],
        figure_choices=[(one.code, f"{one.title}（{one.unit}）") for one in table.figures] if table else [],
        table=table,
        shown=shown,
        chart=_filed_chart(table, shown) if table and shown else None,
    )


@router.get("/progress/{campaign_id}/compare")
def compare_page(
    visit: VisitDep, campaign_id: int, region: int | None = None, first: str = "", second: str = "", form: str = ""
) -> Response:
    """Show two month ends side by side: by region from the rows, figure by figure from the sealed reports."""
    only_bureaus(visit)
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    months = _months(head, visit)
    pair = _pair(months, first, second)
    forms, table = _filed(visit, campaign_id, region, form)
    found = None
    if pair:
        found = progress(
            visit.session,
            campaign_id=campaign_id,
            actor=visit.actor,
            now=pair[1].at,
            then=pair[0].at,
            region_id=region,
        )
    return visit.page(
        "progress-compare.html",
        head=head,
        region=region,
        month_choices=[(month.label, period_label(month.label)) for month in months],
        pair=pair,
        found=found,
        forms=forms,
        form_choices=[(each, each) for each in forms],
        table=table,
        differences=_differences(table, pair) if table and pair else (),
    )


def _months(head: CampaignHead, visit: Visit) -> tuple[MonthEnd, ...]:
    return month_ends(head.starts_on, head.ends_on, visit.now)


def _filed(visit: Visit, campaign_id: int, region: int | None, form: str) -> tuple[tuple[str, ...], Filed | None]:
    whose = {"campaign_id": campaign_id, "actor": visit.actor, "region_id": region}
    forms = filed_forms(visit.session, **whose)  # type: ignore[arg-type]
    if not forms:
        return (), None
    chosen = form if form in forms else forms[0]
    return forms, filed(visit.session, form=chosen, **whose)  # type: ignore[arg-type]


def _charts(months: Sequence[MonthFigures]) -> tuple[Plot, ...]:
    def lines(*values: str) -> list[tuple[str, list[int | None]]]:
        return [(period_short(one.month.label), [getattr(one, value) for value in values]) for one in months]

    return (
        trend(lines("left", "planned_left"), ("没办完的", "按计划还没到期的"), unit="项", title="没办完的任务"),
        trend(lines("percent"), ("到期完成率",), unit="%", title="到期完成率", top=100),
        trend(lines("late"), ("逾期任务",), unit="项", title="逾期任务"),
        trend(lines("major_open"), ("未销号重大隐患",), unit="项", title="未销号重大隐患"),
    )


def _shown(table: Filed, figure: str, beside: str) -> tuple[str, ...]:
    """Return the codes to draw: the asked ones, else the paper's first two."""
    known = [one.code for one in table.figures]
    asked = [code for code in dict.fromkeys((figure, beside)) if code in known]
    return tuple(asked or known[:2])


def _filed_chart(table: Filed, shown: tuple[str, ...]) -> Plot:
    named = {one.code: one for one in table.figures}
    rows = [(period_short(one.period), [one.figures.get(code) for code in shown]) for one in table.periods]
    units = dict.fromkeys("元" if named[code].unit == "万元" else named[code].unit for code in shown)
    return trend(rows, [named[code].title for code in shown], unit="、".join(units), title=table.title)


def _pair(months: Sequence[MonthEnd], first: str, second: str) -> tuple[MonthEnd, MonthEnd] | None:
    """Return the two asked months in order, else the last two; None when there are not two."""
    by_label = {month.label: month for month in months}
    asked = sorted({label for label in (first, second) if label in by_label})
    chosen = [by_label[label] for label in asked] if len(asked) == 2 else list(months[-2:])
    return (chosen[0], chosen[1]) if len(chosen) == 2 else None


Amount = int | Decimal
Difference = tuple[str, str, Amount | None, Amount | None, Amount | None]


def _differences(table: Filed, pair: tuple[MonthEnd, MonthEnd]) -> list[Difference]:
    before, after = table.of(pair[0].label), table.of(pair[1].label)
    found = []
    for one in table.figures:
        old, new = (_on_paper(one.unit, period.get(one.code)) for period in (before, after))
        more = None if old is None or new is None else new - old
        found.append((one.title, one.unit, old, new, more))
    return found


def _on_paper(unit: str, value: int | None) -> Amount | None:
    """Money stands in the table in 万元: an amount is compared as it was filed."""
    return Decimal(value) / YUAN_IN_WAN if unit == "万元" and value is not None else value
