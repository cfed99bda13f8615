"""异议 to a 代录 that was accepted: the bureau decides, and the record comes back or stays."""

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.directory.closing import close_enterprise
from campaigns.actions.directory.handing_over import transfer
from campaigns.actions.time.chasing import mark_overdue
from campaigns.actions.work.objecting import object_to
from campaigns.actions.work.on_behalf import enter
from campaigns.actions.work.requests import ask, decline, grant
from campaigns.actions.work.tasks import accept, submit
from campaigns.clock import instant
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.queries.campaign.decisions import Decision, DecisionKind, count_decisions, decisions
from campaigns.queries.verify import Scene, verify
from campaigns.queries.work.submissions import submissions_of
from campaigns.queries.work.task import steps, task_card, task_form
from campaigns.rules.permissions import Actor
from campaigns.rules.states import RequestKind, RequestState, TaskState
from campaigns.settings import Settings
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event
from campaigns.store.work.tasks import Submission, Task, TaskRequest
from tests.actions.work.test_on_behalf import NOW, ON_PAPER, count, entered, kept, objected
from tests.campaigns import at, launched
from tests.factories import INSPECTION, task_of
from tests.people import Cast

LATER = at(6, 20, 10)
UNTIL = date(2023, 6, 30)
FOUND = {"发现隐患": [{"title": "盖板破损"}], "无隐患声明": ""}


@pytest.fixture
def accepted(either_cast: Cast, tmp_path: Path) -> Cast:
    """Return a cast whose enterprise had its paper typed in, with a hazard on it, and accepted."""
    launched(either_cast)
    entered(either_cast, tmp_path / "files", **FOUND)
    with either_cast.database.transaction() as session:
        accept(session, task_id=task(either_cast).id, by=either_cast.leader, now=NOW)
    return either_cast


def task(cast: Cast) -> Task:
    """Return the task, wherever its deadline moved."""
    with cast.database.reading() as session:
        return task_of(session, "QY-01", cast.pond.id, period="2023-05")


def waiting(cast: Cast, actor: Actor | None = None) -> Sequence[Decision]:
    with cast.database.reading() as session:
        return decisions(session, actor=actor or cast.leader, kind=DecisionKind.REQUEST)


def request_id(cast: Cast) -> int:
    with cast.database.reading() as session:
        return session.scalars(select(col(TaskRequest.id)).where(col(TaskRequest.kind) == RequestKind.OBJECTION)).one()


def granted(cast: Cast, *, by: Actor | None = None, due_on: date | None = UNTIL, now: datetime = LATER) -> TaskRequest:
    with cast.database.transaction() as session:
        return grant(session, request_id=request_id(cast), due_on=due_on, by=by or cast.leader, now=now)


def declined(cast: Cast, *, by: Actor | None = None) -> TaskRequest:
    with cast.database.transaction() as session:
        return decline(session, request_id=request_id(cast), reason="和原件一致", by=by or cast.leader, now=LATER)


def findings(cast: Cast, home: Path) -> list[str]:
    with cast.database.reading() as session:
        scene = Scene(session, Settings(home=home), LATER)
        return [each.sentence for one, all_ in verify(scene) for each in all_ if one.code not in ("I4", "I5")]


def test_what_was_accepted_stays_until_its_bureau_decides_on_the_objection(accepted: Cast) -> None:
    assert waiting(accepted) == ()
    assert objected(accepted).state == TaskState.ACCEPTED
    (decision,) = waiting(accepted)
    assert (decision.row_id, decision.note) == (request_id(accepted), "对代录有异议：日期写错了")
    with accepted.database.reading() as session:
        assert count_decisions(session, actor=accepted.officer)[DecisionKind.REQUEST] == 1
        (card,) = submissions_of(session, task(accepted).id)
        told = session.scalars(select(Event).where(col(Event.kind) == "task.objected")).one()
    assert (card.decision, told.data["waits"]) == ("accepted", True)
    assert waiting(accepted, accepted.neighbour_leader) == ()


def test_a_granted_objection_opens_the_task_again_and_the_ledger_says_so(accepted: Cast, tmp_path: Path) -> None:
    objected(accepted)
    assert granted(accepted).state == RequestState.GRANTED
    after = task(accepted)
    assert (after.state, after.submitted_at, after.decided_at) == (TaskState.SENT_BACK, None, None)
    assert (after.due_on, after.due_at, after.overdue_on) == (UNTIL, instant(UNTIL, time(17)), None)
    with accepted.database.reading() as session:
        (card,) = submissions_of(session, after.id)
        event = session.scalars(select(Event).where(col(Event.kind) == "objection.granted")).one()
    assert (card.decision, card.reason, card.decided_by) == ("sent_back", "日期写错了", accepted.leader.name)
    assert (event.actor_name, event.data["receipt"], event.data["due_on"]) == (
        accepted.leader.name,
        card.receipt,
        "2023-06-30",
    )
    assert waiting(accepted) == ()
    assert findings(accepted, tmp_path) == []


def test_the_enterprise_then_hands_in_itself_and_what_was_found_stays_found_once(
    accepted: Cast, tmp_path: Path
) -> None:
    objected(accepted)
    granted(accepted, due_on=None, now=NOW)
    photos = kept(accepted, tmp_path / "files", "现场照片", by=accepted.principal, colour="green")
    own = INSPECTION | FOUND | {"主要负责人签字": "on", "现场照片": photos}
    with accepted.database.transaction() as session:
        again = submit(session, task_id=task(accepted).id, values=own, by=accepted.principal, now=NOW)
        accept(session, task_id=task(accepted).id, by=accepted.officer, now=NOW)
    assert (again.number, task(accepted).state) == (2, TaskState.ACCEPTED)
    assert count(accepted, Hazard) == 1
    assert findings(accepted, tmp_path) == []


def test_a_declined_objection_leaves_the_record_and_is_told_with_its_reason(accepted: Cast, tmp_path: Path) -> None:
    objected(accepted)
    assert declined(accepted).decision_reason == "和原件一致"
    assert task(accepted).state == TaskState.ACCEPTED
    with accepted.database.reading() as session:
        event = session.scalars(select(Event).where(col(Event.kind) == "objection.declined")).one()
    assert event.data["reason"] == "和原件一致"
    assert waiting(accepted) == ()
    with pytest.raises(Conflict, match="已经提过异议"):
        objected(accepted)
    with pytest.raises(Conflict, match="不能改为“已同意”"):
        granted(accepted)
    assert findings(accepted, tmp_path) == []


def test_who_typed_it_in_does_not_decide_and_nobody_else_does_either(accepted: Cast) -> None:
    objected(accepted)
    for decide in (granted, declined):
        with pytest.raises(Forbidden, match="自己代录的"):
            decide(accepted, by=accepted.officer)
        with pytest.raises(Forbidden):
            decide(accepted, by=accepted.city_leader)
        for stranger in (accepted.neighbour_leader, accepted.other_principal):
            with pytest.raises(NotFound):
                decide(accepted, by=stranger)
    with accepted.database.reading() as session:
        card = task_card(session, task_id=task(accepted).id, actor=accepted.officer, now=LATER)
        form = task_form(session, card)
        allowed = {
            actor.name: steps(session, card, form, actor=actor).decide_objection
            for actor in (accepted.officer, accepted.leader)
        }
    assert allowed == {accepted.officer.name: "自己代录的，不能自己决定企业的异议。", accepted.leader.name: ""}
    assert task(accepted).state == TaskState.ACCEPTED


def test_a_deadline_that_has_passed_gets_a_new_one_so_that_nobody_is_late_by_the_bureaus_mistake(
    accepted: Cast,
) -> None:
    objected(accepted)
    with pytest.raises(Invalid) as told:
        granted(accepted, due_on=None)
    assert told.value.fields == {"due_on": "原期限2023年5月15日已到，请写明企业重新填报到哪一天。"}
    granted(accepted)
    with accepted.database.transaction() as session:
        mark_overdue(session, session.scalars(select(Campaign)).one(), now=LATER)
    assert task(accepted).overdue_on is None


def test_a_deadline_that_lies_ahead_stays(accepted: Cast) -> None:
    objected(accepted)
    assert granted(accepted, due_on=None, now=NOW).due_on is None
    assert task(accepted).due_on == date(2023, 5, 15)


def test_an_extension_that_waited_while_the_task_was_done_waits_beside_the_objection(
    either_cast: Cast, tmp_path: Path
) -> None:
    launched(either_cast)
    with either_cast.database.transaction() as session:
        later = {"due_on": UNTIL, "by": either_cast.principal, "now": NOW}
        ask(session, task_id=task(either_cast).id, kind=RequestKind.EXTENSION, reason="暴雨", **later)
    entered(either_cast, tmp_path)
    with either_cast.database.transaction() as session:
        accept(session, task_id=task(either_cast).id, by=either_cast.leader, now=NOW)
    objected(either_cast)
    assert [one.note for one in waiting(either_cast)] == ["对代录有异议：日期写错了"]
    granted(either_cast, due_on=date(2023, 7, 10))
    assert [one.note for one in waiting(either_cast)] == ["申请延期到2023年6月30日：暴雨"]
    (extension,) = waiting(either_cast)
    with pytest.raises(Conflict, match="比申请的日期还晚"), either_cast.database.transaction() as session:
        grant(session, request_id=extension.row_id, by=either_cast.leader, now=LATER)


def test_what_is_typed_in_anew_may_be_objected_to_again(accepted: Cast, tmp_path: Path) -> None:
    objected(accepted)
    granted(accepted, due_on=None, now=NOW)
    files = {label: kept(accepted, tmp_path, label, colour="blue") for label in ("纸质表原件", "现场照片")}
    with accepted.database.transaction() as session:
        enter(session, task_id=task(accepted).id, values=ON_PAPER | files, by=accepted.officer, now=NOW)
        accept(session, task_id=task(accepted).id, by=accepted.leader, now=NOW)
        object_to(session, task_id=task(accepted).id, reason="还是不对", by=accepted.principal, now=NOW)
    assert [one.note for one in waiting(accepted)] == ["对代录有异议：还是不对"]


def test_a_handed_over_enterprises_objection_is_decided_by_its_new_bureau(accepted: Cast) -> None:
    objected(accepted)
    with accepted.database.transaction() as session:
        transfer(
            session,
            enterprise_id=accepted.pond.id,
            bureau_id=accepted.neighbour_bureau.id,
            on=LATER.date(),
            reason="区划调整",
            by=accepted.city_officer,
            now=LATER,
        )
    assert (len(waiting(accepted)), len(waiting(accepted, accepted.neighbour_leader))) == (0, 1)
    granted(accepted, by=accepted.neighbour_leader)
    assert task(accepted).state == TaskState.SENT_BACK


def test_nobody_is_asked_to_fill_in_again_for_an_enterprise_that_closed(accepted: Cast) -> None:
    objected(accepted)
    with accepted.database.transaction() as session:
        enterprise = {"enterprise_id": accepted.pond.id, "on": LATER.date(), "reason": "注销"}
        close_enterprise(session, **enterprise, by=accepted.officer, now=LATER)
    assert waiting(accepted) == ()
    with accepted.database.reading() as session:
        request = session.get_one(TaskRequest, request_id(accepted))
        (card,) = session.scalars(select(Submission)).all()
    assert (request.state, request.decision_reason) == (RequestState.DECLINED, "企业已登记关闭")
    assert (card.decision, task(accepted).state) == ("accepted", TaskState.ACCEPTED)
