"""任务: from 签收 to 通过, with receipts that hold and steps that nobody else can take."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from campaigns.actions.work.files import attach_to_task
from campaigns.actions.work.tasks import accept, acknowledge, save_draft, send_back, sign_nil, submit
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.rules.files.uploads import Upload
from campaigns.rules.permissions import Actor
from campaigns.rules.states import HazardState, TaskState
from campaigns.rules.work.receipts import seal
from campaigns.store.files import Folder
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event
from campaigns.store.work.receipts import sealed
from campaigns.store.work.tasks import Attachment, Draft, Submission, Task
from tests.campaigns import launched
from tests.factories import INSPECTION, NOTHING_FOUND, PERMIT, found, task_of
from tests.people import Cast
from tests.pictures import photo

NOW = datetime(2023, 5, 12, 9, 30, tzinfo=UTC)
JUNE = datetime(2023, 6, 20, 2, 0, tzinfo=UTC)
BIG = {"排查日期": "2023-06-15", "带队人": "卫矿长", "排查部位": ["坝体"], "无隐患声明": "on", "主要负责人签字": "on"}


def task(cast: Cast, duty: str = "QY-01", **key: Any) -> Task:
    with cast.database.reading() as session:
        return task_of(session, duty, cast.pond.id, **key)


def pictured(cast: Cast, folder: Path, wanted: Task, *, by: Actor | None = None, colour: str = "red") -> list[str]:
    """Attach a photo to a task."""
    with cast.database.transaction() as session:
        return attach_to_task(
            session,
            task_id=wanted.id,
            label="现场照片",
            uploads=[Upload("坝顶.jpg", photo(colour))],
            picture=True,
            store=Folder(folder),
            by=by or cast.principal,
            now=NOW,
        )


def handed_in(
    cast: Cast, folder: Path, wanted: Task, values: dict[str, Any] | None = None, *, now: datetime = NOW
) -> Submission:
    pictured(cast, folder, wanted)
    with cast.database.transaction() as session:
        return submit(session, task_id=wanted.id, values=values or NOTHING_FOUND, by=cast.principal, now=now)


def test_a_doer_signs_for_a_task_once(cast: Cast) -> None:
    launched(cast)
    wanted = task(cast)
    with cast.database.transaction() as session:
        signed = acknowledge(session, task_id=wanted.id, version=1, by=cast.safety_officer, now=NOW)
        assert (signed.state, signed.acknowledged_at, signed.version) == (TaskState.ACKNOWLEDGED, NOW, 2)
    with pytest.raises(Conflict, match="办理中"), cast.database.transaction() as session:
        acknowledge(session, task_id=wanted.id, by=cast.safety_officer, now=NOW)


def test_what_is_handed_in_without_a_reviewer_is_done_and_has_a_receipt(either_cast: Cast, tmp_path: Path) -> None:
    launched(either_cast)
    wanted = task(either_cast)
    submission = handed_in(either_cast, tmp_path, wanted)
    assert submission.receipt == f"20230512-{wanted.id:06d}-1"
    assert submission.occurred_on == date(2023, 5, 12)
    with either_cast.database.reading() as session:
        done = session.get_one(Task, wanted.id)
        assert (done.state, done.submitted_at, done.acknowledged_at) == (TaskState.ACCEPTED, NOW, NOW)
        kept = session.scalars(select(Attachment)).one()
        assert (kept.submission_id, kept.name) == (submission.id, "坝顶.jpg")
        event = session.scalars(select(Event).where(col(Event.kind) == "task.submitted")).one()
        assert event.data["receipt"] == submission.receipt
        assert event.data["late"] is False


def test_a_receipts_hash_covers_every_word_of_what_was_handed_in(either_cast: Cast, tmp_path: Path) -> None:
    launched(either_cast)
    submission = handed_in(either_cast, tmp_path, task(either_cast))
    with either_cast.database.reading() as session:
        stored = session.get_one(Submission, submission.id)
        name = session.scalars(select(col(Event.actor_name)).where(col(Event.kind) == "task.submitted")).one()
    again = sealed(stored, signer=name)
    assert seal(again) == stored.sha256
    assert stored.content["现场照片"][0]["sha256"]
    assert seal(replace(again, content={**stored.content, "带队人": "别人"})) != stored.sha256


def test_hazards_of_a_form_go_into_the_register_with_it(cast: Cast, tmp_path: Path) -> None:
    launched(cast)
    submission = handed_in(cast, tmp_path, task(cast), found("盖板破损", "警示牌缺失"))
    with cast.database.reading() as session:
        hazards = session.scalars(select(Hazard).order_by(col(Hazard.id))).all()
    assert [(hazard.title, hazard.state, hazard.submission_id) for hazard in hazards] == [
        ("盖板破损", HazardState.REGISTERED, submission.id),
        ("警示牌缺失", HazardState.REGISTERED, submission.id),
    ]
    assert {hazard.enterprise_id for hazard in hazards} == {cast.pond.id}


def test_what_does_not_pass_changes_nothing(cast: Cast) -> None:
    launched(cast)
    wanted = task(cast)
    with pytest.raises(Invalid, match="有2处需要改") as refusal, cast.database.transaction() as session:
        submit(session, task_id=wanted.id, values=INSPECTION | {"主要负责人签字": "on"}, by=cast.principal, now=NOW)
    assert set(refusal.value.fields) == {"无隐患声明", "现场照片"}
    with cast.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 0
        assert session.get_one(Task, wanted.id).version == 1


def test_only_the_principal_signs_for_the_principal(cast: Cast, tmp_path: Path) -> None:
    launched(cast)
    wanted = task(cast)
    pictured(cast, tmp_path, wanted)
    with pytest.raises(Invalid) as refusal, cast.database.transaction() as session:
        submit(session, task_id=wanted.id, values=NOTHING_FOUND, by=cast.safety_officer, now=NOW)
    assert list(refusal.value.fields) == ["主要负责人签字"]


def test_two_inspections_a_month_are_on_two_days(either_cast: Cast, tmp_path: Path) -> None:
    launched(either_cast)
    handed_in(either_cast, tmp_path, task(either_cast, period="2023-05"))
    second = task(either_cast, period="2023-05", seq=2)
    with pytest.raises(Invalid) as refusal:
        handed_in(either_cast, tmp_path, second)
    assert refusal.value.fields["排查日期"].startswith("本期要在2个不同的日子各做一次")
    handed_in(either_cast, tmp_path, second, NOTHING_FOUND | {"排查日期": "2023-05-11"})


def test_a_record_of_another_period_does_not_count(cast: Cast, tmp_path: Path) -> None:
    launched(cast)
    with pytest.raises(Invalid, match="不在本期内"):
        handed_in(cast, tmp_path, task(cast, period="2023-06"), now=JUNE)


def test_nothing_to_report_is_a_signed_act_of_the_principal(cast: Cast) -> None:
    launched(cast)
    wanted = task(cast)
    with pytest.raises(Forbidden, match="签署零报告"), cast.database.transaction() as session:
        sign_nil(session, task_id=wanted.id, signed=True, by=cast.safety_officer, now=NOW)
    with pytest.raises(Invalid) as refusal, cast.database.transaction() as session:
        sign_nil(session, task_id=wanted.id, signed=False, by=cast.principal, now=NOW)
    assert list(refusal.value.fields) == ["signed"]
    with cast.database.transaction() as session:
        nil = sign_nil(session, task_id=wanted.id, signed=True, by=cast.principal, now=NOW)
        assert (nil.nil, nil.content) == (True, {"零报告": cast.principal.name})


def test_a_duty_that_cannot_be_nil_says_so(cast: Cast) -> None:
    launched(cast)
    with pytest.raises(Conflict, match="不能零报告"), cast.database.transaction() as session:
        sign_nil(session, task_id=task(cast, "QY-02").id, signed=True, by=cast.principal, now=NOW)


def test_a_record_before_each_job_leaves_the_task_open_for_the_next(cast: Cast) -> None:
    launched(cast)
    wanted = task(cast, "QY-08")
    for number in (1, 2):
        with cast.database.transaction() as session:
            record = submit(session, task_id=wanted.id, values=PERMIT, by=cast.safety_officer, now=NOW)
            assert (record.number, record.decision) == (number, "accepted")
    assert task(cast, "QY-08").state == TaskState.ACKNOWLEDGED


def test_the_reviewer_sends_back_with_a_reason_and_accepts_the_correction(either_cast: Cast, tmp_path: Path) -> None:
    launched(either_cast)
    wanted = task(either_cast, "QY-21")
    first = handed_in(either_cast, tmp_path, wanted, BIG, now=JUNE)
    assert task(either_cast, "QY-21").state == TaskState.SUBMITTED
    with pytest.raises(Invalid), either_cast.database.transaction() as session:
        send_back(session, task_id=wanted.id, reason=" ", by=either_cast.officer, now=JUNE)
    with either_cast.database.transaction() as session:
        send_back(session, task_id=wanted.id, reason="没有查排洪设施", version=2, by=either_cast.officer, now=JUNE)
    with either_cast.database.transaction() as session:
        values = BIG | {"排查部位": ["坝体", "排洪设施"]}
        second = submit(session, task_id=wanted.id, values=values, by=either_cast.principal, now=JUNE)
        accept(session, task_id=wanted.id, by=either_cast.officer, now=JUNE)
    with either_cast.database.reading() as session:
        kept = session.scalars(select(Submission).order_by(col(Submission.number))).all()
        assert [(row.decision, row.reason) for row in kept] == [("sent_back", "没有查排洪设施"), ("accepted", "")]
        assert kept[0].content == first.content
        assert second.content["现场照片"] == first.content["现场照片"]
        assert session.get_one(Task, wanted.id).state == TaskState.ACCEPTED


def test_hazards_of_a_submission_that_was_sent_back_are_not_registered_twice(cast: Cast, tmp_path: Path) -> None:
    launched(cast)
    wanted = task(cast, "QY-21")
    values = {**BIG, "发现隐患": [{"title": "盖板破损"}], "无隐患声明": ""}
    handed_in(cast, tmp_path, wanted, values, now=JUNE)
    with cast.database.transaction() as session:
        send_back(session, task_id=wanted.id, reason="不全", by=cast.officer, now=JUNE)
        more = {**values, "发现隐患": [{"title": "盖板破损"}, {"title": "警示牌缺失"}]}
        submit(session, task_id=wanted.id, values=more, by=cast.principal, now=JUNE)
        titles = session.scalars(select(col(Hazard.title)).order_by(col(Hazard.id))).all()
    assert titles == ["盖板破损", "警示牌缺失"]


def test_nobody_but_the_reviewer_decides(cast: Cast, tmp_path: Path) -> None:
    launched(cast)
    wanted = task(cast, "QY-21")
    handed_in(cast, tmp_path, wanted, BIG, now=JUNE)
    for actor, refusal in (
        (cast.principal, Forbidden),
        (cast.city_leader, Forbidden),
        (cast.administrator, NotFound),
        (cast.other_principal, NotFound),
        (cast.neighbour_leader, NotFound),
    ):
        with pytest.raises(refusal), cast.database.transaction() as session:
            accept(session, task_id=wanted.id, by=actor, now=JUNE)


def test_the_second_of_two_reviewers_is_told_both_versions(either_cast: Cast, tmp_path: Path) -> None:
    launched(either_cast)
    wanted = task(either_cast, "QY-21")
    handed_in(either_cast, tmp_path, wanted, BIG, now=JUNE)
    with either_cast.database.transaction() as session:
        send_back(session, task_id=wanted.id, reason="不全", version=2, by=either_cast.officer, now=JUNE)
    with pytest.raises(Conflict) as refusal, either_cast.database.transaction() as session:
        accept(session, task_id=wanted.id, version=2, by=either_cast.leader, now=JUNE)
    assert refusal.value.sentence.startswith("您打开的是这项任务的第2版，现在已是第3版“已退回”")


def test_what_is_done_takes_nothing_more(cast: Cast, tmp_path: Path) -> None:
    launched(cast)
    wanted = task(cast)
    handed_in(cast, tmp_path, wanted)
    for step in (
        lambda session: submit(session, task_id=wanted.id, values=NOTHING_FOUND, by=cast.principal, now=NOW),
        lambda session: save_draft(session, task_id=wanted.id, values={}, by=cast.principal, now=NOW),
        lambda session: sign_nil(session, task_id=wanted.id, signed=True, by=cast.principal, now=NOW),
    ):
        with pytest.raises(Conflict, match="已完成"), cast.database.transaction() as session:
            step(session)


def test_drafts_are_kept_per_person_and_gone_with_the_submission(either_cast: Cast, tmp_path: Path) -> None:
    launched(either_cast)
    wanted = task(either_cast)
    for words in ("一", "二"):
        with either_cast.database.transaction() as session:
            save_draft(session, task_id=wanted.id, values={"带队人": words}, by=either_cast.safety_officer, now=NOW)
    with either_cast.database.reading() as session:
        assert [draft.content for draft in session.scalars(select(Draft))] == [{"带队人": "二"}]
    handed_in(either_cast, tmp_path, wanted)
    with either_cast.database.reading() as session:
        assert session.scalars(select(Draft)).all() == []


def test_a_report_duty_is_discharged_by_its_report(cast: Cast) -> None:
    launched(cast)
    with cast.database.transaction() as session:
        wanted = task_of(session, "JG-01", cast.bureau.id)
        with pytest.raises(Conflict, match="“调度表”里填写和上报"):
            submit(session, task_id=wanted.id, values={}, by=cast.officer, now=NOW)


def test_a_bureaus_inspection_registers_what_it_finds_at_the_enterprise(either_cast: Cast) -> None:
    launched(either_cast)
    flags = [
        "主要负责人未亲自研究排查整治",
        "主要负责人未带队检查",
        "未制定分管负责人职责清单",
        "机构人员未依法配足",
        "特种作业人员无证上岗",
        "外包外租安全管理混乱",
        "未按规定演练或不熟悉逃生出口",
        "安全教育培训走过场",
        "制度措施不落实",
    ]
    values = dict.fromkeys(flags, "否") | {
        "检查日期": "2023-09-05",
        "带队人": "冯执法",
        "检查方式": ["四不两直"],
        "发现隐患": [{"title": "干滩长度不足", "major": "是", "criterion": "矿安〔2022〕88号 三（三）"}],
        "行政处罚": "1",
        "罚款": "20000",
        "检查人签字": "on",
    }
    with either_cast.database.transaction() as session:
        wanted = task_of(session, "JG-31", either_cast.bureau.id, subject_id=either_cast.pond.id)
        september = datetime(2023, 9, 6, 1, 0, tzinfo=UTC)
        submission = submit(session, task_id=wanted.id, values=values, by=either_cast.inspector, now=september)
        hazard = session.scalars(select(Hazard)).one()
    assert (hazard.source, hazard.major, hazard.enterprise_id) == ("inspection", True, either_cast.pond.id)
    assert submission.content["罚款"] == 20000
    assert submission.content["主要负责人未带队检查"] == 0


def test_a_stranger_finds_nothing(cast: Cast) -> None:
    launched(cast)
    wanted = task(cast)
    for actor in (cast.other_principal, cast.stranger_principal, cast.neighbour_officer):
        with pytest.raises(NotFound), cast.database.transaction() as session:
            submit(session, task_id=wanted.id, values=NOTHING_FOUND, by=actor, now=NOW)
    with pytest.raises(Forbidden), cast.database.transaction() as session:
        submit(session, task_id=wanted.id, values=NOTHING_FOUND, by=cast.officer, now=NOW)
