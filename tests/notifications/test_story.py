"""What people are told while a campaign runs: each step of another's reaches those who have to act on it, with today's date."""

from datetime import date

from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.work.requests import ask, grant
from campaigns.actions.work.tasks import accept, send_back, submit
from campaigns.rules.permissions import Actor
from campaigns.rules.states import RequestKind
from campaigns.store.messages import Notice
from flows.sweeps import pass_of_everything
from notifications.compose import compose
from tests.campaigns import SMALL, at, launched
from tests.factories import task_of
from tests.notifications.outside import FakeChannel, morning_round
from tests.people import Cast

PLAN = {"完成日期": "2023-05-20", "完成情况": "方案已报送"}


def told(cast: Cast, who: Actor) -> list[tuple[str, str]]:
    """Return what somebody was told, oldest first: kind and title."""
    with cast.database.reading() as session:
        mine = select(col(Notice.kind), col(Notice.title)).where(col(Notice.person_id) == who.person_id)
        return [(kind, title) for kind, title in session.execute(mine.order_by(col(Notice.id)))]


def test_a_submission_comes_back_and_goes_through_and_everybody_concerned_hears_of_it(either_cast: Cast) -> None:
    cast = either_cast
    launched(cast, text=SMALL)
    with cast.database.transaction() as session:
        task_id = task_of(session, "QY-11", cast.pond.id).id
        submit(session, task_id=task_id, values=PLAN, by=cast.safety_officer, now=at(5, 20))
    compose(cast.database, now=at(5, 20))
    with cast.database.transaction() as session:
        send_back(session, task_id=task_id, reason="缺少签字", by=cast.officer, now=at(5, 21))
        request = ask(
            session,
            task_id=task_id,
            kind=RequestKind.EXTENSION,
            reason="检修停产",
            due_on=date(2023, 6, 9),
            by=cast.principal,
            now=at(5, 22),
        )
    compose(cast.database, now=at(5, 22))
    with cast.database.transaction() as session:
        grant(session, request_id=request.id, by=cast.leader, now=at(5, 23))
        submit(session, task_id=task_id, values=PLAN, by=cast.principal, now=at(6, 5))
        accept(session, task_id=task_id, by=cast.officer, now=at(6, 6))
    compose(cast.database, now=at(6, 6))
    assert [kind for kind, _ in told(cast, cast.principal)] == [
        "campaign.launched",
        "task.sent_back",
        "request.granted",
        "task.accepted",
    ]
    assert [kind for kind, _ in told(cast, cast.leader)][1:] == ["task.submitted", "request.asked", "task.submitted"]
    assert not [kind for kind, _ in told(cast, cast.stranger_principal) if kind != "campaign.launched"]
    with cast.database.reading() as session:
        granted = session.scalars(select(Notice.body).where(col(Notice.kind) == "request.granted")).first()
    assert granted == "现在的期限：2023年6月9日。"


def test_the_digest_of_a_reminder_carries_the_due_date_as_it_stands_now(cast: Cast) -> None:
    launched(cast, text=SMALL)
    pass_of_everything(cast.database, now=at(5, 24))
    with cast.database.transaction() as session:
        task_id = task_of(session, "QY-11", cast.pond.id).id
        request = ask(
            session,
            task_id=task_id,
            kind=RequestKind.EXTENSION,
            reason="检修停产",
            due_on=date(2023, 6, 9),
            by=cast.principal,
            now=at(5, 24),
        )
        grant(session, request_id=request.id, by=cast.leader, now=at(5, 24))
    channel = FakeChannel()
    morning_round(cast.database, channel, at(5, 25))
    mine = next(letter for letter in channel.taken if letter.address.startswith("principal"))
    assert "2023年6月9日" in mine.body


def test_who_is_let_off_hears_that_nothing_is_due_any_more_and_of_which_period(cast: Cast) -> None:
    launched(cast, text=SMALL)
    with cast.database.transaction() as session:
        task = task_of(session, "QY-11", cast.pond.id)
        waiver = {"kind": RequestKind.WAIVER, "reason": "检修停产", "due_on": None}
        request = ask(session, task_id=task.id, by=cast.principal, now=at(5, 22), **waiver)  # type: ignore[arg-type]
        grant(session, request_id=request.id, by=cast.leader, now=at(5, 23))
    compose(cast.database, now=at(5, 23))
    with cast.database.reading() as session:
        said = select(col(Notice.title), col(Notice.body)).where(col(Notice.kind) == "request.granted")
        told_them = {tuple(row) for row in session.execute(said)}
    ((title, body),) = told_them
    assert title.startswith("豁免申请已同意：“")
    assert title.endswith("）”")
    assert body == "这一次不用做了。"
