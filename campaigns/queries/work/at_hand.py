"""可用已填的: which open tasks a record does for that was handed in for another campaign, all at one look (减负).

What a task's own page offers in full (queries/work/sharing) by the same rules; for many tasks at once, so in a few statements.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.queries.work.sharing import LOOKED_AT as AS_ITS_PAGE
from campaigns.rules.permissions import Actor, Permission, Relation, may
from campaigns.rules.work.sharing import Likeness, Record, Rhythm, last_day, likeness, why_not_usable
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.work.forms import form_of
from campaigns.store.work.sharing import wanted_of_each
from campaigns.store.work.tasks import SENT_BACK, PaperEntry, RecordUse, Submission, Task

LOOKED_AT = 500
"""How many of the latest records are looked at: more than an enterprise files in a year."""
_Line, _Same = PlannedOccurrence, aliased(PlannedOccurrence)
HANDED_IN = (
    select(
        *(col(Submission.id), col(Submission.task_id), col(Submission.subject_id), col(Submission.nil)),
        col(Submission.occurred_on),
        *(col(Task.occurrence_id), col(_Line.campaign_id), col(_Line.duty), col(_Line.period), col(_Line.form)),
        col(Campaign.title).label("campaign"),
        col(RecordUse.record_id),
        col(PaperEntry.objected_at).is_not(None).label("objected"),
    )
    .join(Task, col(Task.id) == col(Submission.task_id))
    .join(_Line, col(_Line.id) == col(Task.occurrence_id))
    .join(Campaign, col(Campaign.id) == col(_Line.campaign_id))
    .outerjoin(RecordUse, col(RecordUse.submission_id) == col(Submission.id))
    .outerjoin(PaperEntry, col(PaperEntry.submission_id) == col(Submission.id))
    .where(col(Submission.organisation_id) == bindparam("organisation_id"), col(Submission.decision) != SENT_BACK)
    .order_by(col(Submission.id).desc())
    .limit(LOOKED_AT)
)
"""Everything an organisation handed in and did not get back, the latest first: records, and uses of them. Like the other one
built once: building it takes longer than running it.
"""
FIRST_DAYS = (
    select(col(PlannedOccurrence.id), func.min(col(_Same.opens_on)))
    .join(
        _Same,
        and_(
            col(_Same.campaign_id) == col(PlannedOccurrence.campaign_id),
            col(_Same.duty) == col(PlannedOccurrence.duty),
            col(_Same.period) == col(PlannedOccurrence.period),
        ),
    )
    .where(col(PlannedOccurrence.id).in_(bindparam("ids", expanding=True)))
    .group_by(col(PlannedOccurrence.id))
)
"""The first day of each line's period: another line of the same period may open before it."""


@dataclass(frozen=True, slots=True)
class AtHand:
    """A record that does for a task: the campaign and day it was handed in for; `likeness` says how sure that is."""

    campaign: str
    occurred_on: date
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class OpenTask:
    """What is asked of an open task before anything is read: whose form it is and when its period ends."""

    id: int
    occurrence_id: int
    campaign_id: int
    subject_id: int
    form: str | None
    period: str


def at_hand(session: Session, open_tasks: Iterable[OpenTask], *, actor: Actor) -> Mapping[int, AtHand]:
    """Return what does for which of the actor's own open tasks, by the task's id; what is discharged by a report left out.

    One statement where nothing was handed in that could do. The latest record that does, as on the task's page.
    """
    tasks = list(open_tasks)
    if not tasks or not may(actor, Permission.SUBMIT, Relation.SELF):
        return {}
    past = _Past(session.execute(HANDED_IN, {"organisation_id": actor.organisation_id}).all())
    tasks = [task for task in tasks if past.has(task)]
    if not tasks:
        return {}
    look = _Look(session, tasks, past, nil=may(actor, Permission.SIGN_NIL, Relation.SELF))
    found = ((task, look.best(task)) for task in tasks)
    return {task.id: best for task, best in found if best}


class _Past:
    """What an organisation handed in, the latest first, as it is asked about."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._records: dict[tuple[int, str | None], list[Any]] = defaultdict(list)
        self._uses: dict[int, set[int]] = defaultdict(set)
        self._days: dict[tuple[int, str, str, int], list[tuple[int, date]]] = defaultdict(list)
        for row in rows:
            if row.record_id is not None:
                self._uses[row.record_id].add(row.campaign_id)
            elif not row.objected:
                self._records[row.subject_id, row.form].append(row)
            self._days[row.campaign_id, row.duty, row.period, row.subject_id].append((row.task_id, row.occurred_on))

    def has(self, task: OpenTask) -> bool:
        """Whether anything was filled in on the task's form, about the same organisation, for another campaign."""
        return any(row.campaign_id != task.campaign_id for row in self._records[task.subject_id, task.form])

    def within(self, task: OpenTask, begins: date) -> list[Any]:
        """Return the latest of that from the task's period."""
        ends, own = last_day(task.period), task.campaign_id
        same = self._records[task.subject_id, task.form]
        found = (row for row in same if begins <= row.occurred_on <= ends and own not in self.campaigns(row))
        return list(islice(found, AS_ITS_PAGE))

    def campaigns(self, record: Any) -> set[int]:
        """Return which campaigns use a record, its own included."""
        return {record.campaign_id} | self._uses[record.id]

    def taken(self, task: OpenTask, line: PlannedOccurrence) -> Collection[date]:
        """Return the days of a task's period that have a record already."""
        period = self._days[line.campaign_id, line.duty, line.period, task.subject_id]
        return {day for task_id, day in period if task_id != task.id}


class _Look:
    """What the rules want to know of some tasks and of the records that could do for them, read for all at once."""

    def __init__(self, session: Session, tasks: Sequence[OpenTask], past: _Past, *, nil: bool) -> None:
        self._past = past
        self._begins = _begins(session, {task.occurrence_id for task in tasks})
        pairs = {task.id: past.within(task, self._begins[task.occurrence_id]) for task in tasks}
        own = {task.occurrence_id for task in tasks if pairs[task.id]}
        ids = own | {row.occurrence_id for rows in pairs.values() for row in rows}
        found = session.scalars(select(PlannedOccurrence).where(col(PlannedOccurrence.id).in_(ids)))
        self._lines = {one.id: one for one in found}
        self._wanted = wanted_of_each(session, self._lines.values())
        self._likeness = cache(lambda one, other: likeness(self._wanted[one], self._wanted[other]))
        self._pairs = {
            task.id: [row for row in pairs[task.id] if self._likeness(row.occurrence_id, task.occurrence_id)]
            for task in tasks
        }
        records = {row.id: row for rows in self._pairs.values() for row in rows}
        content = select(col(Submission.id), col(Submission.content)).where(col(Submission.id).in_(records))
        self._content = dict(session.execute(content).tuples().all())
        signed = own if nil and any(row.nil for row in records.values()) else ()
        self._nil = [id_ for id_ in signed if form_of(session, self._lines[id_]).nil]

    def best(self, task: OpenTask) -> AtHand | None:
        """Return the latest record that does for the task."""
        if not self._pairs[task.id]:
            return None
        own = self._wanted[task.occurrence_id]
        taken: Collection[date] = ()
        if own.rhythm is Rhythm.RECURRING:
            own = replace(own, opens_on=self._begins[task.occurrence_id])
            taken = self._past.taken(task, self._lines[task.occurrence_id])
        nil_allowed = task.occurrence_id in self._nil
        for row in self._pairs[task.id]:
            like = self._likeness(row.occurrence_id, task.occurrence_id)
            if like and not why_not_usable(self._record(row), own, nil_allowed=nil_allowed, taken=taken):
                return AtHand(row.campaign, row.occurred_on, like)
        return None

    def _record(self, row: Any) -> Record:
        return Record(
            wanted=self._wanted[row.occurrence_id],
            occurred_on=row.occurred_on,
            nil=row.nil,
            content=self._content[row.id],
            campaigns=frozenset(self._past.campaigns(row)),
            sent_back=False,
        )


def _begins(session: Session, occurrence_ids: Collection[int]) -> Mapping[int, date]:
    return dict(session.execute(FIRST_DAYS, {"ids": list(occurrence_ids)}).tuples().all())
