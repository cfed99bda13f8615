"""A person's own keys, and which organisations he may limit one to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.rules.directory.reading_keys import KeyKind
from campaigns.rules.permissions import Actor, OrganisationKind
from campaigns.store.directory.reading_keys import ReadingKey
from campaigns.store.directory.regions import Organisation
from campaigns.store.scope import visible

MOST_SCOPES = 500


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key of a person, without the key itself, which nobody has."""

    id: int
    kind: KeyKind
    title: str
    organisation: str
    made_at: datetime
    revoked_at: datetime | None


def own_keys(session: Session, *, actor: Actor) -> tuple[KeyLine, ...]:
    """List the actor's keys, those in use first."""
    rows = session.execute(
        select(ReadingKey, col(Organisation.name))
        .join(Organisation, col(Organisation.id) == col(ReadingKey.organisation_id))
        .where(col(ReadingKey.person_id) == actor.person_id)
        .order_by(col(ReadingKey.revoked_at).is_not(None), col(ReadingKey.id).desc())
    )
    return tuple(KeyLine(key.id, KeyKind(key.kind), key.title, name, key.made_at, key.revoked_at) for key, name in rows)


def scopes(session: Session, *, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the organisations that a key may be limited to: the actor's own, and the bureaus below it."""
    own = col(Organisation.id) == actor.organisation_id
    bureaus = col(Organisation.kind) == OrganisationKind.BUREAU
    found = session.execute(
        select(col(Organisation.id), col(Organisation.name))
        .where(col(Organisation.id).in_(visible(actor)), own | bureaus)
        .order_by(own.desc(), col(Organisation.id))
        .limit(MOST_SCOPES)
    )
    return tuple((str(id_), name) for id_, name in found)
