"""热力表, 逐家, 走势 and 对比两期 as rows of files: the pages' own figures, for the same eyes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from campaigns.queries.campaign.heat import WHOLE, Heat, HeatSplit, crossed
from campaigns.queries.campaign.progress import Progress
from campaigns.queries.campaign.standings import one_by_one
from campaigns.queries.campaign.trend import MonthFigures
from campaigns.queries.reporting.sealed import Amount, Difference, Filed
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor
from campaigns.rules.shades import Shade, Share

Cells = tuple[object, ...]
Pair = tuple[str, str]
SHARES = ("到期", "其中完成", "逾期", "到期完成率%")
ORGANISATIONS = ("单位", "类型", "地区", "到期", "其中完成", "逾期", "最早逾期", "未销号重大隐患")
MONTHS = ("月份", "到期", "其中完成", "到期完成率%", "没办完的", "按计划还没到期", "逾期", "未销号重大隐患")


def heat_headings(found: Heat, split: HeatSplit) -> tuple[str, ...]:
    """Return the columns of 热力表: under each heading of the page its figures one by one."""
    over = [line.title for line in found.lines] if split is HeatSplit.STAGE else [name for _, name in found.regions]
    corner = "地方" if split is HeatSplit.STAGE else "任务"
    return (corner, *(f"{title}：{figure}" for title in (*over, WHOLE) for figure in SHARES))


def heat_rows(found: Heat, split: HeatSplit) -> list[Cells]:
    """Return the rows of 热力表 as the page has them, the whole last."""
    down = [name for _, name in found.regions] if split is HeatSplit.STAGE else [line.title for line in found.lines]
    return [
        (title, *(figure for share in row for figure in _share(share)))
        for title, row in zip((*down, WHOLE), crossed(found, split), strict=True)
    ]


def _share(share: Share) -> Cells:
    """A rate stands only where the page has one: one of two is not 50% of anything."""
    rate = None if share.shade in (Shade.AHEAD, Shade.FEW) else share.percent
    return (share.due, share.done, share.late, rate)


def organisation_rows(
    session: Session, *, campaign_id: int, actor: Actor, now: datetime, region_id: int | None
) -> list[Cells]:
    """Return 逐家, all its pages in their order."""
    found = one_by_one(session, campaign_id=campaign_id, actor=actor, now=now, region_id=region_id, limit=None)
    return [
        (
            *(line.name, line.kind.label, line.region),
            *(line.share.due, line.share.done, line.share.late, line.since, line.major_open),
        )
        for line in found.lines
    ]


def month_rows(months: Iterable[MonthFigures]) -> list[Cells]:
    """Return 走势 month by month."""
    return [
        (
            period_label(one.month.label),
            one.due,
            one.done_due,
            one.percent,
            one.left,
            one.planned_left,
            one.late,
            one.major_open,
        )
        for one in months
    ]


def filed_headings(table: Filed | None, codes: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of the filed figures that are drawn, each with its unit."""
    return ("期次", *(figure.headed for figure in table.chosen(codes))) if table else ("期次",)


def filed_rows(table: Filed | None, codes: Sequence[str]) -> list[Cells]:
    """Return what was filed, period by period; a blank is not a zero."""
    if table is None:
        return []
    return [
        (period_label(period.period), *(_number(amount) for amount in table.amounts(period, codes)))
        for period in table.periods
    ]


def compared_headings(pair: Pair | None) -> tuple[str, ...]:
    """Return the columns of the regions at two month ends."""
    before, after = _named(pair)
    figures = ("完成", "逾期", "未销号重大隐患")
    return (
        "地方",
        "应办",
        *(f"{figure}{end}" for figure in figures for end in (f"（{before}）", f"（{after}）", "增减")),
    )


def compared_rows(found: Progress | None) -> list[Cells]:
    """Return the regions of 对比两期, each figure with its difference."""
    rows: list[Cells] = []
    for line in found.regions if found else ():
        s = line.standing
        pairs = ((s.done_then, s.done), (s.late_then, s.late), (line.major_open_then, line.major_open))
        changes = (figure for old, new in pairs for figure in (old, new, new - old))
        rows.append((line.name, s.total, *changes))
    return rows


def difference_headings(pair: Pair | None) -> tuple[str, ...]:
    """Return the columns of the filed figures of two periods."""
    return ("指标", "单位", *_named(pair), "增减")


def difference_rows(differences: Iterable[Difference]) -> list[Cells]:
    """Return the filed figures of two periods; one that was not filed is blank."""
    return [(title, unit, *(_number(amount) for amount in amounts)) for title, unit, *amounts in differences]


def _named(pair: Pair | None) -> Pair:
    return (period_label(pair[0]), period_label(pair[1])) if pair else ("前一期", "后一期")


def _number(amount: Amount | None) -> float | None:
    """An amount as a spreadsheet adds it up; exact money in 万元 has at most four places."""
    return float(amount) if isinstance(amount, Decimal) and amount % 1 else None if amount is None else int(amount)
