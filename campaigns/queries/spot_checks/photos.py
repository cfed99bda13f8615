"""Which photos could be one: those whose prints have a band in common, found by four joins on an index, never each with each.

Only photos that enterprises' own people handed in are compared, and only with those of enterprises under the same bureau.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.rules.dates.period_words import period_label
from campaigns.rules.quotes import quoted
from campaigns.rules.spot_checks.same_photos import Photo
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation, Supervision
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.work.tasks import Attachment, Submission, Task

AT_A_TIME = 500
BANDS = ("print_1", "print_2", "print_3", "print_4")


@dataclass(frozen=True, slots=True)
class Compared:
    """The photos that were newly looked at, the pairs that share a band, and what is known of each photo in a pair."""

    fresh: Sequence[int]
    pairs: Sequence[tuple[int, int]]
    photos: Mapping[int, Photo]
    more: bool


def compare(session: Session, enterprises: Any) -> Compared:
    """Look the next photos up among all others of their bureau."""
    fresh = session.scalars(
        select(col(Attachment.id))
        .where(
            col(Attachment.organisation_id).in_(enterprises),
            col(Attachment.print_1).is_not(None),
            col(Attachment.compared).is_(False),
            _handed_in(Attachment),
        )
        .order_by(col(Attachment.id))
        .limit(AT_A_TIME)
    ).all()
    pairs = _pairs(session, fresh) if fresh else []
    return Compared(fresh, pairs, _photos(session, {id_ for pair in pairs for id_ in pair}), len(fresh) == AT_A_TIME)


def _handed_in(photo: Any) -> ColumnElement[bool]:
    return or_(col(photo.submission_id).is_not(None), col(photo.hazard_id).is_not(None))


def _pairs(session: Session, fresh: Sequence[int]) -> list[tuple[int, int]]:
    new, old = aliased(Attachment), aliased(Attachment)
    here, there = aliased(Supervision), aliased(Supervision)
    sender, earlier = aliased(Person), aliased(Person)
    selects = []
    for band in BANDS:
        shares = and_(
            getattr(new, band) == getattr(old, band), col(old.print_1).is_not(None), col(old.id) != col(new.id)
        )
        selects.append(
            select(col(new.id), col(old.id))
            .join(old, shares)
            .join(here, and_(col(here.enterprise_id) == col(new.organisation_id), col(here.ended_on).is_(None)))
            .join(there, and_(col(there.enterprise_id) == col(old.organisation_id), col(there.ended_on).is_(None)))
            .join(sender, col(sender.id) == col(new.uploaded_by_id))
            .join(earlier, col(earlier.id) == col(old.uploaded_by_id))
            .where(
                col(new.id).in_(fresh),
                col(here.bureau_id) == col(there.bureau_id),
                col(sender.organisation_id) == col(new.organisation_id),
                col(earlier.organisation_id) == col(old.organisation_id),
                _handed_in(old),
            )
        )
    rows = session.execute(union(*selects))
    return sorted({(min(pair), max(pair)) for pair in rows.tuples()})


def _photos(session: Session, ids: set[int]) -> dict[int, Photo]:
    found: dict[int, Photo] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_A_TIME):
        found |= {row[0].id: _photo(row) for row in session.execute(_facts(ordered[start : start + AT_A_TIME]))}
    return found


def _facts(ids: Sequence[int]) -> Any:
    origin = aliased(Submission)
    return (
        select(
            Attachment,
            col(Organisation.name).label("enterprise"),
            col(PlannedOccurrence.title),
            col(PlannedOccurrence.period),
            col(PlannedOccurrence.seq),
            col(PlannedOccurrence.quota),
            col(Submission.receipt),
            col(Hazard.number),
            col(origin.task_id).label("from_task_id"),
        )
        .join(Organisation, col(Organisation.id) == col(Attachment.organisation_id))
        .outerjoin(Submission, col(Submission.id) == col(Attachment.submission_id))
        .outerjoin(Task, col(Task.id) == col(Attachment.task_id))
        .outerjoin(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .outerjoin(Hazard, col(Hazard.id) == col(Attachment.hazard_id))
        .outerjoin(origin, col(origin.id) == col(Hazard.submission_id))
        .where(col(Attachment.id).in_(ids))
    )


def _photo(row: Any) -> Photo:
    one = row[0]
    record = f"{quoted(row.title)}{period_label(row.period, row.seq, row.quota)}" if row.title else ""
    return Photo(
        id=one.id,
        storage_id=one.storage_id,
        enterprise_id=one.organisation_id,
        enterprise=row.enterprise,
        label=one.label,
        thing=record or f"隐患{row.number}",
        receipt=row.receipt or "",
        sha256=one.sha256,
        print=(one.print_1, one.print_2, one.print_3, one.print_4),
        uploaded_at=one.uploaded_at,
        task_id=one.task_id,
        hazard_id=one.hazard_id,
        from_task_id=row.from_task_id,
    )
