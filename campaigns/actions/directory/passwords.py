"""Passwords: how strong one must be, and hashing them before a transaction, because hashing is slow on purpose.

On SQLite everybody who writes waits for whoever holds the transaction; 50 to 100 ms of argon2 do not belong inside it.
"""

from dataclasses import dataclass
from functools import lru_cache

from pwdlib import PasswordHash
from sqlmodel import Session

from campaigns.errors import Invalid
from campaigns.rules.permissions import Actor
from campaigns.store.directory.people import Person

SHORTEST_PASSWORD = 8


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password somebody chose, with its hash."""

    text: str
    hash: str


@lru_cache
def hasher() -> PasswordHash:
    """Return the argon2id hasher; made once because choosing its parameters is not free."""
    return PasswordHash.recommended()


def hashed(password: str | NewPassword) -> NewPassword:
    """Return a password with its hash; a door calls this before it opens the transaction that keeps it."""
    return password if isinstance(password, NewPassword) else NewPassword(password, hasher().hash(password))


def proven(session: Session, *, current: str, by: Actor) -> str:
    """Return the stored hash that one's own present password matches, empty if it does not; for before the transaction."""
    person = session.get(Person, by.person_id)
    return person.password_hash if person and hasher().verify(current, person.password_hash) else ""


def check_password_strength(password: str, *, login: str) -> None:
    """Raise unless a password is long enough and is not the login itself (等保三级 身份鉴别)."""
    classes = sum(
        any(test(letter) for letter in password)
        for test in (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
    )
    if len(password) < SHORTEST_PASSWORD or classes < 3 or login.lower() in password.lower():
        raise Invalid(
            "密码不够安全，没有保存。",
            fields={"password": "至少8位，大写字母、小写字母、数字、符号中至少有三种，且不能含有登录名。"},
        )
