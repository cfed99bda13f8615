"""代录: what stands on a signed paper, typed in by the bureau, marked, judged by somebody else, open to objection."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from campaigns.actions.time.chasing import mark_overdue
from campaigns.actions.work.files import attach_to_task
from campaigns.actions.work.objecting import object_to
from campaigns.actions.work.on_behalf import enter
from campaigns.actions.work.tasks import accept, save_draft, send_back, sign_nil, submit
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from campaigns.queries.campaign.decisions import DecisionKind, decisions
from campaigns.queries.listings.listing import Reading, every_row
from campaigns.queries.listings.tables import LISTINGS
from campaigns.queries.work.submissions import sealed_receipt, submissions_of
from campaigns.queries.work.task import started_with, task_files
from campaigns.rules.files.uploads import Upload
from campaigns.rules.permissions import Actor
from campaigns.rules.states import HazardSource, TaskState
from campaigns.rules.work.paper import NIL, NOTHING, RECEIVED_ON, SCANS, SIGNED_BY
from campaigns.rules.work.receipts import seal
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.files import Folder
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event
from campaigns.store.work.tasks import Attachment, Draft, PaperEntry, Submission, Task
from tests.campaigns import at, launched
from tests.factories import INSPECTION, task_of
from tests.people import Cast
from tests.pictures import photo

NOW = at(5, 13, 9)
ON_PAPER = INSPECTION | {
    "无隐患声明": "卫青山",
    "主要负责人签字": "卫青山",
    SIGNED_BY: "卫青山",
    RECEIVED_ON: "2023-05-12",
}


@pytest.fixture
def running(either_cast: Cast) -> Cast:
    launched(either_cast)
    return either_cast


def task(cast: Cast, duty: str = "QY-01") -> Task:
    with cast.database.reading() as session:
        return task_of(session, duty, cast.pond.id)


def kept(cast: Cast, folder: Path, label: str, *, by: Actor | None = None, colour: str = "red") -> list[str]:
    with cast.database.transaction() as session:
        return attach_to_task(
            session,
            task_id=task(cast).id,
            label=label,
            uploads=[Upload(f"{label}.jpg", photo(colour))],
            picture=True,
            store=Folder(folder),
            by=by or cast.officer,
            now=NOW,
        )


def entered(cast: Cast, folder: Path, *, by: Actor | None = None, **changed: Any) -> Submission:
    files = {label: kept(cast, folder, label, by=by) for label in (SCANS, "现场照片")}
    values = {title: value for title, value in (ON_PAPER | files | changed).items() if value is not None}
    with cast.database.transaction() as session:
        return enter(session, task_id=task(cast).id, values=values, by=by or cast.officer, now=NOW)


def count(cast: Cast, table: type, *where: Any) -> int:
    with cast.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def refused(cast: Cast, folder: Path, **changed: Any) -> dict[str, str]:
    """Return the sentences of an entry that does not pass, having seen that nothing of it was kept."""
    with pytest.raises(Invalid) as told:
        entered(cast, folder, **changed)
    assert (count(cast, Submission), count(cast, PaperEntry)) == (0, 0)
    return dict(told.value.fields)


def test_an_entry_is_sealed_with_its_paper_and_waits_for_somebody_else(running: Cast, tmp_path: Path) -> None:
    assert task(running).reviewer_id is None, "this one would be done as soon as its doer hands it in"
    submission = entered(running, tmp_path)
    after = task(running)
    assert (after.state, after.reviewer_id) == (TaskState.SUBMITTED, running.bureau.id)
    with running.database.reading() as session:
        (card,) = submissions_of(session, after.id)
        assert card.paper is not None
        assert (card.by, card.paper.signed_by, card.paper.received_on) == (
            running.officer.name,
            "卫青山",
            date(2023, 5, 12),
        )
        assert [scan.name for scan in card.paper.scans] == [f"{SCANS}.jpg"]
        assert card.content["主要负责人签字"] == "卫青山"
        assert not {SCANS, SIGNED_BY, RECEIVED_ON} & set(card.content), "what is about the paper is not on it"
        sealed = sealed_receipt(session, number=submission.receipt, actor=running.principal)
        assert seal(sealed) == submission.sha256
        event = session.scalars(select(Event).where(col(Event.kind) == "task.entered")).one()
        assert event.actor_name == running.officer.name
        assert event.data["words"] == "纸面签字人卫青山，2023年5月12日收到纸质表，原件1份"
    assert count(running, Attachment, col(Attachment.submission_id) == submission.id) == 2


def test_whoever_typed_it_does_not_judge_it(running: Cast, tmp_path: Path) -> None:
    entered(running, tmp_path)
    with running.database.reading() as session:
        (waiting,) = decisions(session, actor=running.leader, kind=DecisionKind.REVIEW)
    assert waiting.note == "照纸质表代录，等待审核"
    for verb in (accept, send_back):
        reason = {} if verb is accept else {"reason": "不清楚"}
        with pytest.raises(Forbidden, match="自己提交或代录的不能自己审核"), running.database.transaction() as session:
            verb(session, task_id=task(running).id, by=running.officer, now=NOW, **reason)
    with running.database.transaction() as session:
        accept(session, task_id=task(running).id, by=running.leader, now=NOW)
    assert task(running).state == TaskState.ACCEPTED


def test_the_listing_says_what_was_typed_in_from_paper(running: Cast, tmp_path: Path) -> None:
    entered(running, tmp_path)
    with running.database.reading() as session:
        rows = every_row(session, LISTINGS["tasks"], Reading(running.officer, NOW))
        assert [row["id"] for row in rows if row["on_behalf"]] == [task(running).id]


@pytest.mark.parametrize(
    ("changed", "blank", "sentence"),
    [
        ({SCANS: None}, "", ""),
        ({SCANS: []}, SCANS, f"请上传“{SCANS}”。"),
        ({SCANS: ["0" * 32]}, SCANS, "有文件已经找不到了，请重新上传。"),
        ({SIGNED_BY: " "}, SIGNED_BY, f"请填写“{SIGNED_BY}”。"),
        ({SIGNED_BY: "卫" * 41}, SIGNED_BY, "姓名最多40个字。"),
        ({RECEIVED_ON: ""}, RECEIVED_ON, f"请填写“{RECEIVED_ON}”。"),
        ({RECEIVED_ON: "2023-05-14"}, RECEIVED_ON, "日期不能晚于今天（2023年5月13日）。"),
        ({RECEIVED_ON: "2023-05-11"}, RECEIVED_ON, "2023年5月11日收到的纸，写不出2023年5月12日的事，请核对两个日期。"),
        ({"主要负责人签字": ""}, "主要负责人签字", "请填写“主要负责人签字”。"),
        ({"现场照片": []}, "现场照片", "请上传“现场照片”。"),
        ({"排查部位": ["月球"]}, "排查部位", "没有“月球”这个选项，请从列出的选项里选。"),
    ],
    ids=lambda value: "" if not isinstance(value, dict) else str(value)[:30],
)
def test_what_is_missing_or_cannot_be_is_said_beside_its_blank(
    running: Cast, tmp_path: Path, changed: dict[str, Any], blank: str, sentence: str
) -> None:
    if not blank:  # a file blank that is not sent takes every file of its label, as everywhere
        assert entered(running, tmp_path, **changed).receipt
        return
    assert refused(running, tmp_path, **changed)[blank] == sentence


def test_a_paper_that_contradicts_itself_is_not_typed_in(running: Cast, tmp_path: Path) -> None:
    assert "不能再签" in refused(running, tmp_path, 发现隐患=[{"title": "盖板破损"}])["无隐患声明"]


def test_what_the_paper_found_is_the_enterprises_own_find(running: Cast, tmp_path: Path) -> None:
    rows = [{"title": "盖板破损", "rectification": "已更换"}, {"title": "裂缝", "major": "是", "criterion": "三（一）"}]
    entered(running, tmp_path, 发现隐患=rows, 无隐患声明="")
    with running.database.reading() as session:
        found = session.scalars(select(Hazard).order_by(col(Hazard.id))).all()
    assert [(hazard.source, hazard.found_on) for hazard in found] == [(HazardSource.SELF, date(2023, 5, 12))] * 2
    assert {hazard.registered_by_id for hazard in found} == {running.officer.person_id}
    assert found[0].state == "registered", "a clerk did not see it repaired"
    assert "纸面写明当场整改：已更换" in found[0].description


def test_a_nil_return_on_paper_needs_its_paper_and_nothing_else(running: Cast, tmp_path: Path) -> None:
    blank = dict.fromkeys((*INSPECTION, "无隐患声明", "主要负责人签字"), "")
    submission = entered(running, tmp_path, **blank, **{NIL: [NOTHING]})
    assert (submission.nil, submission.occurred_on) == (True, date(2023, 5, 12))
    assert submission.content == {"零报告": "卫青山"}


def test_late_is_what_the_bureau_had_late_not_what_it_typed_late(running: Cast, tmp_path: Path) -> None:
    late = at(5, 17, 9)
    with running.database.transaction() as session:
        mark_overdue(session, session.scalars(select(Campaign)).one(), now=late)
    assert task(running).overdue_on == date(2023, 5, 15)
    files = {label: kept(running, tmp_path, label) for label in (SCANS, "现场照片")}
    with running.database.transaction() as session:
        enter(session, task_id=task(running).id, values=ON_PAPER | files, by=running.officer, now=late)
    assert task(running).overdue_on is None
    with running.database.reading() as session:
        (card,) = submissions_of(session, task(running).id)
        told = session.scalars(select(Event).where(col(Event.kind) == "task.entered")).one()
    assert (card.was_late(task(running).due_at), told.data["late"]) == (False, False)


def test_only_the_supervising_bureaus_clerk_types_in(running: Cast, tmp_path: Path) -> None:
    files = {label: kept(running, tmp_path, label) for label in (SCANS, "现场照片")}
    others: dict[Actor, type[Refusal]] = {
        running.principal: Forbidden,
        running.inspector: Forbidden,
        running.leader: Forbidden,
        running.city_officer: Forbidden,
        running.neighbour_officer: NotFound,
        running.other_principal: NotFound,
    }
    for by, refusal in others.items():
        with pytest.raises(refusal), running.database.transaction() as session:
            enter(session, task_id=task(running).id, values=ON_PAPER | files, by=by, now=NOW)
    assert count(running, Submission) == 0


def test_a_permit_before_work_is_not_typed_in_afterwards(running: Cast) -> None:
    with pytest.raises(Conflict, match="不能代录"), running.database.transaction() as session:
        enter(session, task_id=task(running, "QY-08").id, values={}, by=running.officer, now=NOW)


def test_what_was_handed_in_or_seen_older_is_not_typed_over(running: Cast, tmp_path: Path) -> None:
    entered(running, tmp_path)
    with pytest.raises(Conflict, match="待审核"):
        entered(running, tmp_path)
    other = task(running, "QY-02")
    with pytest.raises(Conflict, match="第9版"), running.database.transaction() as session:
        enter(session, task_id=other.id, values=ON_PAPER, version=9, by=running.officer, now=NOW)
    assert count(running, Submission) == 1


def test_the_clerk_and_the_enterprise_do_not_mix_their_drafts(running: Cast, tmp_path: Path) -> None:
    own = kept(running, tmp_path, "现场照片", by=running.safety_officer, colour="blue")
    with running.database.transaction() as session:
        save_draft(session, task_id=task(running).id, values={"带队人": "企业"}, by=running.safety_officer, now=NOW)
        save_draft(session, task_id=task(running).id, values={"带队人": "局里"}, by=running.officer, now=NOW)
    with running.database.reading() as session:
        for actor, leader in ((running.principal, "企业"), (running.officer, "局里")):
            assert started_with(session, task(running).id, actor=actor) == {"带队人": leader}
        assert task_files(session, task(running).id, actor=running.officer) == ()
    assert refused(running, tmp_path, 现场照片=own)["现场照片"] == "有文件已经找不到了，请重新上传。"
    entered(running, tmp_path)
    assert count(running, Draft, col(Draft.person_id) == running.safety_officer.person_id) == 1
    assert count(running, Attachment, col(Attachment.submission_id).is_(None)) == 1, (
        "the enterprise's own photo is its own"
    )


def objected(cast: Cast, reason: str = "日期写错了", *, by: Actor | None = None, **more: Any) -> Task:
    with cast.database.transaction() as session:
        return object_to(session, task_id=task(cast).id, reason=reason, by=by or cast.safety_officer, now=NOW, **more)


def test_the_enterprise_objects_and_hands_in_itself(running: Cast, tmp_path: Path) -> None:
    entered(running, tmp_path, 发现隐患=[{"title": "盖板破损"}], 无隐患声明="")
    assert objected(running).state == TaskState.SENT_BACK
    photos = kept(running, tmp_path, "现场照片", by=running.principal, colour="green")
    found = INSPECTION | {"发现隐患": [{"title": "盖板破损"}], "主要负责人签字": "on", "现场照片": photos}
    with running.database.transaction() as session:
        again = submit(session, task_id=task(running).id, values=found, by=running.principal, now=NOW)
    assert again.number == 2
    with running.database.reading() as session:
        own, typed = submissions_of(session, task(running).id)
    assert (own.paper, typed.decision, typed.reason) == (None, "sent_back", "日期写错了")
    assert typed.paper is not None
    assert (typed.paper.objection, typed.paper.objected_by) == ("日期写错了", running.safety_officer.name)
    assert count(running, Hazard) == 1, "what was found stays found once"


def test_an_objection_after_acceptance_stands_beside_the_record(running: Cast, tmp_path: Path) -> None:
    entered(running, tmp_path)
    with running.database.transaction() as session:
        accept(session, task_id=task(running).id, by=running.leader, now=NOW)
    assert objected(running).state == TaskState.ACCEPTED
    with running.database.reading() as session:
        (card,) = submissions_of(session, task(running).id)
    assert card.decision == "accepted"
    assert card.paper is not None
    assert card.paper.objection == "日期写错了"


def test_an_objection_is_made_once_with_its_reason_by_the_enterprise(running: Cast, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="还没有提交过"):
        objected(running)
    entered(running, tmp_path)
    with pytest.raises(Invalid, match="请写明异议"):
        objected(running, " ")
    with pytest.raises(Conflict, match="第1版"):
        objected(running, version=1)
    with pytest.raises(NotFound):
        objected(running, by=running.other_principal)
    with pytest.raises(Forbidden):
        objected(running, by=running.leader)
    objected(running)
    with pytest.raises(Conflict, match="已经提过异议"):
        objected(running)


def test_what_its_doer_handed_in_is_nothing_to_object_to(running: Cast) -> None:
    with running.database.transaction() as session:
        sign_nil(session, task_id=task(running).id, signed=True, by=running.principal, now=NOW - timedelta(hours=1))
    with pytest.raises(Conflict, match="不是代录的"):
        objected(running)
