"""A campaign's tasks behind each of its figures."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from campaigns.queries.work.task_lines import (
    TaskLine,
    count_tabs,
    counts,
    due_within_a_week,
    is_done,
    is_late,
    task_lines,
)
from campaigns.rules.permissions import Actor
from campaigns.rules.states import Stated, TaskState
from campaigns.store.work.tasks import Task


class TaskTab(Stated):
    """Which tasks a list shows."""

    LATE = "late", "逾期"
    WEEK = "week", "七天内到期"
    REVIEW = "review", "待审核"
    DONE = "done", "已完成"
    ALL = "all", "全部"


def campaign_tasks(
    session: Session,
    *,
    campaign_id: int,
    tab: TaskTab,
    actor: Actor,
    now: datetime,
    limit: int,
    offset: int = 0,
) -> tuple[TaskLine, ...]:
    """List the tasks of a tab in the actor's sight, the earliest due first."""
    where = [_in(campaign_id), *_tabs(now)[tab]]
    return task_lines(session, actor=actor, now=now, where=where, limit=limit, offset=offset)


def count_campaign_tasks(session: Session, *, campaign_id: int, actor: Actor, now: datetime) -> dict[TaskTab, int]:
    """Count each tab."""
    return count_tabs(session, actor=actor, where=[_in(campaign_id)], tabs=_tabs(now))


def _in(campaign_id: int) -> ColumnElement[bool]:
    return col(Task.campaign_id) == campaign_id


def _tabs(now: datetime) -> dict[TaskTab, Sequence[ColumnElement[bool]]]:
    state = col(Task.state)
    return {
        TaskTab.LATE: (is_late(now),),
        TaskTab.WEEK: due_within_a_week(now),
        TaskTab.REVIEW: (state == TaskState.SUBMITTED,),
        TaskTab.DONE: (is_done(), *counts()),
        TaskTab.ALL: (state != TaskState.WITHDRAWN,),
    }
