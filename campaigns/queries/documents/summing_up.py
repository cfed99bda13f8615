"""阶段小结, 季度材料 and 总结: how far the campaign came, counted as its pages count."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.date_words import day_words
from campaigns.errors import NotFound
from campaigns.queries.campaign.overview import StageLine, overview
from campaigns.queries.campaign.progress import Lag, RegionLine, Standing, progress
from campaigns.queries.documents.chasing import filing_source, filing_values, filings_due
from campaigns.queries.documents.counted import Asked, hazard_counts, hazard_source, task_counts, task_source
from campaigns.queries.documents.own_report import own_report
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.documents import DocumentKind, Facts, Grid, Value
from campaigns.rules.quotes import quoted
from campaigns.rules.states import StageState
from campaigns.store.campaign.campaigns import PlannedOccurrence, Stage
from campaigns.store.work.tasks import Task

MONTHS_OF_A_QUARTER = 3


def stage_summary(session: Session, asked: Asked) -> Facts:
    """Return how a stage went (`about` is its code)."""
    wanted = col(Stage.campaign_id) == asked.head.id, col(Stage.code) == asked.about
    stage = session.scalar(select(Stage).where(*wanted))
    if stage is None or stage.state == StageState.WAITING:
        raise NotFound
    found = progress(session, campaign_id=asked.head.id, actor=asked.actor, now=asked.now)
    regions = [(line.name, line.by_stage[stage.title]) for line in found.regions if stage.title in line.by_stage]
    return Facts(
        DocumentKind.STAGE_SUMMARY,
        asked.issuer,
        asked.actor.name,
        asked.now,
        values={
            "campaign": asked.head.title,
            "stage": stage.title,
            "state": StageState(stage.state).label,
            "opens_on": stage.opens_on,
            "closes_on": stage.closes_on,
            "at": asked.now,
            "regions": len(regions),
            "lags": tuple(_lag(lag) for lag in _lags(found.regions)),
            **task_counts(session, asked, col(PlannedOccurrence.stage_id) == stage.id),
            **hazard_counts(session, asked, stage.opens_on, stage.closes_on),
        },
        grids={"regions": _by_region(regions)},
        sources={
            "tasks": task_source(asked, f"阶段{quoted(stage.title)}，本单位管辖范围"),
            "regions": _region_source(asked),
            "lags": task_source(asked, "本单位管辖范围全部阶段，各地逾期最多的工作"),
            "hazards": hazard_source(asked, stage.opens_on, stage.closes_on),
        },
    )


def quarterly(session: Session, asked: Asked) -> Facts:
    """Return one quarter (`about` is 2023-Q2) of the campaign."""
    since, until = quarter_days(asked.about)
    due = tuple(each for each in filings_due(session, asked) if since <= each.cutoff_on <= until)
    in_quarter = col(Task.due_on).between(since, until)
    report, figures = own_report(session, asked, until=until, since=since)
    return Facts(
        DocumentKind.QUARTERLY,
        asked.issuer,
        asked.actor.name,
        asked.now,
        values={
            "campaign": asked.head.title,
            "quarter": period_label(asked.about),
            "at": asked.now,
            "filings": tuple(filing_values(each) for each in due),
            "has_report": figures is not None,
            **task_counts(session, asked, in_quarter),
            **hazard_counts(session, asked, since, until),
        },
        grids={"report": figures} if figures else {},
        sources={
            "tasks": task_source(asked, f"{day_words(since)}至{day_words(until)}到期，本单位管辖范围"),
            "hazards": hazard_source(asked, since, until),
            "filings": filing_source(asked, due),
            "report": report,
        },
    )


def summary(session: Session, asked: Asked) -> Facts:
    """Return the whole campaign."""
    found = overview(session, campaign_id=asked.head.id, actor=asked.actor, now=asked.now)
    by_region = progress(session, campaign_id=asked.head.id, actor=asked.actor, now=asked.now)
    regions = [(line.name, line.standing) for line in by_region.regions]
    due, since, until = filings_due(session, asked), asked.head.starts_on, asked.head.ends_on
    report, figures = own_report(session, asked, until=until, since=since)
    return Facts(
        DocumentKind.SUMMARY,
        asked.issuer,
        asked.actor.name,
        asked.now,
        values={
            "campaign": asked.head.title,
            "starts_on": since,
            "ends_on": until,
            "enterprises": asked.head.enterprises,
            "at": asked.now,
            "regions": len(regions),
            "filings": len(due),
            "expected": sum(each.expected for each in due),
            "filed": sum(each.filed for each in due),
            "filed_late": sum(each.late for each in due),
            "has_report": figures is not None,
            **task_counts(session, asked),
            **hazard_counts(session, asked, since, until),
        },
        grids={"stages": _by_stage(found.stages, found.throughout), "regions": _by_region(regions)}
        | ({"report": figures} if figures else {}),
        sources={
            "tasks": task_source(asked, "本单位管辖范围"),
            "regions": _region_source(asked),
            "hazards": hazard_source(asked, since, until),
            "filings": filing_source(asked, due),
            "report": report,
        },
    )


def quarter_days(quarter: str) -> tuple[date, date]:
    """Return the first and last day of 2023-Q2; anything else is not found."""
    year, _, number = quarter.partition("-Q")
    if not (year.isdecimal() and len(year) == 4 and number in {"1", "2", "3", "4"}):
        raise NotFound
    first = date(int(year), MONTHS_OF_A_QUARTER * int(number) - 2, 1)
    return first, (first + timedelta(days=100)).replace(day=1) - timedelta(days=1)


def _by_region(regions: Sequence[tuple[str, Standing]]) -> Grid:
    rows = tuple(
        (name, str(one.total), str(one.done), f"{one.percent}%", str(one.late)) for name, one in regions if one.total
    )
    return Grid(("地区", "应办", "完成", "完成率", "逾期"), (8, 4, 4, 4, 4), rows)


def _by_stage(stages: Sequence[StageLine], throughout: tuple[int, int]) -> Grid:
    rows = [
        (one.title, f"{day_words(one.opens_on)}至{day_words(one.closes_on)}", str(one.total), str(one.done))
        for one in stages
    ]
    return Grid(
        ("阶段", "起止", "应办", "完成"),
        (6, 9, 3, 3),
        (*rows, ("全程任务", "", str(throughout[1]), str(throughout[0]))),
    )


def _lags(regions: Sequence[RegionLine]) -> list[Lag]:
    worst: dict[str, Lag] = {}
    for lag in (lag for line in regions for lag in line.lags):
        before = worst.get(lag.duty)
        worst[lag.duty] = Lag(lag.duty, lag.count + before.count, min(lag.since, before.since)) if before else lag
    return sorted(worst.values(), key=lambda lag: -lag.count)[:MONTHS_OF_A_QUARTER]


def _lag(lag: Lag) -> dict[str, Value]:
    return {"duty": lag.duty, "count": lag.count, "since": lag.since}


def _region_source(asked: Asked) -> str:
    return task_source(asked, "按责任单位所在地区汇总，与“各地进度”页面同一口径")
