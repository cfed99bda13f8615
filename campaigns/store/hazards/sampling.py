"""From which closed hazards a look back is drawn."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.rules.states import HazardState
from campaigns.store.hazards.hazards import Hazard


def closed_between(session: Session, bureau_id: int, starts_on: date, ends_on: date) -> dict[str, int]:
    """Return number → id of the hazards of a bureau that were closed between two days. A closure is never rewritten."""
    rows = session.execute(
        select(col(Hazard.number), col(Hazard.id)).where(
            col(Hazard.bureau_id) == bureau_id,
            col(Hazard.state) == HazardState.CLOSED,
            col(Hazard.closed_on).between(starts_on, ends_on),
        )
    )
    return {row.number: row.id for row in rows}
