"""Two people act in the same moment, on PostgreSQL, where nothing but a lock keeps the second from what the first is changing."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from campaigns.actions.reporting.filling import Typed, fill_cells
from campaigns.actions.reporting.reports import file, open_period
from campaigns.actions.work.files import attach_to_task
from campaigns.actions.work.requests import ask, decline, grant
from campaigns.actions.work.tasks import submit
from campaigns.actions.work.using import use_record
from campaigns.errors import Conflict, Invalid, Refusal
from campaigns.rules.files.uploads import Upload
from campaigns.rules.permissions import Actor
from campaigns.rules.states import ReportState, RequestKind, RequestState, TaskState
from campaigns.store.database import Database
from campaigns.store.files import Folder
from campaigns.store.reporting.reports import Report
from campaigns.store.work.tasks import RecordUse, Submission, Task, TaskRequest
from tests.campaigns import launched
from tests.factories import NOTHING_FOUND, task_of
from tests.monthly import MAY, TABLE, instant_of, report_of, reporting, type_everything
from tests.people import Cast
from tests.pictures import photo
from tests.sharing import BESIDE, beside

NOW = datetime(2023, 5, 12, 9, 30, tzinfo=UTC)
Step = Callable[[Session], Any]


def at_once(base: Database, first: Step, second: Step) -> Refusal | None:
    """Take the second step while the first one's transaction is still open; return how the second was refused."""

    def in_its_own_transaction() -> Refusal | None:
        try:
            with base.transaction() as session:
                second(session)
        except Refusal as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(1) as other:
        with base.transaction() as session:
            first(session)
            session.flush()
            answer = other.submit(in_its_own_transaction)
            _until_somebody_waits(base)
        return answer.result(20)


def _until_somebody_waits(base: Database) -> None:
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    for _ in range(200):
        with base.reading() as session:
            if session.scalar(waiting):
                return
        time.sleep(0.05)
    raise AssertionError("the second step did not wait for the first")


def test_a_request_is_decided_once(postgresql_cast: Cast) -> None:
    cast = postgresql_cast
    launched(cast)
    with cast.database.transaction() as session:
        due_on = date(2023, 5, 26)
        task = task_of(session, "QY-01", cast.pond.id)
        kind, by = RequestKind.EXTENSION, cast.safety_officer
        asked = ask(session, task_id=task.id, kind=kind, reason="暴雨封路", due_on=due_on, by=by, now=NOW)
    refused = at_once(
        cast.database,
        lambda session: grant(session, request_id=asked.id, by=cast.officer, now=NOW),
        lambda session: decline(session, request_id=asked.id, reason="理由不足", by=cast.leader, now=NOW),
    )
    assert isinstance(refused, Conflict)
    with cast.database.reading() as session:
        assert session.get_one(TaskRequest, asked.id).state == RequestState.GRANTED
        assert session.get_one(Task, task.id).due_on == due_on


def _photographed(cast: Cast, folder: Path, *, seq: int = 1, campaign_id: int | None = None) -> Task:
    with cast.database.transaction() as session:
        task = task_of(session, "QY-01", cast.pond.id, period="2023-05", seq=seq, campaign_id=campaign_id)
        uploads, store = [Upload("坝顶.jpg", photo("red"))], Folder(folder)
        attach_to_task(
            session,
            task_id=task.id,
            label="现场照片",
            uploads=uploads,
            picture=True,
            store=store,
            by=cast.principal,
            now=NOW,
        )
        return task


def _submits(task: Task, by: Actor) -> Step:
    return lambda session: submit(session, task_id=task.id, values=NOTHING_FOUND, by=by, now=NOW)


def test_of_two_who_hand_in_one_task_the_second_is_told(postgresql_cast: Cast, tmp_path: Path) -> None:
    cast = postgresql_cast
    launched(cast)
    task = _photographed(cast, tmp_path)
    refused = at_once(cast.database, _submits(task, cast.principal), _submits(task, cast.principal))
    assert isinstance(refused, Conflict)
    with cast.database.reading() as session:
        assert session.scalar(select(func.count()).where(col(Submission.task_id) == task.id)) == 1


def test_two_records_of_one_day_do_not_both_count(postgresql_cast: Cast, tmp_path: Path) -> None:
    cast = postgresql_cast
    launched(cast)
    first, second = (_photographed(cast, tmp_path, seq=seq) for seq in (1, 2))
    refused = at_once(cast.database, _submits(second, cast.principal), _submits(first, cast.principal))
    assert isinstance(refused, Invalid)
    assert "不同的日子" in refused.fields["排查日期"]
    with cast.database.reading() as session:
        states = {session.get_one(Task, task.id).state for task in (first, second)}
    assert TaskState.ASSIGNED in states


def test_nothing_is_typed_into_a_table_that_is_being_filed(postgresql_cast: Cast) -> None:
    cast = postgresql_cast
    with cast.database.transaction() as session:
        campaign = reporting(session, cast)
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 20))
        report = report_of(session, campaign, cast.bureau)
        type_everything(session, report, cast.officer, instant_of(5, 22))
        seen, values = report.edit_version, {"3.1": Typed(month="7")}
    refused = at_once(
        cast.database,
        lambda session: file(session, report_id=report.id, by=cast.leader, now=instant_of(5, 24)),
        lambda session: fill_cells(
            session, report_id=report.id, edit_version=seen, values=values, by=cast.officer, now=instant_of(5, 24)
        ),
    )
    assert isinstance(refused, Conflict)
    with cast.database.reading() as session:
        assert session.get_one(Report, report.id).state == ReportState.FILED


def test_of_two_who_use_a_record_in_one_campaign_the_second_is_told(postgresql_cast: Cast, tmp_path: Path) -> None:
    cast = postgresql_cast
    action = launched(cast)
    other = beside(
        cast, text=BESIDE.replace("企业自查, 对象: 企业, 频次: 每月1次", "企业自查, 对象: 企业, 频次: 每月2次")
    )
    own = _photographed(cast, tmp_path, campaign_id=action.id)
    with cast.database.transaction() as session:
        done = _submits(own, cast.principal)(session)
    with cast.database.reading() as session:
        both = [task_of(session, "QY-01", cast.pond.id, campaign_id=other.id, seq=seq).id for seq in (1, 2)]

    def uses(task_id: int) -> Step:
        return lambda session: use_record(session, task_id=task_id, receipt=done.receipt, by=cast.principal, now=NOW)

    refused = at_once(cast.database, uses(both[0]), uses(both[1]))
    assert isinstance(refused, Conflict)
    assert "已经用过" in str(refused)
    with cast.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RecordUse)) == 1
