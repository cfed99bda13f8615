"""隐患 from register to 销号, and who may take which step."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.hazards.rechecking import close, send_back
from campaigns.actions.hazards.rectifying import fix_on_the_spot, plan, report_rectification
from campaigns.actions.hazards.registering import register
from campaigns.actions.hazards.supervision import delist, list_for_supervision
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.rules.hazards.finding import Finding, RectificationPlan
from campaigns.rules.permissions import Actor
from campaigns.rules.states import HazardSource, HazardState
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event
from tests.people import Cast

NOW = datetime(2023, 5, 12, 2, 0, tzinfo=UTC)
TODAY = date(2023, 5, 12)
MINOR = Finding("排洪斜槽盖板破损", location="库区东侧")
MAJOR = Finding("坝体出现贯穿性裂缝", major=True, criterion="矿安〔2022〕88号 三（一）")
FIVE = RectificationPlan("卫矿长", "更换盖板", 35000, date(2023, 6, 10), "降雨时停止排放")
LATER = NOW + timedelta(days=20)


def found(
    cast: Cast, finding: Finding = MINOR, *, by: Actor | None = None, now: datetime = NOW, found_on: date = TODAY
) -> Hazard:
    with cast.database.transaction() as session:
        return register(
            session,
            enterprise_id=cast.pond.id,
            finding=finding,
            found_on=found_on,
            by=by or cast.safety_officer,
            now=now,
        )


def rectified(cast: Cast, finding: Finding = MINOR) -> Hazard:
    hazard = found(cast, finding)
    with cast.database.transaction() as session:
        plan(session, hazard_id=hazard.id, plan=FIVE, by=cast.safety_officer, now=NOW)
        return report_rectification(
            session, hazard_id=hazard.id, rectification="已更换", by=cast.safety_officer, now=LATER
        )


def kinds(cast: Cast, hazard: Hazard) -> list[str]:
    with cast.database.reading() as session:
        about = (col(Event.subject) == "hazard", col(Event.subject_id) == hazard.id)
        return list(session.scalars(select(col(Event.kind)).where(*about).order_by(col(Event.id))))


def test_who_registers_it_decides_the_source(either_cast: Cast) -> None:
    own = found(either_cast)
    theirs = found(either_cast, by=either_cast.inspector)
    assert (own.source, theirs.source) == (HazardSource.SELF, HazardSource.INSPECTION)
    assert own.bureau_id == theirs.bureau_id == either_cast.bureau.id
    assert own.number == f"YH20230512-{own.id:06d}"
    assert own.registered_at == NOW


def test_the_closed_loop_with_a_plan(either_cast: Cast) -> None:
    hazard = rectified(either_cast)
    with either_cast.database.transaction() as session:
        closed = close(session, hazard_id=hazard.id, opinion="现场复查合格", by=either_cast.officer, now=LATER)
    assert closed.state == HazardState.CLOSED
    assert (closed.funds, closed.deadline_on, closed.closed_by_id) == (
        35000,
        FIVE.deadline_on,
        either_cast.officer.person_id,
    )
    assert kinds(either_cast, hazard) == ["hazard.registered", "hazard.planned", "hazard.rectified", "hazard.closed"]


def test_what_is_fixed_on_the_spot_needs_no_plan_but_a_recheck(cast: Cast) -> None:
    hazard = found(cast, Finding("灭火器过期", rectification="当场更换"))
    assert (hazard.state, hazard.fixed_on_the_spot, hazard.rectified_on) == (HazardState.RECTIFIED, True, TODAY)
    with cast.database.transaction() as session:
        close(session, hazard_id=hazard.id, opinion="已看过", by=cast.principal, now=NOW)


def test_a_day_later_it_is_no_longer_on_the_spot(cast: Cast) -> None:
    hazard = found(cast)
    with pytest.raises(Conflict, match="不算立查立改"), cast.database.transaction() as session:
        fix_on_the_spot(
            session, hazard_id=hazard.id, rectification="换了", by=cast.safety_officer, now=NOW + timedelta(days=1)
        )
    with cast.database.transaction() as session:
        same_day = fix_on_the_spot(session, hazard_id=hazard.id, rectification="换了", by=cast.safety_officer, now=NOW)
    assert same_day.fixed_on_the_spot


def test_without_the_five_no_rectification_is_reported(cast: Cast) -> None:
    hazard = found(cast)
    with pytest.raises(Conflict, match="五落实"), cast.database.transaction() as session:
        report_rectification(session, hazard_id=hazard.id, rectification="换了", by=cast.safety_officer, now=LATER)


def test_a_plan_is_laid_down_once(cast: Cast) -> None:
    hazard = found(cast)
    with cast.database.transaction() as session:
        plan(session, hazard_id=hazard.id, plan=FIVE, by=cast.safety_officer, now=NOW)
    with pytest.raises(Conflict, match="不能改写"), cast.database.transaction() as session:
        plan(session, hazard_id=hazard.id, plan=FIVE, by=cast.safety_officer, now=NOW)


def test_nobody_rechecks_what_he_rectified_himself(either_cast: Cast) -> None:
    hazard = rectified(either_cast)
    with pytest.raises(Forbidden, match="另一个人"), either_cast.database.transaction() as session:
        close(session, hazard_id=hazard.id, opinion="合格", by=either_cast.safety_officer, now=LATER)


def test_a_major_hazard_is_closed_only_by_its_supervising_bureau(cast: Cast) -> None:
    hazard = rectified(cast, MAJOR)
    with pytest.raises(Forbidden, match="监管部门"), cast.database.transaction() as session:
        close(session, hazard_id=hazard.id, opinion="合格", by=cast.principal, now=LATER)
    with pytest.raises(Forbidden, match="没有权限"), cast.database.transaction() as session:
        close(session, hazard_id=hazard.id, opinion="合格", by=cast.city_leader, now=LATER)
    with cast.database.transaction() as session:
        close(session, hazard_id=hazard.id, opinion="合格", by=cast.inspector, now=LATER)


def test_a_major_hazard_is_closed_by_two_different_officials(either_cast: Cast) -> None:
    hazard = rectified(either_cast, MAJOR)
    with either_cast.database.transaction() as session:
        first = close(session, hazard_id=hazard.id, opinion="现场看过，合格", by=either_cast.inspector, now=LATER)
        assert (first.state, first.closed_at, first.checked) == (HazardState.CHECKED, None, "现场看过，合格")
    with pytest.raises(Forbidden, match="另一位经办人员"), either_cast.database.transaction() as session:
        close(session, hazard_id=hazard.id, opinion="再签一次", by=either_cast.inspector, now=LATER)
    with pytest.raises(Forbidden, match="监管部门"), either_cast.database.transaction() as session:
        close(session, hazard_id=hazard.id, opinion="合格", by=either_cast.principal, now=LATER)
    with either_cast.database.transaction() as session:
        closed = close(session, hazard_id=hazard.id, opinion="同意销号", by=either_cast.leader, now=LATER)
    assert closed.state == HazardState.CLOSED
    assert (closed.checked_by_id, closed.closed_by_id) == (
        either_cast.inspector.person_id,
        either_cast.leader.person_id,
    )
    assert kinds(either_cast, hazard)[-2:] == ["hazard.checked", "hazard.closed"]


def test_the_second_official_may_send_it_back_and_both_sign_anew(cast: Cast) -> None:
    hazard = rectified(cast, MAJOR)
    with cast.database.transaction() as session:
        close(session, hazard_id=hazard.id, opinion="合格", by=cast.inspector, now=LATER)
        back = send_back(session, hazard_id=hazard.id, reason="照片看不清", by=cast.leader, now=LATER)
        assert (back.state, back.checked_by_id, back.checked) == (HazardState.RECTIFYING, None, "")
        report_rectification(session, hazard_id=hazard.id, rectification="重做", by=cast.principal, now=LATER)
        again = close(session, hazard_id=hazard.id, opinion="合格", by=cast.leader, now=LATER)
    assert again.state == HazardState.CHECKED


def test_what_is_not_fixed_goes_back_and_keeps_its_plan(cast: Cast) -> None:
    hazard = rectified(cast)
    with cast.database.transaction() as session:
        back = send_back(session, hazard_id=hazard.id, reason="仍有渗水", by=cast.officer, now=LATER)
        assert (back.state, back.rectified_by_id, back.deadline_on) == (HazardState.RECTIFYING, None, FIVE.deadline_on)
        report_rectification(session, hazard_id=hazard.id, rectification="重做", by=cast.principal, now=LATER)
        close(session, hazard_id=hazard.id, opinion="合格", by=cast.officer, now=LATER)


def test_a_fix_on_the_spot_that_fails_the_recheck_needs_a_plan_after_all(cast: Cast) -> None:
    hazard = found(cast, Finding("灭火器过期", rectification="当场更换"))
    with cast.database.transaction() as session:
        send_back(session, hazard_id=hazard.id, reason="换的也是过期的", by=cast.officer, now=NOW)
    with pytest.raises(Conflict, match="五落实"), cast.database.transaction() as session:
        report_rectification(session, hazard_id=hazard.id, rectification="换了", by=cast.safety_officer, now=LATER)
    with cast.database.transaction() as session:
        plan(session, hazard_id=hazard.id, plan=FIVE, by=cast.safety_officer, now=NOW)
        report_rectification(session, hazard_id=hazard.id, rectification="换了", by=cast.safety_officer, now=LATER)


@pytest.mark.parametrize(
    ("finding", "field"),
    [
        (Finding(" "), "title"),
        (Finding("裂缝", major=True), "criterion"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_registered(cast: Cast, finding: Finding, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        found(cast, finding)
    assert list(refusal.value.fields) == [field]
    with cast.database.reading() as session:
        assert session.scalars(select(Hazard)).all() == []


def test_a_hazard_of_tomorrow_is_refused_and_a_bureau_fixes_nothing(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        found(cast, found_on=TODAY + timedelta(days=1))
    assert list(refusal.value.fields) == ["found_on"]
    with pytest.raises(Invalid) as refusal:
        found(cast, Finding("灭火器过期", rectification="换了"), by=cast.inspector)
    assert list(refusal.value.fields) == ["rectification"]


def test_a_stranger_finds_no_hazard_and_a_leader_cannot_register_one(cast: Cast) -> None:
    with pytest.raises(NotFound):
        found(cast, by=cast.stranger_principal)
    with pytest.raises(NotFound):
        found(cast, by=cast.neighbour_officer)
    with pytest.raises(Forbidden):
        found(cast, by=cast.leader)
    hazard = found(cast)
    with pytest.raises(NotFound), cast.database.transaction() as session:
        plan(session, hazard_id=hazard.id, plan=FIVE, by=cast.other_principal, now=NOW)
    with pytest.raises(NotFound), cast.database.transaction() as session:
        plan(session, hazard_id=99, plan=FIVE, by=cast.principal, now=NOW)


def test_a_stale_step_is_told_both_versions(either_cast: Cast) -> None:
    hazard = found(either_cast)
    with either_cast.database.transaction() as session:
        plan(session, hazard_id=hazard.id, plan=FIVE, version=1, by=either_cast.safety_officer, now=NOW)
    with pytest.raises(Conflict) as refusal, either_cast.database.transaction() as session:
        fix_on_the_spot(
            session, hazard_id=hazard.id, rectification="换了", version=1, by=either_cast.principal, now=NOW
        )
    assert refusal.value.sentence == (
        f"您打开的是这项隐患的第1版，现在已是第2版“整改中”，由{either_cast.safety_officer.name}于2023年5月12日 10:00改动。"
    )


def test_only_a_major_hazard_is_put_under_supervision_and_who_listed_it_delists_it(either_cast: Cast) -> None:
    minor, hazard = found(either_cast), rectified(either_cast, MAJOR)
    order = {"number": "茌应急督〔2023〕1号", "by": either_cast.leader, "now": NOW}
    with pytest.raises(Conflict, match="只有重大"), either_cast.database.transaction() as session:
        list_for_supervision(session, hazard_id=minor.id, **order)  # type: ignore[arg-type]
    with either_cast.database.transaction() as session:
        list_for_supervision(session, hazard_id=hazard.id, **order)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="已经挂牌"), either_cast.database.transaction() as session:
        list_for_supervision(session, hazard_id=hazard.id, **order)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="还没有销号"), either_cast.database.transaction() as session:
        delist(session, hazard_id=hazard.id, by=either_cast.leader, now=LATER)
    with either_cast.database.transaction() as session:
        close(session, hazard_id=hazard.id, opinion="合格", by=either_cast.officer, now=LATER)
        close(session, hazard_id=hazard.id, opinion="同意", by=either_cast.leader, now=LATER)
    with pytest.raises(Forbidden, match="谁挂牌谁摘牌"), either_cast.database.transaction() as session:
        delist(session, hazard_id=hazard.id, by=either_cast.city_leader, now=LATER)
    with either_cast.database.transaction() as session:
        assert delist(session, hazard_id=hazard.id, by=either_cast.leader, now=LATER).delisted_on == date(2023, 6, 1)


def test_an_order_has_a_number_and_is_a_regulators_to_give(cast: Cast) -> None:
    hazard = found(cast, MAJOR)
    with pytest.raises(Invalid) as refusal, cast.database.transaction() as session:
        list_for_supervision(
            session, hazard_id=hazard.id, number="", deadline_on=date(2023, 5, 1), by=cast.leader, now=NOW
        )
    assert set(refusal.value.fields) == {"number", "deadline_on"}
    with pytest.raises(Forbidden), cast.database.transaction() as session:
        list_for_supervision(session, hazard_id=hazard.id, number="1号", by=cast.officer, now=NOW)
    with pytest.raises(NotFound), cast.database.transaction() as session:
        list_for_supervision(session, hazard_id=hazard.id, number="1号", by=cast.neighbour_leader, now=NOW)
