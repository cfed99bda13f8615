"""The 百日攻坚 under way tells a story: whoever signs in finds something to do, somebody has been late since a known day, and
what was filled in for it does for the county's own campaign too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.queries.campaign.decisions import DecisionKind, count_decisions, decisions
from campaigns.queries.work.sharing import usable_records
from campaigns.queries.work.worklist import Urgency, worklist
from campaigns.rules.permissions import Actor
from campaigns.rules.states import OPEN_TASK_STATES, ReportState
from campaigns.store.database import Database
from campaigns.store.directory.regions import Organisation
from campaigns.store.ledger import DueWork
from campaigns.store.messages import Notice
from campaigns.store.reporting.reports import Report
from campaigns.store.work.tasks import Task
from flows.demo.beside import mines
from flows.demo.load import FOUNDED, start_a_hundred_days
from flows.demo.places import Places, build
from tests.databases import copied

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Live:
    """The demonstration on a Sunday noon."""

    base: Database
    places: Places


@pytest.fixture(scope="module")
def live(sqlite_empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Live through the last weeks once; the tests only read."""
    home = tmp_path_factory.mktemp("live")
    with copied(sqlite_empty, home / "rectify.sqlite3") as base:
        with base.transaction() as session:
            places = build(session, now=FOUNDED)
        start_a_hundred_days(base, places, files=home / "files", now=NOW, say=lambda _: None)
        yield Live(base, places)


def test_the_live_campaign_shows_who_is_late_and_leaves_everybody_something_to_do(live: Live) -> None:
    chiping, donge, yanggu = live.places.counties
    with live.base.reading() as session:
        assert _late(session) == {"云杉金属有限公司", "阳谷县应急管理局"}
        assert _tables(session, chiping.bureau.id) == [ReportState.ACCEPTED, ReportState.OPEN]
        assert _tables(session, donge.bureau.id)[0] == ReportState.FILED
        assert _tables(session, yanggu.bureau.id)[0] == ReportState.OPEN
        assert _waiting(session, chiping.officer) >= 3
        assert _undone(session) == 0, "this morning's round was made as well"
        assert session.scalar(select(func.count()).select_from(Notice).where(col(Notice.late))) == 0


def test_a_record_of_the_citys_campaign_is_offered_for_the_countys_and_another_waits_there_for_review(
    live: Live,
) -> None:
    chiping = live.places.counties[0]
    principal = chiping.enterprises[0].principal
    with live.base.reading() as session:
        work = worklist(session, actor=principal, now=NOW)
        items = [item for _, group in work.groups for item in group]
        (ready,) = [item for item in items if item.at_hand]
        (record,) = usable_records(session, ready.id, actor=principal)
        reviews = decisions(session, actor=chiping.officer, kind=DecisionKind.REVIEW)
        used = {line.organisation for line in reviews if "用已报的记录" in line.note}
    assert ready.title == "重大事故隐患排查整治"
    assert (record.likeness.is_sure, record.nil) == (True, False)
    assert record.campaign != ready.campaign
    assert "企业自查问题隐患" in {item.title for item in items if item.urgency in (Urgency.TODAY, Urgency.WEEK)}
    assert work.pressing == 1, "this Sunday's own inspection: nobody who inspects once a week is late"
    assert used == {mines(live.places)[1].name}


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
