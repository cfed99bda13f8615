"""名单: who takes part in a campaign, since when, and why somebody left.

Rosters are resolved by SQL from the definition's audiences. A 动态 one is resolved again by every daily sweep: a newly
registered enterprise gets the tasks that are not yet due, one that no longer matches is let out and its untouched tasks are
withdrawn. A closed enterprise leaves every roster, 固定 ones too, and all its open tasks are withdrawn.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select, update
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.actions.launch.fan_out import fan_out, manners
from campaigns.actions.messages.told import tell_newcomers
from campaigns.actions.work.withdrawing import withdraw_tasks
from campaigns.clock import local_date
from campaigns.definition.model import Definition
from campaigns.rules.permissions import SYSTEM
from campaigns.rules.states import TaskState
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence, RosterEntry
from campaigns.store.campaign.definitions import definition_of
from campaigns.store.campaign.rosters import members
from campaigns.store.database import upsert_into
from campaigns.store.directory.regions import Organisation, Region, Supervision
from campaigns.store.work.tasks import Draft, Submission, Task

AT_LAUNCH = "启动时符合条件"
NEWLY_REGISTERED = "启动后新符合条件，自动纳入"
BACK_AGAIN = "重新符合条件，再次纳入"
CLOSED = "企业已登记关闭"
NO_LONGER_MATCHES = "不再符合名单条件"
JOINED, LEFT = "roster.joined", "roster.left"
_COLUMNS = ("campaign_id", "audience", "organisation_id", "joined_on", "joined_reason", "left_reason")


class _Move(NamedTuple):
    """One organisation that came to a roster or left it."""

    kind: str
    audience: str
    organisation_id: int
    reason: str


def names(session: Session, campaign_id: int) -> tuple[str, ...]:
    """Return the 对象 and 角色 that the plan of a campaign names as doers or 逐个."""
    found = {name for manner in manners(session, campaign_id) for name in (manner.audience, manner.per) if name}
    return tuple(sorted(found))


def enrol(
    session: Session, campaign: Campaign, audience: str, found: Select[tuple[int]], *, on: date, reason: str
) -> Sequence[int]:
    """Put everybody found into one audience's roster, once; return the ids of those who were new."""
    member = found.subquery()
    enrolled = exists().where(*_entries(campaign, audience), col(RosterEntry.organisation_id) == member.c.id)
    if not session.scalar(select(exists().where(member.c.id.is_not(None), ~enrolled))):
        return ()
    rows = select(
        literal(campaign.id), literal(audience), member.c.id, literal(on), literal(reason), literal("")
    ).where(member.c.id.is_not(None))  # SQLite needs a WHERE to tell this ON CONFLICT from a join's ON
    insert = upsert_into(session, RosterEntry).from_select(_COLUMNS, rows, include_defaults=False)
    return session.scalars(insert.once().returning(col(RosterEntry.organisation_id))).all()


def refresh(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Let newcomers in and leavers out of one campaign's rosters; return how many came or went.

    Rows are changed first and events recorded last: the ledger has one lock for all (store.database.locked).
    """
    definition, home = definition_of(session, campaign), session.get_one(Region, campaign.region_id)
    today = local_date(now)
    moved = [*_closed(session, campaign, now), *_restored(session, campaign, now)]
    for audience in _dynamic(definition, names(session, campaign.id)):
        found = members(definition, audience, home, today)
        moved += [*_let_in(session, campaign, audience, found, now), *_let_out(session, campaign, audience, found, now)]
    if moved:
        fan_out(session, definition, campaign.id, now=now, joined_on=today)
        tell_newcomers(session, campaign, joined_on=today, now=now)
    return _note(session, campaign, moved, now)


def let_out_closed(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Let closed enterprises out of every roster of a campaign at once, with all their open tasks; return how many."""
    return _note(session, campaign, _closed(session, campaign, now), now)


def let_back_in(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Take restored enterprises into the rosters that their closing let them out of; return how many."""
    return _note(session, campaign, _restored(session, campaign, now), now)


def _closed(session: Session, campaign: Campaign, now: datetime) -> list[_Move]:
    today = local_date(now)
    closed = select(col(Organisation.id)).where(col(Organisation.closed_on) <= today)
    gone = session.execute(
        update(RosterEntry)
        .where(col(RosterEntry.campaign_id) == campaign.id, col(RosterEntry.left_on).is_(None))
        .where(col(RosterEntry.organisation_id).in_(closed))
        .values(left_on=today, left_reason=CLOSED)
        .returning(col(RosterEntry.audience), col(RosterEntry.organisation_id))
    ).all()
    theirs = or_(col(Task.organisation_id).in_(closed), col(Task.subject_id).in_(closed))
    withdraw_tasks(session, col(Task.campaign_id) == campaign.id, theirs, reason=CLOSED, now=now)
    return [_Move(LEFT, audience, organisation_id, CLOSED) for audience, organisation_id in gone]


def _restored(session: Session, campaign: Campaign, now: datetime) -> list[_Move]:
    closed = select(col(Organisation.id)).where(col(Organisation.closed_on).is_not(None))
    back = session.execute(
        update(RosterEntry)
        .where(col(RosterEntry.campaign_id) == campaign.id, col(RosterEntry.left_reason) == CLOSED)
        .where(col(RosterEntry.organisation_id).not_in(closed))
        .values(left_on=None, left_reason="", joined_on=local_date(now), joined_reason=BACK_AGAIN)
        .returning(col(RosterEntry.audience), col(RosterEntry.organisation_id))
    ).all()
    for audience in {row[0] for row in back}:
        _assign_again(session, campaign, audience, now)
    return [_Move(JOINED, audience, organisation_id, BACK_AGAIN) for audience, organisation_id in back]


def _dynamic(definition: Definition, used: Iterable[str]) -> Iterator[str]:
    for name in used:
        audience = definition.audiences.get(name)
        if audience is None or audience.roster == "动态":
            yield name


def _let_in(
    session: Session, campaign: Campaign, audience: str, found: Select[tuple[int]], now: datetime
) -> list[_Move]:
    today, organisation_id = local_date(now), col(RosterEntry.organisation_id)
    back = session.scalars(
        update(RosterEntry)
        .where(*_entries(campaign, audience), col(RosterEntry.left_on).is_not(None), organisation_id.in_(found))
        .values(left_on=None, left_reason="", joined_on=today, joined_reason=BACK_AGAIN)
        .returning(organisation_id)
    ).all()
    if back:
        _assign_again(session, campaign, audience, now)
    new = enrol(session, campaign, audience, found, on=today, reason=NEWLY_REGISTERED)
    reasons = dict.fromkeys(back, BACK_AGAIN) | dict.fromkeys(new, NEWLY_REGISTERED)
    return [_Move(JOINED, audience, organisation_id, reason) for organisation_id, reason in sorted(reasons.items())]


def _let_out(
    session: Session, campaign: Campaign, audience: str, found: Select[tuple[int]], now: datetime
) -> list[_Move]:
    today, entry = local_date(now), RosterEntry
    gone = session.scalars(
        update(entry)
        .where(*_entries(campaign, audience), col(entry.left_on).is_(None), col(entry.organisation_id).not_in(found))
        .values(left_on=today, left_reason=NO_LONGER_MATCHES)
        .returning(col(entry.organisation_id))
    ).all()
    if gone:
        _withdraw_untouched(session, campaign, audience, today)
    return [_Move(LEFT, audience, organisation_id, NO_LONGER_MATCHES) for organisation_id in sorted(gone)]


def _withdraw_untouched(session: Session, campaign: Campaign, audience: str, today: date) -> None:
    begun = (exists().where(col(row.task_id) == col(Task.id)) for row in (Draft, Submission))
    leavers = select(col(RosterEntry.organisation_id)).where(
        *_entries(campaign, audience), col(RosterEntry.left_on) == today
    )
    session.execute(
        update(Task)
        .where(col(Task.state) == TaskState.ASSIGNED, _because_of(campaign, audience, leavers))
        .where(*(~started for started in begun))
        .values(state=TaskState.WITHDRAWN, version=col(Task.version) + 1)
    )


def _assign_again(session: Session, campaign: Campaign, audience: str, now: datetime) -> None:
    returned = select(col(RosterEntry.organisation_id)).where(
        *_entries(campaign, audience),
        col(RosterEntry.joined_on) == local_date(now),
        col(RosterEntry.joined_reason) == BACK_AGAIN,
    )
    session.execute(
        update(Task)
        .where(col(Task.state) == TaskState.WITHDRAWN, col(Task.due_at) > now)
        .where(_because_of(campaign, audience, returned), ~_handed_over())
        .values(state=TaskState.ASSIGNED, version=col(Task.version) + 1)
    )


def _because_of(campaign: Campaign, audience: str, who: Select[tuple[int]]) -> ColumnElement[bool]:
    """Return the condition that a task exists because somebody is in this roster: as its doer or as the one it is about."""
    lines = select(col(PlannedOccurrence.id)).where(col(PlannedOccurrence.campaign_id) == campaign.id)
    doing = lines.where(col(PlannedOccurrence.audience) == audience)
    about = lines.where(col(PlannedOccurrence.per) == audience)
    return or_(
        and_(col(Task.occurrence_id).in_(doing), col(Task.organisation_id).in_(who)),
        and_(col(Task.occurrence_id).in_(about), col(Task.subject_id).in_(who)),
    )


def _entries(campaign: Campaign, audience: str) -> tuple[ColumnElement[bool], ...]:
    return col(RosterEntry.campaign_id) == campaign.id, col(RosterEntry.audience) == audience


def _handed_over() -> ColumnElement[bool]:
    """Return the condition that a task is a bureau's about an enterprise that it has since handed over (移交)."""
    mine = (
        col(Supervision.bureau_id) == col(Task.organisation_id),
        col(Supervision.enterprise_id) == col(Task.subject_id),
    )
    return and_(exists().where(*mine), ~exists().where(*mine, col(Supervision.ended_on).is_(None)))


def _note(session: Session, campaign: Campaign, moved: Iterable[_Move], now: datetime) -> int:
    count = 0
    for kind, audience, organisation_id, reason in moved:
        record(
            session,
            kind,
            by=SYSTEM,
            now=now,
            about=campaign,
            campaign_id=campaign.id,
            organisation_id=organisation_id,
            audience=audience,
            reason=reason,
        )
        count += 1
    return count
