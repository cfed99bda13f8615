"""The 百日攻坚 under way tells a story: whoever signs in finds something to do, and somebody has been late since a known day."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.queries.campaign.decisions import count_decisions
from campaigns.rules.permissions import Actor
from campaigns.rules.states import OPEN_TASK_STATES, ReportState
from campaigns.store.database import Database
from campaigns.store.ledger import DueWork
from campaigns.store.messages import Notice
from campaigns.store.regions import Organisation
from campaigns.store.reports import Report
from campaigns.store.tasks import Task
from flows.demo.load import FOUNDED, start_a_hundred_days
from flows.demo.places import build

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def test_the_live_campaign_shows_who_is_late_and_leaves_everybody_something_to_do(
    database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        places = build(session, now=FOUNDED)
    start_a_hundred_days(database, places, files=tmp_path / "files", now=NOW, say=lambda _: None)
    chiping, donge, yanggu = places.counties
    with database.reading() as session:
        assert _late(session) == {"云杉金属有限公司", "阳谷县应急管理局"}
        assert _tables(session, chiping.bureau.id) == [ReportState.ACCEPTED, ReportState.OPEN]
        assert _tables(session, donge.bureau.id)[0] == ReportState.FILED
        assert _tables(session, yanggu.bureau.id)[0] == ReportState.OPEN
        assert _waiting(session, chiping.officer) >= 3
        assert _undone(session) == 0, "this morning's round was made as well"
        assert session.scalar(select(func.count()).select_from(Notice).where(col(Notice.late))) == 0


def _undone(session: Session) -> int | None:
    due = col(DueWork.due_at) <= NOW, col(DueWork.done_at).is_(None)
    return session.scalar(select(func.count()).select_from(DueWork).where(*due))


def _late(session: Session) -> set[str]:
    late = (
        select(col(Organisation.name))
        .join(Task, col(Task.organisation_id) == col(Organisation.id))
        .where(col(Task.overdue_on).is_not(None), col(Task.state).in_(OPEN_TASK_STATES))
    )
    return set(session.scalars(late))


def _tables(session: Session, organisation_id: int) -> list[str]:
    own = select(col(Report.state)).where(col(Report.organisation_id) == organisation_id)
    return list(session.scalars(own.order_by(col(Report.period))))


def _waiting(session: Session, actor: Actor) -> int:
    return sum(count_decisions(session, actor=actor, campaign_id=None).values())
