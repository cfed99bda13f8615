"""What a changed definition would mean for a campaign under way: the differences, and each task's fate. It changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlmodel import Session, col

from campaigns.clock import local, local_date
from campaigns.date_words import day_words
from campaigns.definition.borrowed import borrowed, with_borrowed
from campaigns.definition.diff import Change, compare
from campaigns.definition.model import Definition
from campaigns.definition.parameters import BUILT_IN
from campaigns.errors import NotFound
from campaigns.rules.amending import Amendment, Fate, Key, amendments
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.dates.plan import Occurrence, Plan
from campaigns.rules.dates.planning import expand, resolve
from campaigns.rules.states import TaskState
from campaigns.store.campaign import definitions
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence, Stage
from campaigns.store.directory.working_days import work_calendar
from campaigns.store.work.tasks import Draft, Submission, Task

NOBODYS_WORK = (TaskState.ASSIGNED, TaskState.WAIVED, TaskState.WITHDRAWN)
"""States that a task reaches without anybody working on it; a draft or a submission tells otherwise."""


@dataclass(frozen=True, slots=True)
class Amended:
    """The differences of meaning, and the fate of every task of either plan."""

    changes: tuple[Change, ...]
    amendments: tuple[Amendment, ...]

    @property
    def differs(self) -> bool:
        """Whether anything would change at all."""
        return bool(self.changes) or any(amendment.fate is not Fate.KEPT for amendment in self.amendments)

    @property
    def lines(self) -> Iterator[str]:
        """The tasks' fates in words, fate by fate; what is kept is only counted."""
        for fate in Fate:
            found = [amendment for amendment in self.amendments if amendment.fate is fate]
            if found:
                yield f"{fate}：{len(found)}项"
                yield from (_line(amendment) for amendment in found if fate is not Fate.KEPT)


def amended(session: Session, campaign_id: int, new: Definition, *, now: datetime) -> Amended:
    """Compare a campaign as it runs, its parameters filled in, with a new definition under the same parameters and start.

    Parameters that the new definition does not know any more are left out.

    Raises:
        NotFound: there is no such campaign. Invalid: a parameter of the campaign is out of the new definition's bounds.
    """
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound(f"没有编号为{campaign_id}的行动。", advice="编号是行动页面地址最后的数字。")
    whole = with_borrowed(new, borrowed(new))  # a launch freezes what the text borrows from the library beside it
    known = (*new.parameters, *BUILT_IN)
    given = {name: value for name, value in campaign.parameters.items() if name in known}
    plan = expand(
        whole,
        starts_on=campaign.starts_on,
        parameters=given,
        calendar=work_calendar(session),
        launched_on=local_date(campaign.launched_at),
    )
    changes = compare(definitions.definition_of(session, campaign), resolve(whole, given, starts_on=campaign.starts_on))
    touched = _touched(session, campaign_id)
    return Amended(changes, amendments(_plan(session, campaign), plan, touched=touched, today=local_date(now)))


def _line(amendment: Amendment) -> str:
    line = amendment.new or amendment.old
    if line is None:
        raise ValueError(f"{amendment.key} is in neither plan")
    when = period_label(line.period, line.seq, line.quota)
    why = amendment.reason or (f"截止{day_words(line.due_on)}" if amendment.fate is Fate.ADDED else "")
    return f"  {line.duty} {line.title}{'，' if when else ''}{when}{'：' if why else ''}{why}"


def _touched(session: Session, campaign_id: int) -> set[Key]:
    line = PlannedOccurrence
    worked_on = or_(
        col(Task.state).not_in(NOBODYS_WORK),
        col(Task.acknowledged_at).is_not(None),
        exists().where(col(Draft.task_id) == col(Task.id)),
        exists().where(col(Submission.task_id) == col(Task.id)),
    )
    found = select(col(line.duty), col(line.period), col(line.seq)).where(
        col(line.campaign_id) == campaign_id, exists().where(col(Task.occurrence_id) == col(line.id), worked_on)
    )
    return set(session.execute(found).tuples())


def _plan(session: Session, campaign: Campaign) -> Plan:
    found = (
        select(PlannedOccurrence, col(Stage.code))
        .outerjoin(Stage, col(Stage.id) == col(PlannedOccurrence.stage_id))
        .where(col(PlannedOccurrence.campaign_id) == campaign.id)
        .order_by(col(PlannedOccurrence.id))
    )
    lines = tuple(_occurrence(row, stage) for row, stage in session.execute(found).tuples())
    return Plan(campaign.starts_on, campaign.ends_on, stages=(), occurrences=lines)


def _occurrence(row: PlannedOccurrence, stage: str | None) -> Occurrence:
    return Occurrence(
        duty=row.duty,
        title=row.title,
        clause=row.clause,
        period=row.period,
        seq=row.seq,
        quota=row.quota,
        opens_on=row.opens_on,
        nominal_on=row.nominal_on,
        due_on=row.due_on,
        due_time=local(row.due_at).time(),
        stage=stage,
        audience=row.audience,
        per=row.per,
        responsible=row.responsible or None,
        form=row.form,
        evidence=tuple(row.evidence),
        report=row.report,
        reviewer=row.reviewer,
        required=row.required,
        reminder=row.reminder,
        escalation=row.escalation,
        moved_reason=row.moved_reason,
        event_driven=row.event_driven,
    )
