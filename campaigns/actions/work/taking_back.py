"""A file of a draft taken back by the side that kept it, while nobody has handed it in."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.stepping import task_to_fill
from campaigns.actions.work.handing_in import colleagues, kept_by
from campaigns.errors import Conflict, NotFound
from campaigns.rules.permissions import Actor
from campaigns.rules.states import OPEN_TASK_STATES, TaskState
from campaigns.store.work.tasks import Attachment, Draft, Task

KEPT = "已提交的内容保持不变。"


def take_back(session: Session, *, task_id: int, storage_id: str, by: Actor) -> None:
    """Take a file out of a task's draft and out of everybody's reach; the orphan sweep takes its bytes away a day later.

    Raises Conflict once it was handed in: what stands behind a receipt stays.
    """
    task = task_to_fill(session, task_id, by=by)
    state = TaskState(task.state)
    if state not in OPEN_TASK_STATES:
        raise Conflict(f"这项任务现在是“{state.label}”，文件不能再删除。", kept=KEPT, advice="请刷新页面查看。")
    here = col(Attachment.storage_id) == storage_id, col(Attachment.task_id) == task.id
    file = session.scalars(select(Attachment).where(*here)).first()
    if file is not None and file.submission_id is not None:
        raise Conflict(
            f"“{file.name}”已经随回执提交，不能删除。", kept=KEPT, advice="更正时取消勾选，就不再提交这一份。"
        )
    if file is None or session.scalar(select(col(Attachment.id)).where(*here, kept_by(by))) is None:
        raise NotFound
    session.delete(file)
    _strike_out(session, task, storage_id, by=by)


def _strike_out(session: Session, task: Task, storage_id: str, *, by: Actor) -> None:
    """Drafts of colleagues name the file too: whoever opens the form next must not find it chosen."""
    drafts = select(Draft).where(col(Draft.task_id) == task.id, col(Draft.person_id).in_(colleagues(by)))
    for draft in session.scalars(drafts):
        draft.content = {title: _without(value, storage_id) for title, value in draft.content.items()}


def _without(value: Any, storage_id: str) -> Any:
    return [one for one in value if one != storage_id] if isinstance(value, list) else value
