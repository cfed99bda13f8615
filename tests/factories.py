"""Tasks reached through the real launch, and what people write into their forms."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.store.campaigns import PlannedOccurrence
from campaigns.store.tasks import Task

INSPECTION = {"排查日期": "2023-05-12", "带队人": "卫矿长", "排查部位": ["坝体", "库区"]}
NOTHING_FOUND = INSPECTION | {"无隐患声明": "on", "主要负责人签字": "on"}
PERMIT = {
    "作业类型": "动火",
    "作业日期": "2023-05-12",
    "作业地点": "泵房",
    "作业人员": "张工 证号1",
    "现场监护人": "李工",
    "安全技术措施": "清理可燃物，配灭火器",
    "措施已检查到位": "是",
    "审批人签字": "on",
}


def task_of(
    session: Session, duty: str, organisation_id: int, *, period: str = "", seq: int = 1, subject_id: int | None = None
) -> Task:
    """Return one task of an organisation by the key of its line, the earliest where the period is left open."""
    line = select(Task).join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
    wanted = [
        col(PlannedOccurrence.duty) == duty,
        col(PlannedOccurrence.seq) == seq,
        col(Task.organisation_id) == organisation_id,
        col(Task.subject_id) == (subject_id or organisation_id),
    ]
    if period:
        wanted.append(col(PlannedOccurrence.period) == period)
    task = session.scalars(line.where(*wanted).order_by(col(Task.due_on))).first()
    assert task is not None
    return task


def found(*titles: str, **more: Any) -> dict[str, Any]:
    """Fill in an inspection that found these hazards."""
    rows = [{"title": title, **more} for title in titles]
    return INSPECTION | {"发现隐患": rows, "主要负责人签字": "on"}
