"""整改期限的延期: asked once, decided by somebody else, and the date that then stands is the one everybody is told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.hazards.extending import ask_extension, decline_extension, grant_extension
from campaigns.actions.hazards.rectifying import plan, report_rectification
from campaigns.actions.hazards.supervision import list_for_supervision
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.queries.hazards.hazard import hazard_card
from campaigns.queries.hazards.steps import hazard_steps
from campaigns.rules.permissions import Actor
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.messages import Notice
from notifications.compose import compose
from tests.actions.hazards.test_the_closed_loop import FIVE, LATER, MAJOR, MINOR, NOW, found, kinds
from tests.people import Cast

JULY = date(2023, 7, 10)


def planned(cast: Cast, *, major: bool = False, by: Actor | None = None) -> Hazard:
    hazard = found(cast, MAJOR if major else MINOR, by=by)
    with cast.database.transaction() as session:
        return plan(session, hazard_id=hazard.id, plan=FIVE, by=cast.safety_officer, now=NOW)


def asked(
    cast: Cast, hazard: Hazard, until: date | None = JULY, *, reason: str = "备件未到", version: int | None = None
) -> None:
    with cast.database.transaction() as session:
        ask_extension(
            session,
            hazard_id=hazard.id,
            deadline_on=until,
            reason=reason,
            version=version,
            by=cast.safety_officer,
            now=LATER,
        )


def test_a_granted_extension_moves_the_deadline_and_nothing_else(either_cast: Cast) -> None:
    hazard = planned(either_cast, major=True)
    asked(either_cast, hazard)
    with either_cast.database.transaction() as session:
        moved = grant_extension(session, hazard_id=hazard.id, by=either_cast.officer, now=LATER)
    assert (moved.deadline_on, moved.act_by) == (JULY, JULY)
    assert (moved.source, moved.found_on, moved.registered_at) == (hazard.source, hazard.found_on, hazard.registered_at)
    assert kinds(either_cast, hazard)[-2:] == ["hazard.extension_asked", "hazard.extended"]


def test_every_later_message_shows_the_new_date(cast: Cast) -> None:
    hazard = planned(cast, major=True)
    asked(cast, hazard)
    with cast.database.transaction() as session:
        grant_extension(session, hazard_id=hazard.id, by=cast.officer, now=LATER)
    compose(cast.database, now=LATER)
    with cast.database.transaction() as session:
        list_for_supervision(session, hazard_id=hazard.id, number="1号", by=cast.leader, now=LATER + timedelta(hours=1))
    compose(cast.database, now=LATER + timedelta(hours=1))
    with cast.database.reading() as session:
        told = select(col(Notice.kind), col(Notice.body)).where(col(Notice.person_id) == cast.principal.person_id)
        said = {row.kind: row.body for row in session.execute(told)}
    assert "7月10日" in said["hazard.extended"]
    assert "7月10日" in said["hazard.listed"]


def test_a_declined_extension_keeps_the_deadline_and_may_be_asked_again(either_cast: Cast) -> None:
    hazard = planned(either_cast)
    asked(either_cast, hazard)
    with pytest.raises(Conflict, match="已有一份延期申请"):
        asked(either_cast, hazard)
    with either_cast.database.transaction() as session:
        kept = decline_extension(session, hazard_id=hazard.id, reason="可以先改一半", by=either_cast.officer, now=LATER)
    assert kept.deadline_on == FIVE.deadline_on
    asked(either_cast, hazard)


@pytest.mark.parametrize("until", [None, FIVE.deadline_on, date(2023, 5, 30)])
def test_the_new_date_must_be_later(cast: Cast, until: date | None) -> None:
    hazard = planned(cast)
    with pytest.raises(Invalid) as refusal:
        asked(cast, hazard, until)
    assert refusal.value.fields == {"deadline_on": "请选一个晚于2023年6月10日的日期。"}


def test_a_slip_of_the_year_becomes_no_deadline(cast: Cast) -> None:
    hazard = planned(cast)
    with pytest.raises(Invalid) as refusal:
        asked(cast, hazard, date(2203, 6, 20))
    assert refusal.value.fields == {"deadline_on": "这个日期太远了，最晚可到2033年12月31日，请核对年份。"}


def test_a_reason_is_compulsory_on_both_sides(cast: Cast) -> None:
    hazard = planned(cast)
    with pytest.raises(Invalid, match="延期理由"):
        asked(cast, hazard, reason=" ")
    asked(cast, hazard)
    with pytest.raises(Invalid, match="不同意的理由"), cast.database.transaction() as session:
        decline_extension(session, hazard_id=hazard.id, reason="", by=cast.officer, now=LATER)


def test_it_never_goes_beyond_the_order_that_supervises_it(cast: Cast) -> None:
    hazard = planned(cast, major=True)
    with cast.database.transaction() as session:
        list_for_supervision(
            session, hazard_id=hazard.id, number="1号", deadline_on=date(2023, 6, 30), by=cast.leader, now=NOW
        )
    with pytest.raises(Invalid) as refusal:
        asked(cast, hazard)
    assert "挂牌督办的期限是2023年6月30日" in refusal.value.fields["deadline_on"]


def test_the_bureau_decides_on_major_and_inspected_ones_and_nobody_on_his_own(cast: Cast) -> None:
    major, inspected, own = planned(cast, major=True), planned(cast, by=cast.inspector), planned(cast)
    for hazard in (major, inspected, own):
        asked(cast, hazard)
    for hazard in (major, inspected):
        with pytest.raises(Forbidden, match="由监管部门决定"), cast.database.transaction() as session:
            grant_extension(session, hazard_id=hazard.id, by=cast.principal, now=LATER)
    with pytest.raises(Forbidden, match="没有权限"), cast.database.transaction() as session:
        grant_extension(session, hazard_id=own.id, by=cast.safety_director, now=LATER)
    with cast.database.transaction() as session:
        assert grant_extension(session, hazard_id=own.id, by=cast.principal, now=LATER).deadline_on == JULY
    again = planned(cast)
    with cast.database.transaction() as session:
        ask_extension(session, hazard_id=again.id, deadline_on=JULY, reason="x", by=cast.principal, now=LATER)
    with pytest.raises(Forbidden, match="不能自己决定"), cast.database.transaction() as session:
        grant_extension(session, hazard_id=again.id, by=cast.principal, now=LATER)


def test_without_a_plan_or_after_the_work_there_is_nothing_to_put_off(cast: Cast) -> None:
    with pytest.raises(Conflict, match="没有可以延期"):
        asked(cast, found(cast))
    hazard = planned(cast)
    asked(cast, hazard)
    with cast.database.transaction() as session:
        report_rectification(session, hazard_id=hazard.id, rectification="换了", by=cast.safety_officer, now=LATER)
    with pytest.raises(Conflict, match="待复查"), cast.database.transaction() as session:
        grant_extension(session, hazard_id=hazard.id, by=cast.officer, now=LATER)


def test_a_decision_without_an_application_a_stale_one_and_a_foreign_one_are_refused(cast: Cast) -> None:
    hazard = planned(cast)
    with pytest.raises(Conflict, match="没有等待决定"), cast.database.transaction() as session:
        grant_extension(session, hazard_id=hazard.id, by=cast.officer, now=LATER)
    with pytest.raises(Conflict, match="现在已是第2版"):
        asked(cast, hazard, version=1)
    asked(cast, hazard)
    for stranger in (cast.neighbour_leader, cast.other_principal):
        with pytest.raises(NotFound), cast.database.transaction() as session:
            grant_extension(session, hazard_id=hazard.id, by=stranger, now=LATER)


def test_an_order_that_came_after_the_application_still_bounds_the_decision(cast: Cast) -> None:
    hazard = planned(cast, major=True)
    asked(cast, hazard)
    with cast.database.transaction() as session:
        list_for_supervision(
            session, hazard_id=hazard.id, number="1号", deadline_on=date(2023, 6, 30), by=cast.leader, now=LATER
        )
    with pytest.raises(Conflict, match="不能延到2023年7月10日"), cast.database.transaction() as session:
        grant_extension(session, hazard_id=hazard.id, by=cast.officer, now=LATER)


def test_what_is_rectified_meanwhile_leaves_nothing_to_decide(cast: Cast) -> None:
    hazard = planned(cast, major=True)
    asked(cast, hazard)
    with cast.database.transaction() as session:
        report_rectification(session, hazard_id=hazard.id, rectification="换了", by=cast.safety_officer, now=LATER)
    with cast.database.reading() as session:
        card = hazard_card(session, hazard_id=hazard.id, actor=cast.officer, now=LATER)
        assert hazard_steps(session, card, actor=cast.officer, today=JULY).decide_extension is None
    for decide in (grant_extension, decline_extension):
        with pytest.raises(Conflict, match="待复查"), cast.database.transaction() as session:
            decide(session, hazard_id=hazard.id, reason="已改完", by=cast.officer, now=LATER)
