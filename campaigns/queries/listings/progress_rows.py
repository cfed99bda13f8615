"""各地进度 as rows of a file: the page's own figures."""

from datetime import date, datetime

from sqlmodel import Session

from campaigns.queries.campaign.progress import progress
from campaigns.rules.permissions import Actor

HEADINGS = (
    "地区",
    "应办",
    "完成",
    "完成率%",
    "逾期",
    "上月完成",
    "上月逾期",
    "未销号重大隐患",
    "上月未销号重大隐患",
    "最早逾期",
)
ProgressRow = tuple[str, int, int, int, int, int, int, int, int, date | None]


def progress_rows(session: Session, *, campaign_id: int, actor: Actor, now: datetime) -> list[ProgressRow]:
    """Return one row per region right below the actor, in the order of the page."""
    found = progress(session, campaign_id=campaign_id, actor=actor, now=now)
    return [
        (
            line.name,
            line.standing.total,
            line.standing.done,
            line.standing.percent,
            line.standing.late,
            line.standing.done_then,
            line.standing.late_then,
            line.major_open,
            line.major_open_then,
            line.since,
        )
        for line in found.regions
    ]
