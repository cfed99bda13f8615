"""What a form offers to choose from: the enterprises a bureau supervises."""

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.rules.permissions import Actor, OrganisationKind
from campaigns.store.directory.regions import Organisation, Supervision

MOST = 500


def enterprises_of(session: Session, *, actor: Actor) -> list[tuple[int, str]]:
    """Return the enterprises under the actor's bureau's supervision as (id, name), by name."""
    supervised = select(col(Supervision.enterprise_id)).where(
        col(Supervision.bureau_id) == actor.organisation_id, col(Supervision.ended_on).is_(None)
    )
    rows = session.execute(
        select(col(Organisation.id), col(Organisation.name))
        .where(
            col(Organisation.id).in_(supervised),
            col(Organisation.kind) == OrganisationKind.ENTERPRISE,
            col(Organisation.closed_on).is_(None),
        )
        .order_by(col(Organisation.name))
        .limit(MOST)
    )
    return [(row.id, row.name) for row in rows]
