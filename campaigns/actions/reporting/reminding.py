"""催报: one click tells everybody below who has not filed a period; at most once a day each, and not for ever."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, select
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.actions.messages.told import active, write_notices
from campaigns.clock import local, local_date
from campaigns.errors import Conflict, NotFound
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor, Permission, check_somewhere, roles_with
from campaigns.rules.states import UNFILED_REPORT_STATES, ReportState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.people import Person
from campaigns.store.messages import REPORT_REMINDER, Notice
from campaigns.store.reporting.reports import Report
from campaigns.store.scope import excused, visible

MOST = 5
"""Reminders of one report to one person, all days together; after that somebody has to pick up the telephone."""


def remind_missing(session: Session, *, campaign_id: int, form: str, period: str, by: Actor, now: datetime) -> int:
    """Tell the people of every organisation below that has not filed the period; return how many reports were reminded of.

    A second click on the same day writes nothing. Raises NotFound for a campaign whose reports the actor does not see,
    Conflict when nobody is missing.
    """
    check_somewhere(by, Permission.DECIDE_REPORT)
    campaign = session.get(Campaign, campaign_id)
    below = (
        col(Report.campaign_id) == campaign_id,
        col(Report.form) == form,
        col(Report.period) == period,
        col(Report.organisation_id).in_(visible(by)),
        col(Report.organisation_id) != by.organisation_id,
        ~excused(),
    )
    if campaign is None or not session.scalar(select(col(Report.id)).where(*below).limit(1)):
        raise NotFound
    missing = (*below, col(Report.state).in_(UNFILED_REPORT_STATES))
    count = session.scalar(select(func.count()).select_from(Report).where(*missing)) or 0
    if not count:
        raise Conflict("这一期都报了，不用催。", kept="没有发出消息。")
    written = write_notices(session, _people().where(*missing), _said(campaign, form, period, by, now), now=now)
    if written:
        where: dict[str, Any] = {"campaign_id": campaign.id, "organisation_id": by.organisation_id}
        data: dict[str, Any] = {"form": form, "period": period, "reports": count, "notices": written}
        record(session, "reports.reminded", by=by, now=now, about=campaign, **where, **data)
    return count if written else 0


def _people() -> Select[tuple[Person]]:
    sent = (
        select(func.count())
        .select_from(Notice)
        .where(
            col(Notice.person_id) == col(Person.id),
            col(Notice.kind) == REPORT_REMINDER,
            col(Notice.link) == _link(),
        )
    )
    return (
        select(Person)
        .select_from(Report)
        .join(Person, col(Person.organisation_id) == col(Report.organisation_id))
        .where(*active(roles_with(Permission.FILL_REPORT)), sent.correlate(Person, Report).scalar_subquery() < MOST)
    )


def _link() -> ColumnElement[str]:
    return literal("/reports/") + cast(col(Report.id), String)


def _said(campaign: Campaign, form: str, period: str, by: Actor, now: datetime) -> dict[str, object]:
    there, said = local(now), f"催报：{period_label(period)}的{form}"
    return {
        "key": literal("report-reminder:") + cast(col(Report.id), String) + literal(f":{local_date(now).isoformat()}"),
        "kind": REPORT_REMINDER,
        "title": case(
            (col(Report.state) == ReportState.RETURNED, f"{said}退回后还没有重报"), else_=f"{said}还没有上报"
        ),
        "body": f"{by.name}于{there.month}月{there.day}日{there:%H:%M}催报。确有困难的，请联系上级延期或代报。",
        "link": _link(),
        "campaign_id": campaign.id,
        "task_id": None,
    }
