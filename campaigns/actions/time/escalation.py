"""升级: warnings that go out by themselves, and 拟办 drafted for a named official: one statement per step, never per task."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, String, cast, exists, func, literal, not_, select
from sqlmodel import Session, col

from campaigns.actions.messages.told import active, write_notices
from campaigns.actions.time.chasing import LONGEST_MISSED, chased, is_open, key, note, said_day
from campaigns.actions.time.proposals import withdraw_settled
from campaigns.clock import local_date
from campaigns.definition.ladders import EscalationRung
from campaigns.definition.model import Definition
from campaigns.definition.model import Role as Office
from campaigns.rules.dates.calendar import WorkCalendar
from campaigns.rules.ladders.chasing import Applies, applies, in_office_hours, latest_due
from campaigns.rules.ladders.escalation import step_name
from campaigns.rules.permissions import Permission, Role, roles_with
from campaigns.rules.states import OPEN_HAZARD_STATES, ProposalState
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.campaign.definitions import definition_of
from campaigns.store.campaign.facts import CampaignFacts
from campaigns.store.campaign.rosters import office_over
from campaigns.store.database import upsert_into
from campaigns.store.directory.people import Person
from campaigns.store.directory.working_days import work_calendar
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.types import UtcDateTime
from campaigns.store.work.tasks import Proposal, Task

WARNING = "task.warning"
_POSTS = {"安全总监": Role.SAFETY_DIRECTOR, "安全员": Role.SAFETY_OFFICER}
_PROPOSAL = (
    "campaign_id",
    "task_id",
    "rung",
    "due_on",
    "action",
    "target_id",
    "handler_id",
    "state",
    "drafted_at",
    "reason",
)


@dataclass(frozen=True, slots=True)
class _Pass:
    """One look at one campaign at one instant."""

    session: Session
    campaign: Campaign
    definition: Definition
    calendar: WorkCalendar
    now: datetime

    @property
    def today(self) -> date:
        return local_date(self.now)


def escalate(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """In office hours, queue the warnings that have become due and draft the proposals; return how many rows."""
    withdraw_settled(session, campaign, now=now)
    definition, calendar = definition_of(session, campaign), work_calendar(session)
    if not in_office_hours(now, definition.calendar.office_hours, calendar):
        return 0
    this = _Pass(session, campaign, definition, calendar, now)
    facts = CampaignFacts(session, campaign, definition, now)
    warned = drafted = 0
    for ladder, rung in _steps(definition):
        tasks = _concerned(this, ladder, rung, applies(rung, facts))
        if not session.scalar(select(tasks.exists())):
            continue
        warned += _warn(this, rung, tasks) if rung.manner == "自动" else 0
        drafted += _draft(this, rung, tasks) if rung.manner == "拟办" else 0
    note(session, campaign, "warnings.queued", warned, now)
    if note(session, campaign, "proposals.drafted", drafted, now):
        _tell_deciders(this)
    return warned + drafted


def _steps(definition: Definition) -> Iterator[tuple[str, EscalationRung]]:
    yield from ((ladder, rung) for ladder, rungs in definition.escalations.items() for rung in rungs)


def _concerned(this: _Pass, ladder: str, rung: EscalationRung, to: Applies) -> Select[tuple[Task]]:
    """Select the open tasks that have reached the step; one comparison of due dates, since ladders are monotonous."""
    hazard = exists().where(
        col(Hazard.enterprise_id) == col(Task.subject_id),
        col(Hazard.major).is_(True),
        col(Hazard.state).in_(OPEN_HAZARD_STATES),
    )
    which = {
        Applies.TO_ALL: literal(True),
        Applies.TO_NONE: literal(False),
        Applies.WITH_MAJOR_HAZARD: hazard,
        Applies.WITHOUT_MAJOR_HAZARD: not_(hazard),
    }
    reached = latest_due(rung, this.today, this.calendar)
    return (
        select(Task)
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(is_open(), col(Task.due_on) <= reached, col(Task.overdue_on).is_not(None), which[to])
        .where(*chased(this.campaign), col(PlannedOccurrence.escalation) == ladder)
    )


def _warn(this: _Pass, rung: EscalationRung, tasks: Select[tuple[Task]]) -> int:
    """Warn those whom 告知 names: posts in the doer itself task by task, an office once per line of the plan."""
    recent = tasks.where(col(Task.due_on) >= this.today - LONGEST_MISSED)
    told = 0
    for office in (this.definition.roles[named] for named in rung.notify):
        told += _warn_doer(this, rung, office, recent) if office.posts else _warn_office(this, rung, office, recent)
    return told


def _warn_doer(this: _Pass, rung: EscalationRung, office: Office, tasks: Select[tuple[Task]]) -> int:
    people = tasks.join(Person, col(Person.organisation_id) == col(Task.organisation_id)).where(*active(_held(office)))
    said = _said(this, rung, col(PlannedOccurrence.title), col(Task.due_on)) | {
        "key": key("warning", step_name(rung)),
        "body": literal("截止日期是") + said_day(col(Task.due_on)) + literal("，至今没有办结。请立即办理。"),
        "link": literal("/tasks/") + cast(col(Task.id), String),
        "task_id": col(Task.id),
    }
    return write_notices(this.session, people, said, now=this.now)


def _warn_office(this: _Pass, rung: EscalationRung, office: Office, tasks: Select[tuple[Task]]) -> int:
    line, due_on = PlannedOccurrence, col(Task.due_on)
    office_id = office_over(office, col(Task.organisation_id))
    each = tasks.with_only_columns(col(line.id), col(line.title), due_on, office_id.label("office_id")).subquery()
    late = select(each.c.id, each.c.title, each.c.due_on, each.c.office_id, func.count().label("number"))
    line_of_office = late.group_by(each.c.id, each.c.title, each.c.due_on, each.c.office_id).subquery()
    columns = line_of_office.c
    people = (
        select(Person)
        .select_from(line_of_office)
        .join(Person, col(Person.organisation_id) == columns.office_id)
        .where(*active(roles_with(Permission.REVIEW)))
    )
    due_text = cast(columns.due_on, String)
    said = _said(this, rung, columns.title, columns.due_on) | {
        "key": literal("warning:line") + cast(columns.id, String) + literal(f":{step_name(rung)}:") + due_text,
        "body": literal("截止日期是")
        + said_day(columns.due_on)
        + literal("，还有")
        + cast(columns.number, String)
        + literal("项没有办结。"),
        "link": f"/campaigns/{this.campaign.id}",
        "task_id": None,
    }
    return write_notices(this.session, people, said, now=this.now)


def _said(
    this: _Pass, rung: EscalationRung, title: SQLColumnExpression[str], due_on: SQLColumnExpression[date]
) -> dict[str, object]:
    missed = latest_due(rung, this.calendar.add_working_days(this.today, -1), this.calendar)
    return {
        "kind": WARNING,
        "title": literal(f"逾期{rung.after}：") + title,
        "campaign_id": this.campaign.id,
        "late": due_on <= missed,
    }


def _held(office: Office) -> frozenset[Role]:
    """Return the roles behind the posts a notice names; whoever is not the safety director is the principal."""
    return frozenset(_POSTS.get(post, Role.PRINCIPAL) for post in office.posts)


def _draft(this: _Pass, rung: EscalationRung, tasks: Select[tuple[Task]]) -> int:
    """Draft one proposal per task, handled by the office that 承办 names over its doer; without one there is nobody to decide."""
    handler = this.definition.roles[rung.handler] if rung.handler else None
    if handler is None:
        return 0
    handler_id = office_over(handler, col(Task.organisation_id))
    drafted = exists().where(
        col(Proposal.task_id) == col(Task.id),
        col(Proposal.rung) == step_name(rung),
        col(Proposal.due_on) == col(Task.due_on),  # a date that an extension moved begins a ladder of its own
    )
    fresh: Select[Any] = tasks.where(~drafted).with_only_columns(
        col(Task.id).label("task_id"),
        col(Task.organisation_id).label("target_id"),
        handler_id.label("handler_id"),
        col(Task.due_on),
    )
    task = fresh.subquery()
    rows = select(
        literal(this.campaign.id),
        task.c.task_id,
        literal(step_name(rung)),
        task.c.due_on,
        literal(rung.action),
        task.c.target_id,
        task.c.handler_id,
        literal(ProposalState.DRAFTED.value),
        literal(this.now, type_=UtcDateTime()),
        literal(""),
    ).where(task.c.handler_id.is_not(None))
    insert = upsert_into(this.session, Proposal).from_select(_PROPOSAL, rows, include_defaults=False)
    return int(this.session.execute(insert.once()).rowcount)  # type: ignore[attr-defined]


def _tell_deciders(this: _Pass) -> int:
    """Tell those who decide, once a day, that something waits for them."""
    waiting = exists().where(
        col(Proposal.campaign_id) == this.campaign.id,
        col(Proposal.handler_id) == col(Person.organisation_id),
        col(Proposal.drafted_at) == this.now,
    )
    people = select(Person).where(*active(roles_with(Permission.DECIDE_PROPOSAL)), waiting)
    said = {
        "key": f"proposals:{this.campaign.id}:{this.today.isoformat()}",
        "kind": "proposals.drafted",
        "title": "有拟办事项待您决定",
        "body": f"{this.campaign.title}：逾期任务已达到升级条件，请决定是否采纳。不处理就不会发出。",
        "link": "/decisions?kind=proposal",
        "campaign_id": this.campaign.id,
        "task_id": None,
    }
    return write_notices(this.session, people, said, now=this.now)
