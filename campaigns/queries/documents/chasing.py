"""催办单 for one organisation, and 通报 on all: who has not done what."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.date_words import day_words, moment_words
from campaigns.errors import Invalid, NotFound
from campaigns.queries.documents.counted import Asked, task_counts, task_source
from campaigns.queries.reporting.reports import Filing, filing, periods_of
from campaigns.queries.work.task_lines import TaskLine, is_late, task_lines
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.documents import DocumentKind as Kind
from campaigns.rules.documents import Facts, Grid, Value
from campaigns.rules.states import UNFILED_REPORT_STATES
from campaigns.rules.work.fields import read_id
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.reporting.reports import Report
from campaigns.store.scope import visible
from campaigns.store.work.tasks import Task

MOST_LINES = 200
MOST_ORGANISATIONS = 60


def reminder(session: Session, asked: Asked) -> Facts:
    """Return what one organisation in sight (`about` is its id) has let pass, task by task and report by report."""
    organisation = in_sight(session, asked)
    its = col(Task.organisation_id) == organisation.id
    here = (col(Task.campaign_id) == asked.head.id, its, is_late(asked.now))
    late = task_lines(session, actor=asked.actor, now=asked.now, where=here, limit=MOST_LINES)
    if not late:
        raise Invalid(f"{organisation.name}没有逾期的任务，不需要催办。", kept="没有生成文书。")
    today = local_date(asked.now)
    reports = _unfiled(session, asked, organisation.id)
    links = [asked.link(line.id).rpartition("/") for line in late] if asked.link else [("", "", "")] * len(late)
    rows = tuple(
        (str(number), line.title, line.period, day_words(line.due_on), str((today - line.due_on).days), code)
        for number, (line, (_, _, code)) in enumerate(zip(late, links, strict=True), start=1)
    )
    return Facts(
        Kind.REMINDER,
        asked.issuer,
        asked.actor.name,
        asked.now,
        values={
            "campaign": asked.head.title,
            "recipient": organisation.name,
            "at": asked.now,
            "since": late[0].due_on,
            "home": links[0][0],
            "reports": tuple(
                f"{period_label(report.period)}{report.form}（应于{moment_words(report.due_at)}前上报）"
                for report in reports
            ),
            **task_counts(session, asked, its),
        },
        grids={"late": Grid(("序号", "任务", "期次", "到期日", "逾期天数", "短码"), (2, 9, 5, 6, 3, 5), rows)},
        sources={
            "tasks": task_source(asked, f"单位编号{organisation.id}") + f"清单所列任务编号：{_ids(late)}。",
            "reports": f"报表台账，报表编号：{'、'.join(str(report.id) for report in reports)}，{asked.as_of}。",
        },
    )


def bulletin(session: Session, asked: Asked) -> Facts:
    """Return who in sight is late with how much, and which reports of the periods that are due are missing."""
    late = late_organisations(session, asked)
    due = filings_due(session, asked)
    rows = tuple(
        (str(number), name, region, str(count), day_words(since))
        for number, (_, name, region, count, since) in enumerate(late[:MOST_ORGANISATIONS], start=1)
    )
    return Facts(
        Kind.BULLETIN,
        asked.issuer,
        asked.actor.name,
        asked.now,
        values={
            "campaign": asked.head.title,
            "at": asked.now,
            "left_out": len(late) - len(rows),
            "filings": tuple(filing_values(each) for each in due),
            **task_counts(session, asked),
        },
        grids={"late": Grid(("序号", "单位", "属地", "逾期任务", "最早到期日"), (2, 11, 6, 4, 6), rows)},
        sources={
            "tasks": task_source(asked, "本单位管辖范围"),
            "late": task_source(asked, "本单位管辖范围，按责任单位汇总"),
            "filings": filing_source(asked, due),
        },
    )


def late_organisations(session: Session, asked: Asked) -> list[tuple[int, str, str, int, date]]:
    """Return (id, name, region, late tasks, earliest due) of every organisation in sight that is late, the latest first."""
    rows = session.execute(
        select(
            col(Organisation.id),
            col(Organisation.name),
            col(Region.name),
            func.count(),
            func.min(col(Task.due_on)),
        )
        .select_from(Task)
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Organisation, col(Organisation.id) == col(Task.organisation_id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .where(
            col(Task.campaign_id) == asked.head.id,
            col(Task.organisation_id).in_(visible(asked.actor)),
            is_late(asked.now),
        )
        .group_by(col(Organisation.id), col(Organisation.name), col(Region.name))
        .order_by(func.count().desc(), func.min(col(Task.due_on)), col(Organisation.id))
    )
    return [row._tuple() for row in rows]


def filings_due(session: Session, asked: Asked) -> tuple[Filing, ...]:
    """Return how every period of the lower levels' reports whose time has come stands, the newest first."""
    periods = periods_of(session, campaign_id=asked.head.id, actor=asked.actor)
    found = (
        filing(session, campaign_id=asked.head.id, form=form, period=period, actor=asked.actor)
        for form, period in periods
    )
    return tuple(each for each in found if each is not None and each.due_at < asked.now)


def filing_values(each: Filing) -> dict[str, Value]:
    """Return one period as a text names it."""
    return {
        "period": period_label(each.period),
        "form": each.form,
        "expected": each.expected,
        "filed": each.filed,
        "late": each.late,
        "missing": "、".join(missing.organisation for missing in each.missing),
    }


def filing_source(asked: Asked, due: tuple[Filing, ...]) -> str:
    """Say which reports were counted, with each period's cut-off."""
    periods = (
        "、".join(f"{period_label(each.period)}{each.form}（{day_words(each.cutoff_on)}截止）" for each in due)
        or "没有到期的期次"
    )
    return f"报表台账，行动编号{asked.head.id}，下级单位各期最新版本：{periods}，{asked.as_of}。"


def in_sight(session: Session, asked: Asked) -> Organisation:
    """Return the organisation that `about` names; one out of sight is not found."""
    wanted = select(Organisation).where(col(Organisation.id).in_(visible(asked.actor)))
    organisation = session.scalar(wanted.where(col(Organisation.id) == read_id(asked.about)))
    if organisation is None:
        raise NotFound
    return organisation


def _unfiled(session: Session, asked: Asked, organisation_id: int) -> list[Report]:
    overdue = (
        col(Report.campaign_id) == asked.head.id,
        col(Report.organisation_id) == organisation_id,
        col(Report.state).in_(UNFILED_REPORT_STATES),
        col(Report.due_at) < asked.now,
    )
    return list(session.scalars(select(Report).where(*overdue).order_by(col(Report.due_at))))


def _ids(lines: Sequence[TaskLine]) -> str:
    return "、".join(str(line.id) for line in lines) or "无"
