"""工作日历: days an administrator sets to working or off, over the shipped table."""

from datetime import date, datetime

from sqlmodel import Session

from campaigns.actions.events import record
from campaigns.errors import Invalid, NotFound
from campaigns.rules.permissions import Actor, Permission
from campaigns.store.ledger import WorkdayOverride
from campaigns.store.scope import check_relation

YEARS = range(2000, 2101)
LONGEST_NOTE = 100


def set_workday(session: Session, *, day: date, working: bool, note: str = "", by: Actor, now: datetime) -> None:
    """Set one day to working (上班) or off (放假); setting it again replaces it.

    Due dates already on tasks stay where they are: they were told to people. New launches and reminders follow at once.
    """
    check_relation(session, by, Permission.MANAGE_CALENDAR, by.organisation_id)
    if day.year not in YEARS:
        raise Invalid("日期不对，没有保存。", fields={"day": f"请写{YEARS[0]}年到{YEARS[-1]}年之间的日期。"})
    if len(note) > LONGEST_NOTE:
        raise Invalid("说明太长，没有保存。", fields={"note": f"最多{LONGEST_NOTE}个字。"})
    row = session.get(WorkdayOverride, day.isoformat())
    before = None if row is None else row.working
    if row is None:
        row = WorkdayOverride(day=day.isoformat(), working=working)
        session.add(row)
    row.working, row.note = working, note
    session.flush()
    record(
        session,
        "calendar.day_set",
        by=by,
        now=now,
        organisation_id=by.organisation_id,
        day=day.isoformat(),
        working=working,
        before=before,
        note=note,
    )


def forget_workday(session: Session, *, day: date, by: Actor, now: datetime) -> None:
    """Take an entry back; the day is again what the shipped table says."""
    check_relation(session, by, Permission.MANAGE_CALENDAR, by.organisation_id)
    row = session.get(WorkdayOverride, day.isoformat())
    if row is None:
        raise NotFound
    session.delete(row)
    session.flush()
    record(
        session,
        "calendar.day_forgotten",
        by=by,
        now=now,
        organisation_id=by.organisation_id,
        day=day.isoformat(),
        before=row.working,
    )
