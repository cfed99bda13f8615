"""抽查: flags raised from real records, once however often, seen and decided by the supervising bureau alone."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.directory.handing_over import transfer
from campaigns.actions.directory.organisations import establish, supervise
from campaigns.actions.directory.people import actor_for, open_account
from campaigns.actions.hazards.rechecking import close
from campaigns.actions.hazards.registering import register
from campaigns.actions.spot_checks.deciding import note_outcome, put_on_list, set_aside
from campaigns.actions.work.files import attach_to_hazard, attach_to_task
from campaigns.actions.work.tasks import sign_nil, submit
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.queries.spot_checks.proposed import check_may_spot_check, count_flags, flags, one_flag, one_visit, visits
from campaigns.rules.files.uploads import Upload
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.permissions import SYSTEM, Actor, OrganisationKind, Role
from campaigns.rules.spot_checks.flags import FlagKind
from campaigns.rules.states import FlagState
from campaigns.store.files import Folder
from campaigns.store.ledger import Event
from campaigns.store.spot_checks import Flag
from campaigns.store.work.tasks import Task
from flows.spot_checks import raise_flags
from tests.campaigns import at, launched
from tests.people import FOUNDED, MINE, PASSWORD, Cast
from tests.pictures import scene

TEXT = """
语法: rectify/v1
行动: {编号: spot, 名称: 抽查行动, 版本: 1.0.0, 发文单位: 区应急管理局, 起止: 2023年5月1日 至 2023年8月31日}
角色:
  县局: {层级: 县, 单位: 应急管理局}
  主要负责人: {层级: 企业, 岗位: [主要负责人]}
对象:
  企业: {行业: 非煤矿山, 名单: 动态}
全程任务:
  - {编号: QY-01, 名称: 每月自查, 对象: 企业, 频次: 每月1次, 截止: 期末, 表单: 自查单}
  - {编号: QY-02, 名称: 现场照片, 对象: 企业, 频次: 每月1次, 截止: 期末, 表单: 照片单}
抽查: {同类至少: 2, 同类查出: 100}
表单:
  自查单: {零报告: 是, 字段: [{名称: 情况, 类型: 文字}]}
  照片单: {字段: [{名称: 照片, 类型: 照片}]}
"""


class Month:
    """Three months of one campaign: who reported what, with which photo."""

    def __init__(self, cast: Cast, files: Path) -> None:
        self.cast, self.store = cast, Folder(files)
        self.campaign = launched(cast, text=TEXT, now=at(5, 1))

    def tasks(self, session: Session, duty_at: int, enterprise_id: int) -> list[Task]:
        rows = select(Task).where(col(Task.organisation_id) == enterprise_id).order_by(col(Task.occurrence_id))
        return list(session.scalars(rows))[duty_at * 4 : duty_at * 4 + 3]

    def report(self, by: Actor, *, nil: bool) -> None:
        with self.cast.database.transaction() as session:
            for month, task in enumerate(self.tasks(session, 0, by.organisation_id or 0), start=5):
                now = at(month, 20 + month, 10, (by.person_id or 0) * month % 60)
                if nil:
                    sign_nil(session, task_id=task.id, signed=True, by=by, now=now)
                else:
                    submit(session, task_id=task.id, values={"情况": "有"}, by=by, now=now)

    def photograph(self, by: Actor, month: int, content: bytes) -> None:
        now = at(5 + month, 26, 11, month * 7)
        with self.cast.database.transaction() as session:
            task = self.tasks(session, 1, by.organisation_id or 0)[month]
            attach_to_task(
                session,
                task_id=task.id,
                label="照片",
                uploads=[Upload("一.jpg", content)],
                picture=True,
                store=self.store,
                by=by,
                now=now,
            )
            submit(session, task_id=task.id, values={}, by=by, now=now)

    def close_at_once(self, by: Actor, checker: Actor, number: int, *, after: int | None = None) -> None:
        now = at(7, 10 + number)
        with self.cast.database.transaction() as session:
            hazard = register(
                session,
                enterprise_id=by.organisation_id or 0,
                finding=Finding(f"缺护栏{number}", rectification="装好了"),
                found_on=now.date(),
                by=by,
                now=now,
            )
            for label, seed in (("整改前", 70 + number), ("整改后", after)):
                if seed is not None:
                    upload = [Upload("一.jpg", scene(seed))]
                    attach_to_hazard(
                        session, hazard_id=hazard.id, label=label, uploads=upload, store=self.store, by=by, now=now
                    )
            close(session, hazard_id=hazard.id, opinion="合格", by=checker, now=now + timedelta(minutes=2))

    def raised(self, now: datetime | None = None) -> int:
        return raise_flags(self.cast.database, self.campaign.id, store=self.store, now=now or at(8, 1))

    def seen(self, actor: Actor, state: FlagState = FlagState.OPEN) -> list[tuple[str, str]]:
        with self.cast.database.reading() as session:
            lines = flags(session, actor=actor, state=state, campaign_id=self.campaign.id, limit=50)
            return [(line.kind, line.enterprise) for line in lines]

    def first(self) -> Flag:
        with self.cast.database.reading() as session:
            return session.scalars(select(Flag).order_by(col(Flag.id))).first()  # type: ignore[return-value]


def third_pond(cast: Cast) -> Actor:
    """Found one more pond of the county, so that there are two to compare with."""
    with cast.database.transaction() as session:
        kind = OrganisationKind.ENTERPRISE
        pond = establish(session, kind=kind, name="东山矿业尾矿库", region=cast.town, by=SYSTEM, now=FOUNDED, **MINE)
        supervise(session, enterprise=pond, bureau=cast.bureau, from_day=date(2023, 4, 1), by=SYSTEM, now=FOUNDED)
        account = open_account(
            session,
            login="third",
            name="东山钱矿长",
            organisation=pond,
            roles=[Role.PRINCIPAL],
            password=PASSWORD,
            by=SYSTEM,
            now=FOUNDED,
        )
        return actor_for(session, account.id)


@pytest.fixture
def month(either_cast: Cast, tmp_path: Path) -> Month:
    """Return a campaign in which 青山 was hollow and the two others were not."""
    third = third_pond(either_cast)
    found = Month(either_cast, tmp_path / "files")
    found.report(either_cast.principal, nil=True)
    for honest in (either_cast.other_principal, third):
        found.report(honest, nil=False)
    found.photograph(either_cast.principal, 0, scene(1))
    found.photograph(either_cast.principal, 1, scene(1, quality=45))
    found.photograph(either_cast.principal, 2, scene(2))
    found.photograph(third, 1, scene(2))
    found.close_at_once(either_cast.safety_officer, either_cast.principal, 1)
    found.close_at_once(either_cast.safety_officer, either_cast.principal, 2, after=72)
    found.close_at_once(either_cast.safety_officer, either_cast.principal, 3, after=80)
    return found


POND = "青山矿业尾矿库"
ALL = [
    ("same_photo", "东山矿业尾矿库"),
    ("nil_streak", POND),
    ("instant_closure", POND),
    *[("same_photo", POND)] * 3,
]


def test_hollow_records_are_flagged_once_and_honest_ones_are_not(month: Month) -> None:
    assert month.raised() == len(ALL)
    assert month.seen(month.cast.officer) == ALL
    assert month.raised() == month.raised(at(8, 2)) == 0
    assert month.seen(month.cast.officer) == ALL
    assert all(month.seen(who) == [] for who in (month.cast.neighbour_officer, month.cast.city_officer))
    with month.cast.database.reading() as session:
        for row in session.scalars(select(Flag)):
            line, pieces = one_flag(session, flag_id=row.id, actor=month.cast.inspector)
            assert len(pieces) >= 2
            assert all(piece.in_sight for piece in pieces)
            assert line.row.sentence.endswith("。")
        lines = flags(session, actor=month.cast.officer, state=FlagState.OPEN, limit=9)
        (instant,) = [line for line in lines if line.kind is FlagKind.INSTANT_CLOSURE]
        assert instant.row.sentence.startswith("2023年7月有2项"), "the one that two photos show fixed is not counted"


def test_nobody_else_sees_or_decides_and_the_enterprise_least_of_all(month: Month) -> None:
    month.raised()
    flag = month.first()
    cast = month.cast
    for who in (cast.principal, cast.other_principal, cast.neighbour_officer, cast.city_leader, cast.administrator):
        with pytest.raises(NotFound), cast.database.transaction() as session:
            set_aside(session, flag_id=flag.id, reason="x", by=who, now=at(8, 1))
        with pytest.raises(NotFound), cast.database.transaction() as session:
            put_on_list(session, flag_id=flag.id, planned_on=date(2023, 8, 7), by=who, now=at(8, 1))
    with cast.database.transaction() as session:
        set_aside(session, flag_id=flag.id, reason="停产整修", version=flag.version, by=cast.officer, now=at(8, 1))
        about = select(Event).where(col(Event.subject) == "flag")
        assert [(event.kind, event.organisation_id) for event in session.scalars(about)] == [
            ("flag.set_aside", cast.bureau.id)
        ]
    assert month.raised(at(8, 3)) == 0, "what was set aside is not raised again"
    with pytest.raises(Conflict, match="第1版，现在已是第2版"), cast.database.transaction() as session:
        put_on_list(session, flag_id=flag.id, planned_on=date(2023, 8, 7), version=1, by=cast.officer, now=at(8, 1))
    with pytest.raises(Conflict, match="已放下"), cast.database.transaction() as session:
        put_on_list(session, flag_id=flag.id, planned_on=date(2023, 8, 7), by=cast.officer, now=at(8, 1))


def test_an_enterprise_is_listed_once_visited_and_the_result_kept(month: Month) -> None:
    month.raised()
    cast, day = month.cast, date(2023, 8, 7)
    with cast.database.reading() as session:
        lines = flags(session, actor=cast.officer, state=FlagState.OPEN, limit=50)
        one, other = [line.row.id for line in lines if line.enterprise == POND][:2]
    with pytest.raises(Invalid) as refusal, cast.database.transaction() as session:
        put_on_list(session, flag_id=one, planned_on=date(2023, 7, 31), by=cast.officer, now=at(8, 1))
    assert list(refusal.value.fields) == ["planned_on"]
    with cast.database.transaction() as session:
        check = put_on_list(session, flag_id=one, planned_on=day, by=cast.officer, now=at(8, 1))
        again = put_on_list(session, flag_id=other, planned_on=None, by=cast.inspector, now=at(8, 1))
        assert (again.id, again.planned_on) == (check.id, day)
        assert count_flags(session, actor=cast.officer)[FlagState.LISTED] == 2
        (waiting,) = visits(session, actor=cast.officer)
        assert (waiting.enterprise, waiting.flags) == (POND, 2)
        assert len(one_visit(session, spot_check_id=check.id, actor=cast.leader)[1]) == 2
    for words, on, wrong in (
        ("", day, "outcome"),
        ("看了", date(2023, 9, 1), "checked_on"),
        ("看了", None, "checked_on"),
    ):
        with pytest.raises(Invalid) as refusal, cast.database.transaction() as session:
            note_outcome(session, spot_check_id=check.id, outcome=words, checked_on=on, by=cast.officer, now=at(8, 8))
        assert list(refusal.value.fields) == [wrong]
    with pytest.raises(NotFound), cast.database.transaction() as session:
        note_outcome(session, spot_check_id=check.id, outcome="看了", checked_on=day, by=cast.principal, now=at(8, 8))
    with cast.database.transaction() as session:
        note_outcome(session, spot_check_id=check.id, outcome="现场属实", checked_on=day, by=cast.officer, now=at(8, 8))
    with pytest.raises(Conflict, match="已经记过"), cast.database.transaction() as session:
        note_outcome(session, spot_check_id=check.id, outcome="再写", checked_on=day, by=cast.officer, now=at(8, 8))
    with cast.database.reading() as session:
        assert visits(session, actor=cast.officer) == []
        assert [visit.checked_by for visit in visits(session, actor=cast.officer, done=True)] == [cast.officer.name]


def test_a_hand_over_moves_who_sees_them(month: Month) -> None:
    month.raised()
    cast = month.cast
    with cast.database.transaction() as session:
        transfer(
            session,
            enterprise_id=cast.pond.id,
            bureau_id=cast.neighbour_bureau.id,
            on=date(2023, 8, 1),
            reason="区划调整",
            by=cast.city_officer,
            now=at(8, 1),
        )
    assert month.seen(cast.officer) == ALL[:1]
    with cast.database.reading() as session:
        theirs = flags(session, actor=cast.neighbour_officer, state=FlagState.OPEN, limit=50)
        assert [(line.kind, line.enterprise) for line in theirs] == ALL[1:]
        crossing = [line.row.id for line in theirs if "东山" in line.row.sentence]
        _, pieces = one_flag(session, flag_id=crossing[0], actor=cast.neighbour_officer)
        assert [piece.in_sight for piece in pieces] == [True, False]
        with pytest.raises(NotFound):
            check_may_spot_check(session, cast.neighbour_officer, 999)
