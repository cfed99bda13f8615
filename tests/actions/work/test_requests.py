"""延期 and 豁免: asked for with a reason, decided by somebody else, shown in every date afterwards."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.work.requests import ask, decline, grant
from campaigns.actions.work.tasks import send_back, submit
from campaigns.clock import instant
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.queries.campaign.decisions import DecisionKind, count_decisions
from campaigns.rules.permissions import Actor
from campaigns.rules.states import RequestKind, RequestState, TaskState
from campaigns.store.ledger import Event
from campaigns.store.work.tasks import Task, TaskRequest
from tests.campaigns import SMALL, launched
from tests.factories import task_of
from tests.people import Cast

NOW = datetime(2023, 5, 12, 9, 30, tzinfo=UTC)
LATE = datetime(2023, 5, 18, 1, 0, tzinfo=UTC)
NEW_DATE = date(2023, 5, 26)


def asked(
    cast: Cast,
    kind: RequestKind = RequestKind.EXTENSION,
    *,
    by: Actor | None = None,
    due_on: date | None = NEW_DATE,
    now: datetime = NOW,
) -> TaskRequest:
    with cast.database.transaction() as session:
        task = task_of(session, "QY-01", cast.pond.id)
        return ask(
            session, task_id=task.id, kind=kind, reason="暴雨封路", due_on=due_on, by=by or cast.safety_officer, now=now
        )


def task(cast: Cast) -> Task:
    with cast.database.reading() as session:
        return task_of(session, "QY-01", cast.pond.id)


def test_a_granted_extension_moves_the_date_and_keeps_its_hour(either_cast: Cast) -> None:
    launched(either_cast)
    request = asked(either_cast)
    assert (request.state, request.previous_due_on) == (RequestState.ASKED, date(2023, 5, 15))
    with either_cast.database.transaction() as session:
        grant(session, request_id=request.id, by=either_cast.officer, now=NOW)
    moved = task(either_cast)
    assert (moved.due_on, moved.due_at, moved.state) == (NEW_DATE, instant(NEW_DATE, time(17)), TaskState.ASSIGNED)
    with either_cast.database.reading() as session:
        event = session.scalars(select(Event).where(col(Event.kind) == "request.granted")).one()
    assert (event.data["due_on"], event.data["previous_due_on"]) == ("2023-05-26", "2023-05-15")


def test_an_extension_into_the_future_ends_being_overdue(cast: Cast) -> None:
    launched(cast)
    with cast.database.transaction() as session:
        task_of(session, "QY-01", cast.pond.id).overdue_on = date(2023, 5, 16)
    request = asked(cast, now=LATE)
    with cast.database.transaction() as session:
        grant(session, request_id=request.id, by=cast.leader, now=LATE)
    assert task(cast).overdue_on is None


def test_an_extension_granted_too_late_leaves_it_overdue(cast: Cast) -> None:
    launched(cast)
    with cast.database.transaction() as session:
        task_of(session, "QY-01", cast.pond.id).overdue_on = date(2023, 5, 16)
    request = asked(cast, now=LATE)
    with cast.database.transaction() as session:
        grant(session, request_id=request.id, by=cast.leader, now=LATE + timedelta(days=30))
    assert (task(cast).overdue_on, task(cast).due_on) == (date(2023, 5, 16), NEW_DATE)


def test_a_granted_waiver_ends_the_task(cast: Cast) -> None:
    launched(cast)
    request = asked(cast, RequestKind.WAIVER, due_on=None)
    with cast.database.transaction() as session:
        grant(session, request_id=request.id, reason="本月停产", by=cast.officer, now=NOW)
    assert (task(cast).state, task(cast).decided_at) == (TaskState.WAIVED, NOW)


def test_what_is_declined_leaves_the_date_and_says_why(either_cast: Cast) -> None:
    launched(either_cast)
    request = asked(either_cast)
    with pytest.raises(Invalid), either_cast.database.transaction() as session:
        decline(session, request_id=request.id, reason="", by=either_cast.officer, now=NOW)
    with either_cast.database.transaction() as session:
        declined = decline(session, request_id=request.id, reason="理由不足", by=either_cast.officer, now=NOW)
        assert (declined.state, declined.decision_reason) == (RequestState.DECLINED, "理由不足")
    assert task(either_cast).due_on == date(2023, 5, 15)
    with pytest.raises(Conflict, match="未同意"), either_cast.database.transaction() as session:
        grant(session, request_id=request.id, by=either_cast.officer, now=NOW)
    asked(either_cast)


def test_one_request_waits_at_a_time(cast: Cast) -> None:
    launched(cast)
    asked(cast)
    with pytest.raises(Conflict, match="在等决定"):
        asked(cast)


@pytest.mark.parametrize("due_on", [None, date(2023, 5, 15), date(2023, 5, 1)])
def test_an_extension_names_a_later_date(cast: Cast, due_on: date | None) -> None:
    launched(cast)
    with pytest.raises(Invalid) as refusal:
        asked(cast, due_on=due_on)
    assert refusal.value.fields == {"due_on": "请选一个晚于2023年5月15日的日期。"}


@pytest.mark.parametrize("due_on", [date(2034, 1, 1), date(2203, 5, 20), date.max])
def test_a_slip_of_the_year_becomes_nobodys_deadline(cast: Cast, due_on: date) -> None:
    launched(cast)
    with pytest.raises(Invalid) as refusal:
        asked(cast, due_on=due_on)
    assert refusal.value.fields == {"due_on": "这个日期太远了，最晚可到2033年12月31日，请核对年份。"}


def test_the_doer_never_decides_and_a_stranger_sees_nothing(cast: Cast) -> None:
    launched(cast)
    request = asked(cast)
    for actor, refusal in (
        (cast.principal, Forbidden),
        (cast.inspector, Forbidden),
        (cast.city_leader, Forbidden),
        (cast.neighbour_leader, NotFound),
        (cast.stranger_principal, NotFound),
    ):
        with pytest.raises(refusal), cast.database.transaction() as session:
            grant(session, request_id=request.id, by=actor, now=NOW)
    with pytest.raises(NotFound):
        asked(cast, by=cast.other_principal)
    with pytest.raises(NotFound), cast.database.transaction() as session:
        grant(session, request_id=999, by=cast.leader, now=NOW)


def test_a_bureaus_own_request_is_decided_by_a_colleague(cast: Cast) -> None:
    launched(cast)
    with cast.database.transaction() as session:
        inspection = task_of(session, "JG-31", cast.bureau.id, subject_id=cast.pond.id)
        request = ask(
            session,
            task_id=inspection.id,
            kind=RequestKind.EXTENSION,
            reason="专家未到",
            due_on=date(2023, 12, 8),
            by=cast.officer,
            now=NOW,
        )
    with pytest.raises(Forbidden, match="自己的申请"), cast.database.transaction() as session:
        grant(session, request_id=request.id, by=cast.officer, now=NOW)
    with cast.database.transaction() as session:
        assert grant(session, request_id=request.id, by=cast.leader, now=NOW).state == RequestState.GRANTED


def test_a_request_waits_for_nobody_once_its_task_is_handed_in(cast: Cast) -> None:
    launched(cast, text=SMALL)
    with cast.database.transaction() as session:
        wanted = task_of(session, "QY-11", cast.pond.id)
        kind, by = RequestKind.EXTENSION, cast.principal
        ask(session, task_id=wanted.id, kind=kind, reason="暴雨封路", due_on=date(2023, 6, 5), by=by, now=NOW)
        assert count_decisions(session, actor=cast.officer)[DecisionKind.REQUEST] == 1
        values = {"完成日期": "2023-05-12", "完成情况": "方案已报送"}
        submit(session, task_id=wanted.id, values=values, by=cast.principal, now=NOW)
        assert count_decisions(session, actor=cast.officer)[DecisionKind.REQUEST] == 0
        send_back(session, task_id=wanted.id, reason="缺公章", by=cast.officer, now=NOW)
        assert count_decisions(session, actor=cast.officer)[DecisionKind.REQUEST] == 1
