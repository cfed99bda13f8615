"""逐级上报: 县 asks 市, 市 may ask 省; each asks once, whoever is asked answers, and both are told."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.hazards.escalating import answer, escalate
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.rules.permissions import Actor
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.records import HazardEscalation
from campaigns.store.messages import Notice
from campaigns.store.scope import bureau_above
from notifications.compose import compose
from tests.actions.hazards.test_the_closed_loop import LATER, MAJOR, NOW, found, kinds
from tests.people import Cast


def raised(cast: Cast, hazard: Hazard, by: Actor, wanted: str = "请市局派专家") -> HazardEscalation:
    with cast.database.transaction() as session:
        return escalate(
            session, hazard_id=hazard.id, difficulty="无设计资料", tried="已降水位", wanted=wanted, by=by, now=NOW
        )


def answered(cast: Cast, hazard: Hazard, by: Actor, reply: str = "专家周三到场") -> HazardEscalation:
    with cast.database.transaction() as session:
        return answer(session, hazard_id=hazard.id, reply=reply, by=by, now=LATER)


def titles(cast: Cast, who: Actor) -> list[str]:
    with cast.database.reading() as session:
        return list(session.scalars(select(col(Notice.title)).where(col(Notice.person_id) == who.person_id)))


def test_a_county_asks_its_city_and_both_are_told(either_cast: Cast) -> None:
    hazard = found(either_cast, MAJOR)
    assert raised(either_cast, hazard, either_cast.officer).to_id == either_cast.city_bureau.id
    compose(either_cast.database, now=NOW)
    assert any("下级提请协调" in title for title in titles(either_cast, either_cast.city_leader))
    assert answered(either_cast, hazard, either_cast.city_officer).answer == "专家周三到场"
    compose(either_cast.database, now=LATER)
    assert any("上级已答复" in title for title in titles(either_cast, either_cast.officer))
    assert kinds(either_cast, hazard)[-2:] == ["hazard.escalated", "hazard.answered"]


def test_it_is_asked_once_at_a_time_and_answered_once(either_cast: Cast) -> None:
    hazard = found(either_cast, MAJOR)
    raised(either_cast, hazard, either_cast.officer)
    with pytest.raises(Conflict, match="正在等答复"):
        raised(either_cast, hazard, either_cast.leader)
    answered(either_cast, hazard, either_cast.city_leader)
    with pytest.raises(Conflict, match="没有等待本单位答复"):
        answered(either_cast, hazard, either_cast.city_leader)
    raised(either_cast, hazard, either_cast.leader, "还需要资金")


def test_the_nearest_bureau_above_is_asked_and_the_top_has_none(cast: Cast) -> None:
    with cast.database.reading() as session:
        assert bureau_above(session, cast.bureau.id) == cast.city_bureau.id
        assert bureau_above(session, cast.city_bureau.id) is None
    hazard = found(cast, MAJOR)
    with pytest.raises(Forbidden, match="由它的监管部门先提请"):
        raised(cast, hazard, cast.city_leader)
    raised(cast, hazard, cast.officer)
    with pytest.raises(Conflict, match="没有上一级"):
        raised(cast, hazard, cast.city_leader)


def test_blanks_are_named_and_strangers_find_nothing(cast: Cast) -> None:
    hazard = found(cast, MAJOR)
    with pytest.raises(Invalid) as refusal:
        raised(cast, hazard, cast.officer, " ")
    assert list(refusal.value.fields) == ["wanted"]
    for who, kind in ((cast.neighbour_leader, NotFound), (cast.principal, Forbidden), (cast.inspector, Forbidden)):
        with pytest.raises(kind):
            raised(cast, hazard, who)
    raised(cast, hazard, cast.officer)
    with pytest.raises(Invalid) as refusal:
        answered(cast, hazard, cast.city_leader, "")
    assert list(refusal.value.fields) == ["reply"]
