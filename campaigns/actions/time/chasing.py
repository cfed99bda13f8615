"""逾期、催办、升级 of a running campaign: one statement per step of a ladder, never a loop over tasks.

Everything is derived again from the dated tasks at each call, so 退回 or 延期 cannot lose a reminder, a call missed is made good
by the next, and a second call writes nothing: marks are conditional, notices and proposals have unique keys.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    String,
    bindparam,
    cast,
    exists,
    extract,
    func,
    literal,
    or_,
    select,
    union,
    update,
)
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.actions.messages.told import active, write_notices
from campaigns.clock import local_date
from campaigns.definition.model import ReminderLadder
from campaigns.rules.dates.calendar import WorkCalendar
from campaigns.rules.ladders.chasing import REMINDED, in_office_hours, newest_reminder
from campaigns.rules.ladders.rungs import Rung
from campaigns.rules.ladders.ways_out import outward
from campaigns.rules.permissions import SYSTEM
from campaigns.rules.states import OPEN_TASK_STATES
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.campaign.definitions import definition_of
from campaigns.store.directory.people import Person
from campaigns.store.directory.working_days import work_calendar
from campaigns.store.ledger import Event
from campaigns.store.messages import Notice
from campaigns.store.work.tasks import Task, TaskRequest

REMINDER = "task.reminder"
QUEUED = "reminders.queued"
LONGEST_MISSED = timedelta(days=31)
"""A reminder that nothing could send for a month is not sent any more: the next step is somebody's decision, not a message."""


def is_open() -> ColumnElement[bool]:
    """Return the condition that a task is open, written out so that SQLite may use the partial index on open tasks."""
    states = bindparam("open_states", OPEN_TASK_STATES, expanding=True, literal_execute=True, type_=String)
    return col(Task.state).in_(states)


def chased(campaign: Campaign) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on a line of the plan that it can be late at all: neither optional nor event-driven."""
    line = PlannedOccurrence
    return col(line.campaign_id) == campaign.id, col(line.required).is_(True), col(line.event_driven).is_(False)


def mark_overdue(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Mark open tasks whose instant has passed, as overdue since their due date; return how many."""
    # EXISTS rather than IN: the few lines of the plan must not lead SQLite away from the index on open tasks by due date
    of_campaign = exists().where(col(PlannedOccurrence.id) == col(Task.occurrence_id), *chased(campaign))
    marked = session.execute(
        update(Task)
        .where(is_open(), col(Task.due_on) <= local_date(now), col(Task.due_at) < now)
        .where(col(Task.overdue_on).is_(None), of_campaign)
        .values(overdue_on=col(Task.due_on))
        .execution_options(synchronize_session=False)
    )
    return note(session, campaign, "tasks.overdue", int(marked.rowcount), now)  # type: ignore[attr-defined]


def remind(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Queue today's reminders in office hours; rungs missed while nothing ran collapse into the newest, marked 补发."""
    definition, calendar, today = definition_of(session, campaign), work_calendar(session), local_date(now)
    if not in_office_hours(now, definition.calendar.office_hours, calendar):
        return 0
    written = 0
    for name, ladder in definition.reminders.items():
        for rung, due_dates in _due_rungs(session, campaign, name, ladder, calendar, today).items():
            written += _remind(session, campaign, (name, ladder), rung, due_dates, now)
    return note(session, campaign, QUEUED, written, now)


def _due_rungs(
    session: Session, campaign: Campaign, name: str, ladder: ReminderLadder, calendar: WorkCalendar, today: date
) -> dict[Rung, list[date]]:
    """Return which rung stands newest today for which due dates; a campaign has few dates however many tasks."""
    earliest = max(local_date(campaign.launched_at), today - LONGEST_MISSED, _reminded_until(session, campaign))
    found: dict[Rung, list[date]] = {}
    for due_on in _due_dates(session, campaign, name):
        rung = newest_reminder(ladder, due_on, calendar, today)
        if rung is not None and (rung.on == today or rung.on >= earliest):
            found.setdefault(rung, []).append(due_on)
    return found


def _reminded_until(session: Session, campaign: Campaign) -> date:
    """Return the day after the last reminders: older rungs were looked at then, and are not missed for who came later."""
    last = select(col(Event.at)).where(col(Event.kind) == QUEUED, col(Event.campaign_id) == campaign.id)
    at = session.scalar(last.order_by(col(Event.id).desc()).limit(1))
    return date.min if at is None else local_date(at) + timedelta(days=1)


def _due_dates(session: Session, campaign: Campaign, ladder: str) -> list[date]:
    """Return every date on which a task of the ladder may be due: the plan's, and any that an extension was asked for."""
    planned = select(col(PlannedOccurrence.due_on)).where(
        col(PlannedOccurrence.campaign_id) == campaign.id, col(PlannedOccurrence.reminder) == ladder
    )
    extended = select(col(TaskRequest.due_on)).where(col(TaskRequest.due_on).is_not(None))
    return sorted(session.scalars(union(planned, extended)).all())


def _remind(
    session: Session,
    campaign: Campaign,
    named: tuple[str, ReminderLadder],
    rung: Rung,
    due_dates: list[date],
    now: datetime,
) -> int:
    name, ladder = named
    sent_before = select(func.count()).where(
        col(Notice.task_id) == col(Task.id), col(Notice.person_id) == col(Person.id), col(Notice.kind) == REMINDER
    )
    not_extended = col(Task.due_on) == col(PlannedOccurrence.due_on)  # then the ladder itself ends at its cap
    tasks = (
        select(Person)
        .select_from(Task)
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Person, col(Person.organisation_id) == col(Task.organisation_id))
        .where(is_open(), col(Task.due_on).in_(due_dates), *active(REMINDED))
        .where(*chased(campaign), col(PlannedOccurrence.reminder) == name)
        .where(or_(not_extended, sent_before.scalar_subquery() < ladder.most))
    )
    said = {
        "key": key("reminder", rung.key),
        "kind": REMINDER,
        "title": col(PlannedOccurrence.title) + literal(f"：{rung.name}"),
        "body": literal("截止日期是") + said_day(col(Task.due_on)) + literal("，请按期办理并提交。"),
        "link": literal("/tasks/") + cast(col(Task.id), String),
        "campaign_id": campaign.id,
        "task_id": col(Task.id),
        "late": rung.on < local_date(now),
        "outward": outward(ladder.channels),
    }
    return write_notices(session, tasks, said, now=now)


def key(effect: str, rung: str) -> ColumnElement[str]:
    """Return the SQL for a notice's key per task: an extension moves the due date and so begins a new ladder."""
    task, due_on = cast(col(Task.id), String), cast(col(Task.due_on), String)
    return literal(f"{effect}:") + task + literal(f":{rung}:") + due_on


def said_day(day: SQLColumnExpression[date]) -> ColumnElement[str]:
    """Return the SQL that writes a day as campaigns.date_words does: 2023年11月25日."""
    parts = (("year", "年"), ("month", "月"), ("day", "日"))
    year, month, day_of = (cast(extract(part, day), String) + literal(unit) for part, unit in parts)
    return year + month + day_of


def note(session: Session, campaign: Campaign, kind: str, count: int, now: datetime) -> int:
    """Record that a sweep changed so many rows of a campaign, if it changed any."""
    if count:
        where = {"campaign_id": campaign.id, "organisation_id": campaign.bureau_id}
        record(session, kind, by=SYSTEM, now=now, about=campaign, count=count, **where)
    return count
