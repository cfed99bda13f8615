"""登录: from a login and password to a signed-in browser, and out again.

Only the hash of the browser's token is stored. Guessing is slowed by rows, so that it holds whatever process answers.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from campaigns.actions.directory.passwords import hasher
from campaigns.actions.directory.people import actor_for
from campaigns.actions.events import record
from campaigns.errors import Refusal
from campaigns.store.directory.people import Person, SignIn, SignInFailure

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)
IDLE_FOR = timedelta(minutes=30)
AT_MOST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
LONGEST_LOGIN = 60


class SignInRefused(Refusal):
    """Wrong login or password, or too many tries; the sentence never says which of the two was wrong."""

    status = 422
    code = "sign_in_refused"


def token_hash(token: str) -> str:
    """Return what is stored of a browser's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_not_locked(session: Session, *, login: str, now: datetime) -> None:
    """Raise when a login failed too often in the last quarter of an hour, right password or not (等保三级 身份鉴别)."""
    since = now - LOCKED_FOR
    tries = select(func.count(), func.max(col(SignInFailure.at))).where(
        col(SignInFailure.login) == login, col(SignInFailure.at) > since
    )
    failures, latest = session.execute(tries).one()
    if failures >= FAILURES_ALLOWED:
        minutes = max(1, int((latest + LOCKED_FOR - now).total_seconds() // 60))
        raise SignInRefused(
            f"连续{FAILURES_ALLOWED}次登录失败，这个登录名已暂停登录。",
            advice=f"请约{minutes}分钟后再试；忘记密码请联系本单位管理员。",
        )


def begin_attempt(session: Session, *, login: str, now: datetime) -> None:
    """Count an attempt before its password is looked at, or refuse it: a hundred guesses at once are a hundred attempts.

    Signing in takes the count back.
    """
    # the row makes guesses at one account on PostgreSQL take turns; on SQLite the transaction itself does
    session.execute(select(col(Person.id)).where(col(Person.login) == login).with_for_update())
    check_not_locked(session, login=login, now=now)
    note_failure(session, login=login, now=now)


def verified(session: Session, *, login: str, password: str) -> Person | None:
    """Return the person if the password is his; an unknown login takes as long as a wrong password."""
    person = session.scalar(select(Person).where(col(Person.login) == login, col(Person.disabled_at).is_(None)))
    stored = person.password_hash if person else _decoy()
    return person if hasher().verify(password, stored) and person else None


def note_failure(session: Session, *, login: str, now: datetime) -> None:
    """Count a failed attempt and forget those that no longer matter."""
    session.execute(delete(SignInFailure).where(col(SignInFailure.at) < now - LOCKED_FOR))
    session.add(SignInFailure(login=login[:LONGEST_LOGIN], at=now))


def sign_in(session: Session, *, person_id: int, login: str, now: datetime) -> str:
    """Start a session for a verified person and return the token for his browser; earlier failures are forgotten."""
    token = secrets.token_urlsafe(32)
    row = SignIn(token_hash=token_hash(token), person_id=person_id, started_at=now, seen_at=now)
    session.add(row)
    session.execute(delete(SignInFailure).where(col(SignInFailure.login) == login))
    actor = actor_for(session, person_id)
    record(session, "account.signed_in", by=actor, now=now, organisation_id=actor.organisation_id)
    return token


def sign_out(session: Session, *, token: str, now: datetime) -> None:
    """End the session of a token; ending it twice changes nothing."""
    live = col(SignIn.token_hash) == token_hash(token)
    session.execute(update(SignIn).where(live, col(SignIn.ended_at).is_(None)).values(ended_at=now))


def note_seen(session: Session, *, token: str, now: datetime) -> None:
    """Move the idle clock of a session on."""
    session.execute(update(SignIn).where(col(SignIn.token_hash) == token_hash(token)).values(seen_at=now))


class SignedIn(NamedTuple):
    """Whose session it is, when he was last noted, and whether he still has the password that somebody else chose."""

    person_id: int
    seen_at: datetime
    must_change_password: bool


def signed_in_person(session: Session, *, token: str, now: datetime) -> SignedIn | None:
    """Return the person behind a token, None when the session is over (idle 30 min, 12 h in all)."""
    row = session.execute(
        select(col(SignIn.person_id), col(SignIn.seen_at), col(Person.must_change_password))
        .join(Person, col(Person.id) == col(SignIn.person_id))
        .where(
            col(SignIn.token_hash) == token_hash(token),
            col(SignIn.ended_at).is_(None),
            col(SignIn.seen_at) > now - IDLE_FOR,
            col(SignIn.started_at) > now - AT_MOST,
        )
    ).first()
    return SignedIn(*row) if row else None


@lru_cache
def _decoy() -> str:
    # hashed once, with the live parameters: after that an unknown login costs one verification, as a known one does
    return str(hasher().hash(secrets.token_urlsafe(12)))
