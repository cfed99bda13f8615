"""What an organisation owes and by when, for the calendars of its people."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.queries.work.task_lines import is_open
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor
from campaigns.rules.states import UNFILED_REPORT_STATES
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.reporting.reports import Report
from campaigns.store.work.tasks import Task

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing to do by an instant. `key` stays the same however often the calendar is read."""

    key: str
    title: str
    campaign: str
    due_at: datetime
    link: str


def deadlines(session: Session, *, actor: Actor) -> tuple[Deadline, ...]:
    """Return the open tasks and unfiled reports of the actor's own organisation, the earliest due first."""
    found = (*_tasks(session, actor), *_reports(session, actor))
    return tuple(sorted(found, key=lambda each: (each.due_at, each.key)))


def _tasks(session: Session, actor: Actor) -> list[Deadline]:
    line = PlannedOccurrence
    rows = session.execute(
        select(
            *(col(Task.id), col(Task.due_at), col(Campaign.title)),
            *(col(line.title), col(line.period), col(line.seq), col(line.quota)),
        )
        .join(line, col(line.id) == col(Task.occurrence_id))
        .join(Campaign, col(Campaign.id) == col(Task.campaign_id))
        .where(
            col(Task.organisation_id) == actor.organisation_id,
            is_open(),
            col(line.event_driven).is_(False),
            col(line.report).is_(None),  # its report stands in the calendar itself
        )
        .order_by(col(Task.due_at))
        .limit(MOST)
    )
    return [
        Deadline(f"task-{id_}", f"{title}（{words}）" if words else title, campaign, due_at, f"/tasks/{id_}")
        for id_, due_at, campaign, title, period, seq, quota in rows
        for words in (period_label(period, seq, quota),)
    ]


def _reports(session: Session, actor: Actor) -> list[Deadline]:
    rows = session.execute(
        select(col(Report.id), col(Report.due_at), col(Campaign.title), col(Report.form), col(Report.period))
        .join(Campaign, col(Campaign.id) == col(Report.campaign_id))
        .where(col(Report.organisation_id) == actor.organisation_id, col(Report.state).in_(UNFILED_REPORT_STATES))
        .order_by(col(Report.due_at))
        .limit(MOST)
    )
    return [
        Deadline(f"report-{id_}", f"上报{period_label(period)}{form}", campaign, due_at, f"/reports/{id_}")
        for id_, due_at, campaign, form, period in rows
    ]
