"""Keys that read without signing in: made by a person for a program, shown once, revoked at once, and never more than he sees."""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.actions.directory.people import actor_for
from campaigns.actions.events import record
from campaigns.errors import Invalid, NotFound, Refusal
from campaigns.rules.directory.reading_keys import KeyKind
from campaigns.rules.permissions import Actor, Level, OrganisationKind
from campaigns.store.directory.reading_keys import ReadingKey
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.scope import visible

MOST_KEYS = 20
LONGEST_TITLE = 60


class KeyRefused(Refusal):
    """An unknown or revoked key, or one whose maker may no longer read: which of them is not said."""

    status = 401
    code = "key_refused"


def make_key(
    session: Session, *, kind: KeyKind, title: str, organisation_id: int | None = None, by: Actor, now: datetime
) -> str:
    """Make a key for the actor, limited to what an organisation in his sight sees (his own by default); return it, once."""
    whose = organisation_id or by.organisation_id
    if by.person_id is None or whose is None or not _in_sight(session, whose, by):
        raise NotFound
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(
            "没有创建。", fields={"title": f"请写明给哪个程序用，不超过{LONGEST_TITLE}个字。"}, kept="原有的都在。"
        )
    mine = select(func.count()).where(col(ReadingKey.person_id) == by.person_id, col(ReadingKey.revoked_at).is_(None))
    if (session.scalar(mine) or 0) >= MOST_KEYS:
        raise Invalid("没有创建。", fields={"title": f"最多{MOST_KEYS}个，请先撤销不用的。"}, kept="原有的都在。")
    token = secrets.token_urlsafe(32)
    key = ReadingKey(
        kind=kind,
        token_hash=_hash(token),
        title=title,
        person_id=by.person_id,
        organisation_id=whose,
        made_at=now,
    )
    session.add(key)
    session.flush()
    record(
        session, "key.made", by=by, now=now, about=key, organisation_id=by.organisation_id, key=kind.value, title=title
    )
    return token


def revoke_key(session: Session, *, key_id: int, by: Actor, now: datetime) -> None:
    """Make one of the actor's own keys useless from this instant; revoking twice changes nothing."""
    key = session.get(ReadingKey, key_id)
    if key is None or key.person_id != by.person_id:
        raise NotFound
    if key.revoked_at is None:
        key.revoked_at = now
        session.add(key)
        session.flush()
        record(session, "key.revoked", by=by, now=now, about=key, organisation_id=by.organisation_id, title=key.title)


def reader_of(session: Session, *, token: str, kind: KeyKind) -> Actor:
    """Return as whom a key reads: its maker with his roles of today, seen from the organisation that it is limited to."""
    key = session.scalar(
        select(ReadingKey).where(
            col(ReadingKey.token_hash) == _hash(token),
            col(ReadingKey.kind) == kind,
            col(ReadingKey.revoked_at).is_(None),
        )
    )
    if key is None:
        raise _refused()
    try:
        maker = actor_for(session, key.person_id)
    except NotFound:
        raise _refused() from None
    if key.organisation_id == maker.organisation_id:
        return maker
    if not _in_sight(session, key.organisation_id, maker):
        raise _refused()
    return _seen_from(session, key.organisation_id, maker)


def _seen_from(session: Session, organisation_id: int, maker: Actor) -> Actor:
    organisation = session.get_one(Organisation, organisation_id)
    region = session.get_one(Region, organisation.region_id)
    return replace(
        maker,
        organisation_id=organisation.id,
        organisation_kind=OrganisationKind(organisation.kind),
        level=Level(region.level),
        region_id=region.id,
    )


def _in_sight(session: Session, organisation_id: int, actor: Actor) -> bool:
    return session.scalar(visible(actor).where(col(Organisation.id) == organisation_id)) is not None


def _refused() -> KeyRefused:
    return KeyRefused("密钥无效，或者已经撤销。", advice="请在“我的设置”里重新创建。")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
