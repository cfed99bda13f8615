"""Two clicks, one effect: a form's key is stored in the transaction of what the form did."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlmodel import Session, col

from campaigns.errors import Invalid
from campaigns.store.database import upsert_into
from campaigns.store.directory.people import FormKey


def is_answered(session: Session, *, key: str, person_id: int | None) -> bool:
    """Whether a form's key has had its effect already, so that a second click prepares nothing for it."""
    used = exists().where(col(FormKey.key) == key, col(FormKey.person_id) == person_id)
    return bool(session.scalar(select(used)))


def once(
    session: Session, *, key: str, body_hash: str, person_id: int, now: datetime, change: Callable[[Session], str]
) -> str:
    """Do `change` once under a key and return the address of its receipt; the same key and body again give that address.

    The row goes in first: a second click waits for the first one's transaction and then finds it. A process that dies takes the
    row with it, so no key is ever stuck. The same key with another body, or another person's key, is Invalid.
    """
    claim = upsert_into(session, FormKey).values(key=key, person_id=person_id, body_hash=body_hash, location="", at=now)
    if session.scalar(claim.once().returning(col(FormKey.key))) is not None:
        location = change(session)
        session.execute(update(FormKey).where(col(FormKey.key) == key).values(location=location))
        return location
    earlier = session.execute(
        select(col(FormKey.person_id), col(FormKey.body_hash), col(FormKey.location)).where(col(FormKey.key) == key)
    ).one()
    if (earlier.person_id, earlier.body_hash) != (person_id, body_hash):
        raise Invalid(
            "这张表已经提交过，内容和这次不一样，这次没有保存。",
            kept="先前提交的内容保持不变。",
            advice="请重新打开页面，看清最新内容后再填。",
        )
    return str(earlier.location)
