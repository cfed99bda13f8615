"""Tasks reached through the real launch, and what people write into their forms."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.definition.form import Field, Form
from campaigns.rules.permissions import Role
from campaigns.rules.work.fields import FILE_KINDS, FileRef
from campaigns.rules.work.signing import Signer
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.work.tasks import Task

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
    session: Session,
    duty: str,
    organisation_id: int,
    *,
    period: str = "",
    seq: int = 1,
    subject_id: int | None = None,
    campaign_id: int | None = None,
) -> Task:
    """Return one task of an organisation by the key of its line, the earliest where the period is left open."""
    line = select(Task).join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
    wanted = [
        col(PlannedOccurrence.duty) == duty,
        col(PlannedOccurrence.seq) == seq,
        col(Task.organisation_id) == organisation_id,
        col(Task.subject_id) == (subject_id or organisation_id),
    ]
    if campaign_id is not None:
        wanted.append(col(Task.campaign_id) == campaign_id)
    if period:
        wanted.append(col(PlannedOccurrence.period) == period)
    task = session.scalars(line.where(*wanted).order_by(col(Task.due_on))).first()
    assert task is not None
    return task


def found(*titles: str, **more: Any) -> dict[str, Any]:
    """Fill in an inspection that found these hazards."""
    rows = [{"title": title, **more} for title in titles]
    return INSPECTION | {"发现隐患": rows, "主要负责人签字": "on"}


SIGNER = Signer("青山卫矿长", frozenset(Role))
_TYPED = {
    "日期": "2023-05-12",
    "时间": "08:30",
    "整数": "3",
    "小数": "1.5",
    "金额": "2000",
    "签字": "on",
    "是否": "否",
    "电话": "0635-1234567",
}


def answers(form: Form) -> dict[str, Any]:
    """Fill in every blank of any form but its files; nothing found, so that what is signed for that is signed."""
    return {field.title: _answer(field) for field in form.fields if field.kind not in (*FILE_KINDS, "隐患列表", "企业")}


def _answer(field: Field) -> Any:
    if field.kind in ("单选", "多选"):
        return [field.choices[0]] if field.kind == "多选" else field.choices[0]
    if field.kind == "整数" and field.minimum:
        return str(field.minimum)
    return _TYPED.get(field.kind, "按要求办理")


def files_for(form: Form) -> list[FileRef]:
    """Return one stored file for every file blank of a form."""
    titles = [field.title for field in form.fields if field.kind in FILE_KINDS]
    return [FileRef(f"file{number}", title, f"{title}.jpg", "0" * 64) for number, title in enumerate(titles)]
