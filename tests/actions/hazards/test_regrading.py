"""改判: stricter by the enterprise or the bureau, milder only by the bureau; the ledger keeps who, when, why and which clause."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from campaigns.actions.hazards.rechecking import close
from campaigns.actions.hazards.regrading import regrade
from campaigns.actions.hazards.supervision import list_for_supervision
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.queries.verify.findings import Scene
from campaigns.queries.verify.hazards import strange_hazards
from campaigns.rules.hazards.criteria import Criterion
from campaigns.rules.permissions import Actor
from campaigns.rules.states import HazardState
from campaigns.settings import Settings
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event
from tests.actions.hazards.test_the_closed_loop import LATER, MAJOR, NOW, found, rectified
from tests.people import Cast

CLAUSE = Criterion("矿安〔2022〕88号 三（一）")


def regraded(
    cast: Cast, hazard: Hazard, by: Actor, *, criterion: Criterion = CLAUSE, reason: str = "专家会诊认定"
) -> Hazard:
    with cast.database.transaction() as session:
        return regrade(session, hazard_id=hazard.id, criterion=criterion, reason=reason, by=by, now=LATER)


def test_an_ordinary_one_becomes_major_with_its_clause_and_keeps_its_origin(either_cast: Cast) -> None:
    hazard = found(either_cast)
    after = regraded(either_cast, hazard, either_cast.officer)
    assert (after.major, after.major_since, after.criterion) == (True, LATER, CLAUSE.words)
    assert (after.source, after.found_on, after.registered_at) == (hazard.source, hazard.found_on, hazard.registered_at)
    with either_cast.database.reading() as session:
        event = session.scalars(select(Event).where(col(Event.kind) == "hazard.regraded")).one()
    assert event.data["was"] == "一般隐患"
    assert event.data["criterion"] == CLAUSE.words
    assert (event.actor_id, event.at, event.data["reason"]) == (either_cast.officer.person_id, LATER, "专家会诊认定")


def test_a_major_one_becomes_ordinary_by_the_bureau_alone(either_cast: Cast) -> None:
    hazard = found(either_cast, MAJOR)
    with pytest.raises(Forbidden, match="由监管部门决定"):
        regraded(either_cast, hazard, either_cast.principal)
    with pytest.raises(Forbidden, match="没有权限"):
        regraded(either_cast, hazard, either_cast.inspector)
    after = regraded(either_cast, hazard, either_cast.leader)
    assert (after.major, after.major_since, after.criterion) == (False, None, "")


def test_who_takes_a_grade_down_does_not_close_it_and_neither_does_the_enterprise(either_cast: Cast) -> None:
    hazard = rectified(either_cast, MAJOR)
    regraded(either_cast, hazard, either_cast.officer)
    for hand, word in ((either_cast.officer, "是您从重大改判"), (either_cast.principal, "仍由监管部门")):
        with pytest.raises(Forbidden, match=word), either_cast.database.transaction() as session:
            close(session, hazard_id=hazard.id, opinion="合格", by=hand, now=LATER)
    with pytest.raises(IntegrityError, match="lowerer"), either_cast.database.transaction() as session:
        forged = {"state": "closed", "closed_at": LATER, "closed_by_id": either_cast.officer.person_id}
        session.execute(update(Hazard).where(col(Hazard.id) == hazard.id).values(**forged))
    assert odd(either_cast) == []
    with either_cast.database.transaction() as session:
        done = close(session, hazard_id=hazard.id, opinion="合格", by=either_cast.inspector, now=LATER)
    assert (done.state, done.lowered_by_id) == (HazardState.CLOSED, either_cast.officer.person_id)
    assert odd(either_cast) == []


def test_one_that_became_major_again_needs_two_signatures_and_verify_sees_who_lowered_it(cast: Cast) -> None:
    hazard = rectified(cast, MAJOR)
    regraded(cast, hazard, cast.officer)
    assert regraded(cast, hazard, cast.leader).lowered_by_id is None
    assert odd(cast) == []
    regraded(cast, hazard, cast.officer)
    with cast.database.transaction() as session:
        forged = update(Hazard).where(col(Hazard.id) == hazard.id).values(lowered_by_id=cast.leader.person_id)
        session.execute(forged)
    assert "谁从重大改判为一般的" in odd(cast)[0]


def odd(cast: Cast) -> list[str]:
    with cast.database.reading() as session:
        return [finding.sentence for finding in strange_hazards(Scene(session, Settings(), LATER))]


def test_the_enterprise_may_make_its_own_stricter(cast: Cast) -> None:
    assert regraded(cast, found(cast), cast.safety_officer).major


def test_a_listed_a_checked_and_a_closed_one_keep_their_grade(cast: Cast) -> None:
    listed = found(cast, MAJOR)
    with cast.database.transaction() as session:
        list_for_supervision(session, hazard_id=listed.id, number="1号", by=cast.leader, now=NOW)
    with pytest.raises(Forbidden, match="正在挂牌督办"):
        regraded(cast, listed, cast.leader)
    hazard = rectified(cast, MAJOR)
    for signer, word in ((cast.inspector, "待审签"), (cast.leader, "已销号")):
        with cast.database.transaction() as session:
            close(session, hazard_id=hazard.id, opinion="合格", by=signer, now=LATER)
        with pytest.raises(Forbidden, match=word):
            regraded(cast, hazard, cast.officer)


def test_clause_and_reason_are_compulsory(cast: Cast) -> None:
    hazard = found(cast)
    with pytest.raises(Invalid) as refusal:
        regraded(cast, hazard, cast.officer, criterion=Criterion())
    assert list(refusal.value.fields) == ["criterion"]
    with pytest.raises(Invalid) as refusal:
        regraded(cast, hazard, cast.officer, criterion=Criterion("条" * 201))
    assert refusal.value.fields == {"criterion": "条款最多写200个字，现在有201个字。"}
    with pytest.raises(Invalid) as refusal:
        regraded(cast, hazard, cast.officer, reason="")
    assert list(refusal.value.fields) == ["reason"]


def test_a_stranger_does_not_find_it_and_a_stale_page_is_told(cast: Cast) -> None:
    hazard = found(cast)
    with pytest.raises(NotFound):
        regraded(cast, hazard, cast.neighbour_leader)
    regraded(cast, hazard, cast.officer)
    with pytest.raises(Conflict, match="现在已是第2版"), cast.database.transaction() as session:
        regrade(session, hazard_id=hazard.id, criterion=CLAUSE, reason="x", version=1, by=cast.leader, now=LATER)
