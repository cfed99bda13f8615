"""Flags as a pass found them, kept under their keys: a second pass changes nothing, a longer streak shows its newest record."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, update
from sqlmodel import Session, col

from campaigns.rules.spot_checks.flags import Found
from campaigns.rules.states import FlagState
from campaigns.store.database import insert_into
from campaigns.store.spot_checks import Flag
from campaigns.store.work.tasks import Attachment

_CHUNK = 200


def keep(session: Session, found: Iterable[Found], *, campaign_id: int, now: datetime) -> int:
    """Write flags down once each; one that nobody decided on takes its newest sentence and evidence. Return how many changed."""
    rows = [_row(one, campaign_id, now) for one in found]
    changed = 0
    for start in range(0, len(rows), _CHUNK):
        insert = insert_into(session, Flag).values(rows[start : start + _CHUNK])
        new = insert.excluded
        done = session.execute(
            insert.on_conflict_do_update(
                index_elements=["key"],
                set_={"sentence": new.sentence, "evidence": new.evidence, "version": col(Flag.version) + 1},
                where=and_(col(Flag.state) == FlagState.OPEN, col(Flag.sentence) != new.sentence),
            )
        )
        changed += int(done.rowcount)  # type: ignore[attr-defined]
    return changed


def note_compared(session: Session, photos: Sequence[int]) -> None:
    """Remember that photos were looked for among the others."""
    if photos:
        session.execute(
            update(Attachment)
            .where(col(Attachment.id).in_(photos))
            .values(compared=True)
            .execution_options(synchronize_session=False)
        )


def _row(one: Found, campaign_id: int, now: datetime) -> dict[str, object]:
    return {
        "key": one.key,
        "kind": one.kind,
        "enterprise_id": one.enterprise_id,
        "campaign_id": campaign_id,
        "sentence": one.sentence[:500],
        "evidence": [piece.as_json() for piece in one.evidence],
        "found_at": now,
        "state": FlagState.OPEN,
        "reason": "",
        "version": 1,
    }
