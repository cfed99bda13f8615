"""部署通知: stages, and the tasks of one recipient or of everybody."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from campaigns.date_words import day_words
from campaigns.errors import NotFound
from campaigns.queries.documents.chasing import in_sight
from campaigns.queries.documents.counted import Asked
from campaigns.rules.documents import DocumentKind, Facts, Grid
from campaigns.rules.states import TaskState
from campaigns.store.campaign.campaigns import Campaign, FrozenDefinition, PlannedOccurrence, Stage
from campaigns.store.scope import visible
from campaigns.store.work.tasks import Task

NUMBERS = "一二三四五六七八九十"


def launch_notice(session: Session, asked: Asked) -> Facts:
    """Return the plan for one organisation in sight (`about` is its id), or for all (`about` empty)."""
    recipient = in_sight(session, asked).name if asked.about else "各有关单位"
    lines = session.execute(_plan(asked)).all()
    if not lines:
        raise NotFound("这个单位在这个行动里没有任务。", advice="请换一个单位。")
    whom = ("承办单位数",) if not asked.about else ()
    rows = tuple(
        (str(number), title, clause, f"{count}件", _days(first, last), *((f"{doers}家",) if whom else ()))
        for number, (title, clause, count, doers, first, last) in enumerate(lines, start=1)
    )
    grid = Grid(("序号", "任务", "依据", "件数", "到期日", *whom), (2, 9, 5, 3, 6, *((4,) if whom else ())), rows)
    stages = session.scalars(select(Stage).where(col(Stage.campaign_id) == asked.head.id).order_by(col(Stage.position)))
    scope = "你单位" if asked.about else "本次行动"
    which = f"单位编号{asked.about}" if asked.about else "本单位管辖范围"
    return Facts(
        DocumentKind.LAUNCH_NOTICE,
        asked.issuer,
        asked.actor.name,
        asked.now,
        values={
            "campaign": asked.head.title,
            "recipient": recipient,
            "starts_on": asked.head.starts_on,
            "ends_on": asked.head.ends_on,
            "stages": tuple(
                {"number": NUMBERS[at], "title": one.title, "opens_on": one.opens_on, "closes_on": one.closes_on}
                for at, one in enumerate(stages)
            ),
            "scope": scope,
            "lines": len(lines),
            "tasks": sum(line[2] for line in lines),
        },
        grids={"tasks": grid},
        sources={
            "plan": f"行动编号{asked.head.id}下发时锁定的行动方案，{_pin(session, asked)}。",
            "tasks": f"任务台账，{which}，不含已撤销的任务，{asked.as_of}。",
        },
    )


def _plan(asked: Asked) -> Select[Any]:
    whose = (col(Task.organisation_id) == int(asked.about),) if asked.about else ()
    line = col(PlannedOccurrence.title), col(PlannedOccurrence.clause)
    first, last = func.min(col(Task.due_on)), func.max(col(Task.due_on))
    return (
        select(*line, func.count(), func.count(col(Task.organisation_id).distinct()), first, last)
        .select_from(Task)
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(
            col(Task.campaign_id) == asked.head.id,
            col(Task.state) != TaskState.WITHDRAWN,
            col(Task.organisation_id).in_(visible(asked.actor)),
            *whose,
        )
        .group_by(*line)
        .order_by(first, *line)
    )


def _days(first: Any, last: Any) -> str:
    return day_words(first) if first == last else f"{day_words(first)}至{day_words(last)}"


def _pin(session: Session, asked: Asked) -> str:
    frozen = session.get_one(FrozenDefinition, session.get_one(Campaign, asked.head.id).definition_id)
    return f"{frozen.template} {frozen.version}版，SHA-256 {frozen.sha256[:16]}"
