"""用已报的记录: what was entered once is used for another campaign's task, which its own bureau reviews."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlmodel import col

from campaigns.actions.work.files import attach_to_task
from campaigns.actions.work.objecting import object_to
from campaigns.actions.work.on_behalf import enter
from campaigns.actions.work.requests import grant
from campaigns.actions.work.tasks import accept, send_back, sign_nil, submit
from campaigns.actions.work.using import use_record
from campaigns.definition.spot_check import SpotCheckRules
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.queries.listings.listing import Reading, every_row
from campaigns.queries.listings.tables import LISTINGS
from campaigns.queries.spot_checks.timing import handed_in_quickly
from campaigns.queries.verify import Scene, verify
from campaigns.queries.work.sharing import also_for, usable_records
from campaigns.queries.work.submissions import sealed_receipt, submissions_of
from campaigns.queries.work.task import started_with, task_files
from campaigns.rules.files.uploads import Upload
from campaigns.rules.permissions import Actor
from campaigns.rules.states import TaskState
from campaigns.rules.work.paper import RECEIVED_ON, SCANS, SIGNED_BY
from campaigns.rules.work.receipts import seal
from campaigns.settings import Settings
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.files import Folder
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event
from campaigns.store.work.tasks import RecordUse, Submission, Task, TaskRequest
from tests.campaigns import at, launched
from tests.factories import INSPECTION, NOTHING_FOUND, found, task_of
from tests.people import Cast
from tests.pictures import photo
from tests.sharing import beside

NOW, LATER = at(5, 12, 17), at(5, 13, 17)
ON_PAPER = INSPECTION | {
    "无隐患声明": "卫青山",
    "主要负责人签字": "卫青山",
    SIGNED_BY: "卫青山",
    RECEIVED_ON: "2023-05-12",
}


@dataclass
class Two:
    """The 2023 action and the city's campaign beside it, with the pond's inspection of May in each."""

    cast: Cast
    home: Path
    action: Campaign
    other: Campaign

    def task(self, campaign: Campaign, duty: str = "QY-01", seq: int = 1, *, organisation_id: int = 0) -> Task:
        with self.cast.database.reading() as session:
            return task_of(session, duty, organisation_id or self.cast.pond.id, seq=seq, campaign_id=campaign.id)

    @property
    def own(self) -> Task:
        return self.task(self.action)

    @property
    def theirs(self) -> Task:
        return self.task(self.other)

    def photograph(
        self, task: Task, label: str = "现场照片", *, by: Actor | None = None, colour: str = "red"
    ) -> list[str]:
        with self.cast.database.transaction() as session:
            return attach_to_task(
                session,
                task_id=task.id,
                label=label,
                uploads=[Upload(f"{label}.jpg", photo(colour))],
                picture=True,
                store=Folder(self.home / "files"),
                by=by or self.cast.principal,
                now=NOW,
            )

    def submit(self, task: Task, values: dict[str, Any] | None = None) -> Submission:
        with self.cast.database.transaction() as session:
            return submit(session, task_id=task.id, values=values or NOTHING_FOUND, by=self.cast.principal, now=NOW)

    def reported(self, values: dict[str, Any] | None = None) -> Submission:
        """Enter the inspection for the 2023 action."""
        self.photograph(self.own)
        return self.submit(self.own, values)

    def entered(self) -> Submission:
        """Type it in from its paper, as the county does."""
        files = {label: self.photograph(self.own, label, by=self.cast.officer) for label in (SCANS, "现场照片")}
        with self.cast.database.transaction() as session:
            return enter(session, task_id=self.own.id, values=ON_PAPER | files, by=self.cast.officer, now=NOW)

    def use(self, receipt: str, task: Task | None = None, *, by: Actor | None = None, **more: Any) -> Submission:
        who = by or self.cast.safety_officer
        with self.cast.database.transaction() as session:
            return use_record(session, task_id=(task or self.theirs).id, receipt=receipt, by=who, now=LATER, **more)

    def states(self) -> tuple[TaskState, TaskState]:
        return TaskState(self.own.state), TaskState(self.theirs.state)

    def findings(self) -> Iterator[str]:
        with self.cast.database.reading() as session:
            for one, all_ in verify(Scene(session, Settings(home=self.home), LATER)):
                yield from (finding.sentence for finding in all_ if one.code not in ("I4", "I5"))

    def count(self, table: type, *where: Any) -> int:
        with self.cast.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


@pytest.fixture
def two(either_cast: Cast, tmp_path: Path) -> Two:
    return Two(either_cast, tmp_path, launched(either_cast), beside(either_cast))


@pytest.fixture
def on_sqlite(cast: Cast, tmp_path: Path) -> Two:
    return Two(cast, tmp_path, launched(cast), beside(cast))


def test_a_record_is_used_with_a_receipt_and_a_review_of_its_own_and_its_hazards_stay_one(two: Two) -> None:
    cast, done = two.cast, two.reported(found("盖板破损"))
    with cast.database.reading() as session:
        (offered,) = usable_records(session, two.theirs.id, actor=cast.safety_officer)
        (offer,) = also_for(session, done.id, actor=cast.safety_officer)
        assert also_for(session, done.id, actor=cast.officer) == (), "only its doer hands in"
    assert (offered.receipt, offer.task_id) == (done.receipt, two.theirs.id)
    used = two.use(done.receipt, version=offer.version)
    assert two.states() == (TaskState.ACCEPTED, TaskState.SUBMITTED)
    assert (used.content, used.occurred_on, used.task_id) == (done.content, done.occurred_on, two.theirs.id)
    with cast.database.reading() as session:
        sealed = sealed_receipt(session, number=used.receipt, actor=cast.safety_officer)
        assert seal(sealed) == used.sha256 != done.sha256
        event = session.scalars(select(Event).order_by(col(Event.id).desc()).limit(1)).one()
        assert (event.kind, event.actor_name, event.data["record"]) == (
            "task.record_used",
            cast.safety_officer.name,
            done.receipt,
        )
        (card,) = submissions_of(session, two.theirs.id)
        assert card.used is not None
        assert (card.used.campaign, card.used.receipt, card.used.sent_back) == (two.action.title, done.receipt, False)
        assert submissions_of(session, two.own.id)[0].used_for == ((two.theirs.id, "集中排查整治：企业自查"),)
        assert also_for(session, used.id, actor=cast.safety_officer) == ()
    assert two.count(Hazard) == 1
    assert list(two.findings()) == []


def test_one_campaign_uses_a_record_once(two: Two) -> None:
    used = two.use(two.reported().receipt)
    with pytest.raises(Conflict, match="待审核"):
        two.use(used.receipt)
    with two.cast.database.reading() as session:
        june = task_of(session, "QY-01", two.cast.pond.id, campaign_id=two.other.id, period="2023-06")
    with pytest.raises(Conflict, match="在本行动里已经用过"):
        two.use(used.receipt, june)
    with pytest.raises(Conflict, match="在本行动里已经用过"):
        two.use(used.receipt, two.task(two.action, seq=2))
    assert two.count(RecordUse) == 1


def test_each_bureau_decides_on_its_own_task_and_a_correction_registers_nothing_twice(two: Two) -> None:
    cast, done = two.cast, two.reported(found("盖板破损"))
    two.use(done.receipt)
    with cast.database.transaction() as session:
        send_back(session, task_id=two.theirs.id, reason="没有查排洪设施", by=cast.officer, now=LATER)
    assert two.states() == (TaskState.ACCEPTED, TaskState.SENT_BACK)
    with pytest.raises(Conflict, match="在本行动里已经用过"):
        two.use(done.receipt)
    with cast.database.reading() as session:
        assert started_with(session, two.theirs.id, actor=cast.principal)["带队人"] == "卫矿长"
        assert [file.name for file in task_files(session, two.theirs.id, actor=cast.principal)] == ["现场照片.jpg"]
    corrected = two.submit(two.theirs, found("盖板破损", "警示牌缺失"))
    assert corrected.content["现场照片"] == done.content["现场照片"]
    with cast.database.transaction() as session:
        accept(session, task_id=two.theirs.id, by=cast.officer, now=LATER)
    assert two.states() == (TaskState.ACCEPTED, TaskState.ACCEPTED)
    assert two.count(Hazard) == 2
    assert list(two.findings()) == []


def test_a_day_that_a_period_has_already_is_not_used_again(two: Two) -> None:
    two.photograph(two.theirs)
    done = two.submit(two.theirs)
    two.use(done.receipt, two.own)
    second = two.task(two.action, seq=2)
    two.photograph(second, colour="blue")
    with pytest.raises(Invalid, match="同一天"):
        two.submit(second)


def test_an_objection_to_what_was_typed_in_undoes_its_use_too(two: Two) -> None:
    cast, done = two.cast, two.entered()
    used = two.use(done.receipt)
    with pytest.raises(Forbidden, match="不能自己审核"), cast.database.transaction() as session:
        accept(session, task_id=two.theirs.id, by=cast.officer, now=LATER)  # he typed it in
    with cast.database.reading() as session:
        listed = every_row(session, LISTINGS["tasks"], Reading(cast.officer, LATER, two.other.id))
        assert [row["id"] for row in listed if row["on_behalf"]] == [two.theirs.id], "what was used was typed in"
    with cast.database.transaction() as session:
        object_to(session, task_id=two.own.id, reason="部位不对", by=cast.principal, now=LATER)
    assert two.states() == (TaskState.SENT_BACK, TaskState.SENT_BACK)
    with cast.database.reading() as session:
        (card,) = submissions_of(session, two.theirs.id)
        assert (card.decision, card.reason) == ("sent_back", "部位不对")
        assert usable_records(session, two.theirs.id, actor=cast.principal) == ()
        told = session.scalars(select(col(Event.subject_id)).where(col(Event.kind) == "task.objected")).all()
    assert told == [two.own.id, two.theirs.id]
    with pytest.raises(Conflict, match="有异议"):
        two.use(used.receipt)
    assert list(two.findings()) == []


def test_what_another_bureau_accepted_stays_when_its_record_is_objected_to(on_sqlite: Two) -> None:
    cast = on_sqlite.cast
    on_sqlite.use(on_sqlite.entered().receipt)
    with cast.database.transaction() as session:
        accept(session, task_id=on_sqlite.theirs.id, by=cast.leader, now=LATER)
        object_to(session, task_id=on_sqlite.own.id, reason="部位不对", by=cast.principal, now=LATER)
    assert on_sqlite.states() == (TaskState.SENT_BACK, TaskState.ACCEPTED)
    with cast.database.reading() as session:
        (card,) = submissions_of(session, on_sqlite.theirs.id)
    assert card.on_paper is not None
    assert card.on_paper.objection == "部位不对"


def test_each_bureau_decides_on_the_objection_for_its_own_task(two: Two) -> None:
    cast = two.cast
    two.use(two.entered().receipt)
    with cast.database.transaction() as session:
        for task in (two.own, two.theirs):
            accept(session, task_id=task.id, by=cast.leader, now=LATER)
        object_to(session, task_id=two.own.id, reason="部位不对", by=cast.principal, now=LATER)
        asked = {one.task_id: one.id for one in session.scalars(select(TaskRequest))}
    assert set(asked) == {two.own.id, two.theirs.id}
    with pytest.raises(Forbidden, match="自己代录的"), cast.database.transaction() as session:
        grant(session, request_id=asked[two.theirs.id], by=cast.officer, now=LATER)  # he typed in the record behind it
    with cast.database.transaction() as session:
        grant(session, request_id=asked[two.theirs.id], by=cast.leader, now=LATER)
    assert two.states() == (TaskState.ACCEPTED, TaskState.SENT_BACK)
    assert list(two.findings()) == []


def test_a_nil_return_is_used_by_whoever_may_sign_one(on_sqlite: Two) -> None:
    with on_sqlite.cast.database.transaction() as session:
        done = sign_nil(session, task_id=on_sqlite.own.id, signed=True, by=on_sqlite.cast.principal, now=NOW)
    assert on_sqlite.use(done.receipt, by=on_sqlite.cast.principal).nil
    assert list(on_sqlite.findings()) == []


def test_nothing_of_another_enterprise_or_of_another_kind_is_used(on_sqlite: Two) -> None:
    cast, done = on_sqlite.cast, on_sqlite.reported()
    neighbour = on_sqlite.task(on_sqlite.other, organisation_id=cast.other_pond.id)
    for receipt, task, by in (
        (done.receipt, neighbour, cast.other_principal),
        (done.receipt, neighbour, cast.principal),
        ("20230512-000000-1", on_sqlite.theirs, cast.principal),
    ):
        with pytest.raises(NotFound):
            on_sqlite.use(receipt, task, by=by)
    with pytest.raises(Forbidden):
        on_sqlite.use(done.receipt, by=cast.officer)  # the bureau hands in nothing in an enterprise's name
    with pytest.raises(Conflict, match="不是同一种"):
        on_sqlite.use(done.receipt, on_sqlite.task(on_sqlite.other, "QY-02"))
    with pytest.raises(Conflict, match="第9版"):
        on_sqlite.use(done.receipt, version=9)
    assert on_sqlite.count(RecordUse) == 0
    assert on_sqlite.count(Submission) == 1


def test_a_returned_record_is_not_used(on_sqlite: Two) -> None:
    on_sqlite.photograph(on_sqlite.theirs)
    done = on_sqlite.submit(on_sqlite.theirs)
    with on_sqlite.cast.database.transaction() as session:
        send_back(session, task_id=on_sqlite.theirs.id, reason="请补充", by=on_sqlite.cast.officer, now=LATER)
    with on_sqlite.cast.database.reading() as session:
        assert usable_records(session, on_sqlite.own.id, actor=on_sqlite.cast.principal) == ()
    with pytest.raises(Conflict, match="被退回过"):
        on_sqlite.use(done.receipt, on_sqlite.own)


def test_what_is_done_behind_everybodys_back_is_found(on_sqlite: Two) -> None:
    done = on_sqlite.reported()
    used = on_sqlite.use(done.receipt)
    stranger = on_sqlite.cast.other_pond.id
    use = update(RecordUse).where(col(RecordUse.submission_id) == used.id)
    record = update(Submission).where(col(Submission.id) == done.id)
    for harm, said in (
        (use.values(campaign_id=on_sqlite.action.id), "在同一个行动里算了两次"),
        (record.values(organisation_id=stranger), "是别的单位的"),
        (record.values(content={"带队人": "别人"}), "内容和原记录不同"),
        (record.values(receipt="20230512-forged"), "没有使用的记录"),
        (delete(RecordUse), "用的是哪一份却查不到了"),
    ):
        with on_sqlite.cast.database.reading() as session:
            session.execute(harm)
            scene = Scene(session, Settings(home=on_sqlite.home), LATER)
            told = [finding.sentence for _, all_ in verify(scene) for finding in all_]
            session.rollback()
        assert any(said in sentence for sentence in told), said


def test_using_a_record_is_no_machine_like_timing(on_sqlite: Two) -> None:
    on_sqlite.use(on_sqlite.reported().receipt)
    quick = SpotCheckRules().model_copy(update={"burst": 1})
    with on_sqlite.cast.database.reading() as session:
        both = (on_sqlite.action, on_sqlite.other)
        seen = [len(list(handed_in_quickly(session, one.id, quick, since=NOW))) for one in both]
    assert seen == [1, 0]
