"""What every step on a hazard begins and ends with: the row locked and checked, and one event in its enterprise's trail."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from campaigns.actions.events import record
from campaigns.actions.stepping import UNCHANGED, check_version
from campaigns.errors import Invalid, NotFound
from campaigns.rules.permissions import Actor, Permission, check
from campaigns.store.database import locked
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.scope import relation
from campaigns.store.work.tasks import Submission, Task

LONGEST_WORDS = 2000


def hazard_for(
    session: Session, hazard_id: int, permission: Permission, version: int | None = None, *, by: Actor
) -> Hazard:
    """Return a hazard, locked, that the actor may do something with; raises NotFound, Forbidden or Conflict."""
    hazard = locked(session, Hazard, hazard_id)
    if hazard is None:
        raise NotFound
    check(by, permission, relation(session, by, hazard.enterprise_id))
    check_version(session, hazard, seen=version)
    return hazard


def check_seen(session: Session, hazard_id: int, version: int | None, *, by: Actor) -> None:
    """Raise Conflict with both versions if the hazard moved on since the actor looked at it.

    A form that does not say what he looked at is refused: nobody decides on what he has not seen.
    """
    hazard = hazard_for(session, hazard_id, Permission.SEE, by=by)
    if version is None:
        raise Invalid("这张表没有带上您看到的版本，没有办理。", kept=UNCHANGED, advice="请打开隐患的页面重新办理。")
    check_version(session, hazard, seen=version)


def is_planned(hazard: Hazard) -> bool:
    """Whether the five of 五落实 are laid down (they come all together or not at all)."""
    return hazard.deadline_on is not None


def words_of(words: str, *, field: str, what: str) -> str:
    """Return trimmed words; raises Invalid beside `field` when they are missing or too long."""
    text = words.strip()
    if not text or len(text) > LONGEST_WORDS:
        sentence = f"请写明{what}。" if not text else f"最多写{LONGEST_WORDS}个字，现在有{len(text)}个字。"
        raise Invalid(f"{what}没有写好。", fields={field: sentence}, kept=UNCHANGED)
    return text


def note(
    session: Session,
    kind: str,
    hazard: Hazard,
    *,
    by: Actor,
    now: datetime,
    submission: Submission | None = None,
    **data: Any,
) -> None:
    """Record what happened to a hazard, with its number, title and grade."""
    task = session.get(Task, submission.task_id) if submission else None
    record(
        session,
        kind,
        by=by,
        now=now,
        about=hazard,
        campaign_id=task.campaign_id if task else None,
        organisation_id=hazard.enterprise_id,
        number=hazard.number,
        title=hazard.title,
        major=hazard.major,
        **data,
    )
