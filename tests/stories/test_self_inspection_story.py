"""A month of self-inspection, told as steps: 青山 inspects twice, finds what is small and what is major, and both are closed."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.hazards.rechecking import close
from campaigns.actions.hazards.rectifying import plan, report_rectification
from campaigns.actions.hazards.supervision import delist, list_for_supervision
from campaigns.actions.work.files import attach_to_hazard, attach_to_task
from campaigns.actions.work.handing_in import sealed
from campaigns.actions.work.requests import ask, grant
from campaigns.actions.work.tasks import accept, acknowledge, send_back, sign_nil, submit
from campaigns.errors import Forbidden, Invalid
from campaigns.queries.hazards.register_list import HazardTab, count_hazards
from campaigns.queries.work.worklist import Urgency, worklist
from campaigns.rules.files.uploads import Upload
from campaigns.rules.hazards.finding import RectificationPlan
from campaigns.rules.permissions import Actor
from campaigns.rules.states import HazardState, RequestKind, TaskState
from campaigns.rules.work.receipts import seal
from campaigns.store.files import Folder
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event
from campaigns.store.work.tasks import Submission, Task
from tests.campaigns import at, launched
from tests.factories import task_of
from tests.people import Cast
from tests.pictures import photo

FIRST = {
    "排查日期": "2023-05-12",
    "带队人": "卫矿长",
    "排查部位": ["坝体", "排洪设施"],
    "发现隐患": [
        {"title": "灭火器过期", "location": "值班室", "rectification": "当场更换两具"},
        {"title": "坝体出现贯穿性裂缝", "major": "是", "criterion": "矿安〔2022〕88号 三（一）"},
    ],
    "主要负责人签字": "on",
}
FIVE = RectificationPlan("卫矿长", "灌浆加固", 350_000, date(2023, 6, 10), "降雨预警时停止排放并撤人")


class Month:
    """The steps of the story, each in a transaction of its own as a person's click would be."""

    def __init__(self, cast: Cast, folder: Path) -> None:
        self.cast, self.store = cast, Folder(folder)

    def task(self, session: Session, duty: str, seq: int = 1) -> Task:
        return task_of(session, duty, self.cast.pond.id, seq=seq)

    def photograph(self, duty: str, seq: int = 1) -> None:
        with self.cast.database.transaction() as session:
            attach_to_task(
                session,
                task_id=self.task(session, duty, seq).id,
                label="现场照片",
                uploads=[Upload("坝顶.jpg", photo())],
                picture=True,
                store=self.store,
                by=self.cast.safety_officer,
                now=at(5, 12, 10),
            )

    def inspect(self) -> Submission:
        with self.cast.database.transaction() as session:
            acknowledge(session, task_id=self.task(session, "QY-01").id, by=self.cast.safety_officer, now=at(5, 8))
        self.photograph("QY-01")
        with self.cast.database.transaction() as session:
            task = self.task(session, "QY-01")
            return submit(session, task_id=task.id, values=FIRST, by=self.cast.principal, now=at(5, 12, 17))

    def hazard(self, session: Session, title: str) -> Hazard:
        return session.scalars(select(Hazard).where(col(Hazard.title) == title)).one()

    def recheck(self, title: str, *, by: Actor) -> None:
        with self.cast.database.transaction() as session:
            hazard = self.hazard(session, title)
            close(session, hazard_id=hazard.id, opinion="现场复查合格", by=by, now=at(6, 9))


@pytest.fixture
def month(either_cast: Cast, tmp_path: Path) -> Month:
    """Launch the 2023 action on its first day."""
    launched(either_cast)
    return Month(either_cast, tmp_path)


def test_what_is_small_is_closed_inside_and_what_is_major_by_the_bureau(month: Month) -> None:
    cast = month.cast
    submission = month.inspect()
    assert seal(sealed(submission, signer=cast.principal.name)) == submission.sha256

    with pytest.raises(Forbidden):
        month.recheck("灭火器过期", by=cast.principal)  # he reported it fixed himself
    month.recheck("灭火器过期", by=cast.safety_director)

    with cast.database.transaction() as session:
        major = month.hazard(session, "坝体出现贯穿性裂缝")
        list_for_supervision(session, hazard_id=major.id, number="茌应急督〔2023〕1号", by=cast.leader, now=at(5, 15))
        plan(session, hazard_id=major.id, plan=FIVE, by=cast.safety_director, now=at(5, 15))
    with cast.database.transaction() as session:
        report_rectification(session, hazard_id=major.id, rectification="已灌浆", by=cast.safety_director, now=at(6, 8))
        attach_to_hazard(
            session,
            hazard_id=major.id,
            label="整改后",
            uploads=[Upload("灌浆后.jpg", photo("green"))],
            store=month.store,
            by=cast.safety_director,
            now=at(6, 8),
        )
    with pytest.raises(Forbidden):
        month.recheck("坝体出现贯穿性裂缝", by=cast.principal)
    month.recheck("坝体出现贯穿性裂缝", by=cast.inspector)
    with pytest.raises(Forbidden, match="另一位"):
        month.recheck("坝体出现贯穿性裂缝", by=cast.inspector)
    month.recheck("坝体出现贯穿性裂缝", by=cast.leader)
    with cast.database.transaction() as session:
        delist(session, hazard_id=major.id, by=cast.leader, now=at(6, 9))

    with cast.database.reading() as session:
        counts = count_hazards(session, actor=cast.officer, now=at(6, 10)).of
        kinds = session.scalars(
            select(col(Event.kind)).where(col(Event.subject) == "hazard").order_by(col(Event.id))
        ).all()
        states = set(session.scalars(select(col(Hazard.state))))
    assert (counts[HazardTab.OPEN], counts[HazardTab.CLOSED]) == (0, 2)
    assert states == {HazardState.CLOSED}
    assert kinds == [
        "hazard.registered",
        "hazard.fixed_on_the_spot",
        "hazard.registered",
        "hazard.closed",
        "hazard.listed",
        "hazard.planned",
        "hazard.rectified",
        "hazard.checked",
        "hazard.closed",
        "hazard.delisted",
    ]


def test_two_inspections_a_month_and_the_second_may_be_nil_but_not_on_the_same_day(month: Month) -> None:
    cast = month.cast
    month.inspect()
    with cast.database.transaction() as session:
        second = month.task(session, "QY-01", 2)
        with pytest.raises(Invalid, match="同一天"):
            sign_nil(session, task_id=second.id, signed=True, by=cast.principal, now=at(5, 12, 18))
        sign_nil(session, task_id=second.id, signed=True, by=cast.principal, now=at(5, 20))
        done = session.scalars(select(col(Submission.nil)).order_by(col(Submission.id))).all()
    assert done == [False, True]


def test_a_storm_moves_the_date_and_the_bureau_has_the_last_word(month: Month) -> None:
    cast = month.cast
    big = {**FIRST, "排查日期": "2023-08-02", "发现隐患": [], "无隐患声明": "on"}
    with cast.database.transaction() as session:
        task = month.task(session, "QY-21")
        request = ask(
            session,
            task_id=task.id,
            kind=RequestKind.EXTENSION,
            reason="台风过境，库区封闭",
            due_on=date(2023, 8, 10),
            by=cast.safety_officer,
            now=at(7, 28),
        )
        grant(session, request_id=request.id, by=cast.officer, now=at(7, 28, 16))
    with cast.database.reading() as session:
        groups = dict(worklist(session, actor=cast.principal, now=at(8, 1)).groups)
        later = [item.due_on for item in groups[Urgency.MONTH] if item.id == task.id]
    assert later == [date(2023, 8, 10)]

    month.photograph("QY-21")
    with cast.database.transaction() as session:
        submit(session, task_id=task.id, values=big, by=cast.principal, now=at(8, 3))
        send_back(session, task_id=task.id, reason="排洪设施没有逐段查", by=cast.officer, now=at(8, 4))
        submit(session, task_id=task.id, values=big, by=cast.principal, now=at(8, 5))
        accept(session, task_id=task.id, by=cast.leader, now=at(8, 6))
        assert session.get_one(Task, task.id).state == TaskState.ACCEPTED
        late = session.scalars(select(Event).where(col(Event.kind) == "task.submitted")).all()
    assert [event.data["late"] for event in late] == [False, False]
