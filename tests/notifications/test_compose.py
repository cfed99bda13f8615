"""Recorded events become notices: to whom the catalogue says, exactly once, in plain words."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select, update
from sqlmodel import col

from campaigns.actions.events import record
from campaigns.actions.work.requests import ask
from campaigns.rules.permissions import SYSTEM, Actor
from campaigns.rules.states import RequestKind
from campaigns.store.database import Database
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.messages import Delivery, DeliveryNotice, Notice
from notifications.channels.letter import Refused
from notifications.compose import FLAPPING, LATE, compose
from notifications.dispatcher import Dispatched
from notifications.reading import CHUNK
from tests.campaigns import launched
from tests.factories import task_of
from tests.notifications.outside import DAY, MORNING, FakeChannel, morning_round, tell
from tests.people import Cast


def found_hazard(cast: Cast, *, major: bool = False) -> int:
    """Put a hazard of the pond into the register."""
    with cast.database.transaction() as session:
        hazard = Hazard(
            number="YH-2023-0001",
            enterprise_id=cast.pond.id,
            bureau_id=cast.bureau.id,
            source="self",
            major=major,
            major_since=MORNING if major else None,
            title="坝体排水沟堵塞",
            found_on=MORNING.date(),
            registered_at=MORNING,
            registered_by_id=cast.safety_officer.person_id,
            state="registered",
        )
        session.add(hazard)
        session.flush()
        return hazard.id


def happen(cast: Cast, kind: str, hazard_id: int, by: Actor, at: object = MORNING, **data: str) -> None:
    """Record one event about the hazard."""
    with cast.database.transaction() as session:
        hazard = session.get_one(Hazard, hazard_id)
        record(session, kind, by=by, now=at, about=hazard, organisation_id=hazard.enterprise_id, **data)  # type: ignore[arg-type]


def inbox(base: Database) -> list[Notice]:
    """Return every notice by person."""
    with base.reading() as session:
        return list(session.scalars(select(Notice).order_by(col(Notice.person_id), col(Notice.id))))


def test_an_event_is_told_to_those_who_have_to_act_on_it_and_to_nobody_else(either_cast: Cast) -> None:
    hazard = found_hazard(either_cast)
    happen(either_cast, "hazard.rectified", hazard, either_cast.safety_officer)
    assert compose(either_cast.database, now=MORNING) == 3
    notices = inbox(either_cast.database)
    told = {notice.person_id for notice in notices}
    assert told == {actor.person_id for actor in (either_cast.leader, either_cast.officer, either_cast.inspector)}
    assert notices[0].title == f"{either_cast.pond.name}报“坝体排水沟堵塞”已整改，请复查"
    assert notices[0].link == f"/hazards/{hazard}"


def test_composing_again_writes_nothing_more(either_cast: Cast) -> None:
    happen(either_cast, "hazard.rectified", found_hazard(either_cast), either_cast.safety_officer)
    compose(either_cast.database, now=MORNING)
    before = inbox(either_cast.database)
    assert compose(either_cast.database, now=MORNING + timedelta(minutes=1)) == 0
    assert inbox(either_cast.database) == before


def test_two_composers_at_once_tell_each_event_once(either_cast: Cast) -> None:
    hazard = found_hazard(either_cast)
    happen(either_cast, "hazard.rectified", hazard, either_cast.safety_officer)
    with ThreadPoolExecutor(4) as workers:
        written = [workers.submit(compose, either_cast.database, now=MORNING) for _ in range(4)]
        assert sum(round_.result() for round_ in written) == 3
    assert len(inbox(either_cast.database)) == 3


def test_the_acting_organisation_is_not_told_of_its_own_deed(cast: Cast) -> None:
    happen(cast, "hazard.registered", found_hazard(cast, major=True), cast.inspector)
    compose(cast.database, now=MORNING)
    told = {notice.person_id for notice in inbox(cast.database)}
    assert told == {actor.person_id for actor in (cast.principal, cast.safety_director, cast.safety_officer)}


def test_a_reason_is_carried_as_it_was_written_and_runs_nothing(cast: Cast) -> None:
    reason = "请补拍{{7*7}}{doer.__class__}\n第二行\u202e"
    happen(cast, "hazard.sent_back", found_hazard(cast), cast.inspector, reason=reason)
    compose(cast.database, now=MORNING)
    assert inbox(cast.database)[0].body == "理由：请补拍{{7*7}}{doer.__class__} 第二行 期限：。"


def test_what_waited_for_hours_is_marked_as_sent_late(cast: Cast) -> None:
    hazard = found_hazard(cast)
    happen(cast, "hazard.closed", hazard, cast.inspector, at=MORNING)
    happen(cast, "hazard.sent_back", hazard, cast.inspector, at=MORNING + LATE)
    compose(cast.database, now=MORNING + LATE + timedelta(minutes=1))
    assert {(notice.kind, notice.late) for notice in inbox(cast.database)} == {
        ("hazard.closed", True),
        ("hazard.sent_back", False),
    }


def test_a_thing_that_flaps_leaves_one_notice_per_state_and_half_hour(either_cast: Cast) -> None:
    hazard = found_hazard(either_cast)
    for turn in range(200):
        kind = "hazard.closed" if turn % 2 else "hazard.sent_back"
        happen(
            either_cast,
            kind,
            hazard,
            either_cast.inspector,
            at=MORNING + turn * timedelta(seconds=15),
            reason=str(turn),
        )
        if turn % 20 == 0:
            compose(either_cast.database, now=MORNING + turn * timedelta(seconds=15))
    compose(either_cast.database, now=MORNING + timedelta(hours=1))
    mine = [notice for notice in inbox(either_cast.database) if notice.person_id == either_cast.principal.person_id]
    assert len(mine) == 2 * (timedelta(hours=1) // FLAPPING)


def test_a_refreshed_notice_is_unread_again_and_goes_into_the_next_digest(either_cast: Cast) -> None:
    base, channel, hazard = either_cast.database, FakeChannel(), found_hazard(either_cast)
    happen(either_cast, "hazard.sent_back", hazard, either_cast.inspector, reason="照片不清")
    compose(base, now=MORNING)
    morning_round(base, channel, MORNING)
    with base.transaction() as session:
        session.execute(update(Notice).values(read_at=MORNING))
    happen(either_cast, "hazard.sent_back", hazard, either_cast.inspector, reason="缺少签字")
    compose(base, now=MORNING + timedelta(minutes=5))
    assert {(notice.body[:7], notice.read_at) for notice in inbox(base)} == {("理由：缺少签字", None)}
    assert morning_round(base, channel, MORNING + DAY) == Dispatched(sent=3)


def test_a_thousand_registrations_of_a_day_are_one_notice_to_the_bureau(either_cast: Cast) -> None:
    hazard = found_hazard(either_cast)
    with either_cast.database.transaction() as session:
        row = session.get_one(Hazard, hazard)
        for _ in range(CHUNK + 100):
            record(session, "hazard.registered", by=either_cast.principal, now=MORNING, about=row)
    compose(either_cast.database, now=MORNING)
    titles = [(notice.person_id, notice.title) for notice in inbox(either_cast.database)]
    assert sorted(titles) == [
        (actor.person_id, "企业新登记了隐患")
        for actor in (either_cast.leader, either_cast.officer, either_cast.inspector)
    ]


def test_a_major_hazard_is_told_by_itself(cast: Cast) -> None:
    happen(cast, "hazard.registered", found_hazard(cast, major=True), cast.principal)
    compose(cast.database, now=MORNING)
    assert inbox(cast.database)[0].title == f"重大隐患：{cast.pond.name}登记“坝体排水沟堵塞”"


def test_a_title_with_quotation_marks_is_quoted_around_them(cast: Cast) -> None:
    launched(cast)
    with cast.database.transaction() as session:
        task_id = task_of(session, "QY-40", cast.pond.id).id
        wish = {"kind": RequestKind.WAIVER, "reason": "库已销号"}
        ask(session, task_id=task_id, **wish, by=cast.principal, now=MORNING)
    compose(cast.database, now=MORNING)
    assert f"{cast.pond.name}申请豁免：“编制‘一库一策’安全风险治理方案（自查自改）”" in {
        notice.title for notice in inbox(cast.database)
    }


def test_a_failed_delivery_is_told_in_the_inbox_and_never_mailed_about(either_cast: Cast) -> None:
    base, person = either_cast.database, either_cast.principal.person_id
    channel = FakeChannel(failure=Refused("邮件服务器拒收（550），请核对邮箱地址。"))
    tell(base, person, "launch:1")
    morning_round(base, channel, MORNING)
    compose(base, now=MORNING)
    failed = next(notice for notice in inbox(base) if notice.kind == "delivery.failed")
    assert (failed.person_id, failed.body) == (person, "邮件服务器拒收（550），请核对邮箱地址。站内消息不受影响。")
    assert morning_round(base, channel, MORNING + DAY) == Dispatched()


def test_what_the_system_itself_does_is_told_to_everybody_concerned(cast: Cast) -> None:
    happen(cast, "hazard.listed", found_hazard(cast), SYSTEM, order="聊安督〔2023〕1号")
    compose(cast.database, now=MORNING)
    assert len(inbox(cast.database)) == 6
    with cast.database.reading() as session:
        assert not session.scalars(select(DeliveryNotice)).all()
        assert not session.scalars(select(Delivery)).all()
