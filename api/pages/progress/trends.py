"""走势 and 对比: a campaign month by month, from the rows and from the sealed reports, and two periods side by side."""

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from api.deps import Visit, VisitDep
from api.drawings.axis import period_short
from api.drawings.plots import Plot, trend
from api.pages.progress.superior import only_bureaus
from api.pages.reporting.tables import Form, send, title_of
from campaigns.queries.campaign.overview import CampaignHead, campaign_head
from campaigns.queries.campaign.progress import Progress, progress
from campaigns.queries.campaign.trend import MonthEnd, MonthFigures, month_ends, trend_of
from campaigns.queries.listings.looking_rows import (
    MONTHS,
    compared_headings,
    compared_rows,
    difference_headings,
    difference_rows,
    filed_headings,
    filed_rows,
    month_rows,
)
from campaigns.queries.reporting.sealed import Filed, filed, filed_forms
from campaigns.rules.dates.period_words import period_label

router = APIRouter()
Pair = tuple[MonthEnd, MonthEnd]


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
    months = _figures(visit, head, region)
    forms, table = _filed(visit, campaign_id, region, form)
    shown = table.drawn(figure, beside) if table else ()
    return visit.page(
        "progress-trend.html",
        head=head,
        region=region,
        months=months,
        charts=_charts(months),
        forms=forms,
        form_choices=[(each, each) for each in forms],
        figure_choices=[(one.code, one.headed) for one in table.figures] if table else [],
        table=table,
        shown=shown,
        chart=_filed_chart(table, shown) if table and shown else None,
        query=_query(region=region),
        filed_query=_query(region=region, form=table.form, figure=figure, beside=beside) if table else "",
    )


@router.get("/progress/{campaign_id}/trend/table.{kind}")
def trend_file(visit: VisitDep, campaign_id: int, kind: Form, region: int | None = None) -> Response:
    """Send the month ends of 走势."""
    only_bureaus(visit)
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    title = title_of(visit, campaign_id, region, "走势")
    return send("走势", title, MONTHS, month_rows(_figures(visit, head, region)), kind)


@router.get("/progress/{campaign_id}/trend/filed.{kind}")
def trend_filed_file(
    visit: VisitDep,
    campaign_id: int,
    kind: Form,
    region: int | None = None,
    form: str = "",
    figure: str = "",
    beside: str = "",
) -> Response:
    """Send the filed figures that 走势 draws."""
    only_bureaus(visit)
    title = title_of(visit, campaign_id, region, "已上报数走势")
    _, table = _filed(visit, campaign_id, region, form)
    shown = table.drawn(figure, beside) if table else ()
    return send("已上报数走势", title, filed_headings(table, shown), filed_rows(table, shown), kind)


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
    return visit.page(
        "progress-compare.html",
        head=head,
        region=region,
        month_choices=[(month.label, period_label(month.label)) for month in months],
        pair=pair,
        found=_compared(visit, campaign_id, region, pair),
        forms=forms,
        form_choices=[(each, each) for each in forms],
        table=table,
        differences=table.differences(*_labels(pair)) if table and pair else (),
        query=_query(region=region, **_asked(pair)),
        filed_query=_query(region=region, **_asked(pair), form=table.form) if table else "",
    )


@router.get("/progress/{campaign_id}/compare/table.{kind}")
def compare_file(
    visit: VisitDep, campaign_id: int, kind: Form, region: int | None = None, first: str = "", second: str = ""
) -> Response:
    """Send the regions of 对比两期."""
    only_bureaus(visit)
    title = title_of(visit, campaign_id, region, "对比两期")
    pair = _chosen(visit, campaign_id, first, second)
    rows = compared_rows(_compared(visit, campaign_id, region, pair))
    return send("对比两期", title, compared_headings(_labels(pair) if pair else None), rows, kind)


@router.get("/progress/{campaign_id}/compare/filed.{kind}")
def compare_filed_file(
    visit: VisitDep,
    campaign_id: int,
    kind: Form,
    region: int | None = None,
    first: str = "",
    second: str = "",
    form: str = "",
) -> Response:
    """Send the filed figures of 对比两期."""
    only_bureaus(visit)
    title = title_of(visit, campaign_id, region, "已上报数对比两期")
    pair = _chosen(visit, campaign_id, first, second)
    _, table = _filed(visit, campaign_id, region, form)
    rows = difference_rows(table.differences(*_labels(pair)) if table and pair else ())
    return send("已上报数对比两期", title, difference_headings(_labels(pair) if pair else None), rows, kind)


def _figures(visit: Visit, head: CampaignHead, region: int | None) -> tuple[MonthFigures, ...]:
    months = _months(head, visit)
    return trend_of(visit.session, campaign_id=head.id, actor=visit.actor, months=months, region_id=region)


def _chosen(visit: Visit, campaign_id: int, first: str, second: str) -> Pair | None:
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    return _pair(_months(head, visit), first, second)


def _compared(visit: Visit, campaign_id: int, region: int | None, pair: Pair | None) -> Progress | None:
    if pair is None:
        return None
    before, after = pair
    return progress(
        visit.session, campaign_id=campaign_id, actor=visit.actor, now=after.at, then=before.at, region_id=region
    )


def _labels(pair: Pair) -> tuple[str, str]:
    return pair[0].label, pair[1].label


def _asked(pair: Pair | None) -> dict[str, str]:
    """The two months in words of the address: a file follows what its page shows, whatever month comes next."""
    return dict(zip(("first", "second"), _labels(pair), strict=True)) if pair else {}


def _query(**filters: object) -> str:
    kept = urlencode({name: str(value) for name, value in filters.items() if value})
    return f"?{kept}" if kept else ""


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


def _filed_chart(table: Filed, shown: tuple[str, ...]) -> Plot:
    rows = [(period_short(one.period), table.amounts(one, shown)) for one in table.periods]
    return trend(rows, [one.headed for one in table.chosen(shown)], unit="", title=table.title)


def _pair(months: Sequence[MonthEnd], first: str, second: str) -> Pair | None:
    """Return the two asked months in order, else the last two; None when there are not two."""
    by_label = {month.label: month for month in months}
    asked = sorted({label for label in (first, second) if label in by_label})
    chosen = [by_label[label] for label in asked] if len(asked) == 2 else list(months[-2:])
    return (chosen[0], chosen[1]) if len(chosen) == 2 else None
