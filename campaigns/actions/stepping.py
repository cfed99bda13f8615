"""What every step on a task or a hazard begins with: is it his to see, may he, is what he looked at still so; and the move.

The row is locked before anything about it is checked, and a move is a conditional UPDATE on its version, so that of two people
who act at once the second decides on what the first left, or is told, and never overwrites.
"""

from typing import Any, TypeVar

from sqlalchemy import select, update
from sqlmodel import Session, col

from campaigns.date_words import moment_words
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.rules.permissions import Actor, Permission, Relation, check, may
from campaigns.rules.states import FlagState, HazardState, Stated, TaskState, check_move
from campaigns.store.database import locked
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event
from campaigns.store.scope import relation, sees
from campaigns.store.spot_checks import Flag
from campaigns.store.work.tasks import Task

UNCHANGED = "没有改动任何内容。"
LONGEST_REASON = 500
Stepping = TypeVar("Stepping", Task, Hazard, Flag)


def task_for(session: Session, task_id: int, permission: Permission, *, by: Actor) -> Task:
    """Return a task, locked, that the actor may do something with as its doer; raises NotFound or Forbidden."""
    task = locked(session, Task, task_id)
    if task is None:
        raise NotFound
    check(by, permission, relation(session, by, task.organisation_id))
    return task


def task_to_fill(session: Session, task_id: int, *, by: Actor) -> Task:
    """Return a task, locked, whose form the actor may fill in: as its doer, or from its paper as its supervising bureau."""
    task = locked(session, Task, task_id)
    if task is None:
        raise NotFound
    stands = relation(session, by, task.organisation_id)
    check(by, Permission.SUBMIT if stands is Relation.SELF else Permission.ENTER_ON_BEHALF, stands)
    return task


def task_under(
    session: Session, task_id: int, permission: Permission, responsible_id: int | None, *, by: Actor
) -> Task:
    """Return a task, locked, that the actor may decide on because his organisation is `responsible_id` for that."""
    task = locked(session, Task, task_id)
    if task is None or not sees(session, by, task.organisation_id, reviewer_id=task.reviewer_id):
        raise NotFound
    if by.organisation_id != responsible_id or not may(by, permission, Relation.SELF):
        raise Forbidden(f"您没有权限{permission.label}。", kept=UNCHANGED, advice="请由负责审核的单位办理。")
    return task


def check_version(session: Session, row: Task | Hazard | Flag | Organisation, *, seen: int | None) -> None:
    """Raise Conflict with both versions if the row moved on since the actor looked at version `seen`."""
    if seen is None or seen == row.version:
        return
    thing, state = _told(row)
    latest = session.scalar(
        select(Event)
        .where(col(Event.subject) == row.__tablename__, col(Event.subject_id) == row.id)
        .order_by(col(Event.id).desc())
        .limit(1)
    )
    who = f"，由{latest.actor_name}于{moment_words(latest.at)}改动" if latest else ""
    raise Conflict(
        f"您打开的是{thing}的第{seen}版，现在已是第{row.version}版{state}{who}。",
        kept="您这次的操作没有生效，别人的改动保持不变。",
        advice="请刷新页面，看清最新内容后再办理。",
    )


def move(session: Session, row: Stepping, to: Stated, **columns: Any) -> None:
    """Move a row to a state and set columns, or raise Conflict if the state does not allow it or somebody was faster.

    Moving to the state it is in already only sets the columns and counts the version.
    """
    thing, state = _words(row)
    if to is not state:
        check_move(thing, state, to)
    table = type(row)
    seen = row.version
    moved = session.scalars(
        update(table)
        .where(col(table.id) == row.id, col(table.version) == seen)
        .values(state=to, version=seen + 1, **columns)
        .returning(table)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if moved is None:
        session.refresh(row)
        check_version(session, row, seen=seen)


def reason_of(words: str, *, what: str, required: bool = True) -> str:
    """Return a trimmed reason; raises Invalid beside `reason` when it is missing or too long."""
    reason = words.strip()
    if required and not reason:
        raise Invalid(f"请写明{what}。", fields={"reason": f"请写明{what}，对方会看到。"}, kept=UNCHANGED)
    check_length(reason, what=what)
    return reason


def check_length(words: str, *, what: str, field: str = "reason", longest: int = LONGEST_REASON) -> None:
    """Raise Invalid beside `field` if the words are longer than the record can keep: nothing is ever cut off silently."""
    if len(words) > longest:
        sentence = f"{what}最多写{longest}个字，现在有{len(words)}个字。"
        raise Invalid(f"{what}太长。", fields={field: sentence}, kept=UNCHANGED, advice="请写短一些再提交。")


def _told(row: Task | Hazard | Flag | Organisation) -> tuple[str, str]:
    if isinstance(row, Organisation):
        return "这份登记信息", ""
    thing, state = _words(row)
    return f"这项{thing}", f"“{state.label}”"


def _words(row: Task | Hazard | Flag) -> tuple[str, Stated]:
    if isinstance(row, Task):
        return "任务", TaskState(row.state)
    return ("隐患", HazardState(row.state)) if isinstance(row, Hazard) else ("疑点", FlagState(row.state))
