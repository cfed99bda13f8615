"""停产 because of a hazard: a part or the whole, and nothing runs again before it is removed and looked at."""

import pytest

from campaigns.actions.hazards.stopping import lift_stop, order_stop
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.rules.hazards.stopping import StopScope
from campaigns.rules.permissions import Actor
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.records import HazardStop
from tests.actions.hazards.test_the_closed_loop import LATER, MAJOR, NOW, found, kinds, rectified
from tests.people import Cast


def stopped(
    cast: Cast, hazard: Hazard, by: Actor, scope: StopScope | None = StopScope.PARTIAL, **said: str
) -> HazardStop:
    words = {"place": "3号采场", "number": "停1号", "reason": "威胁人员安全"} | said
    with cast.database.transaction() as session:
        return order_stop(session, hazard_id=hazard.id, scope=scope, by=by, now=NOW, **words)


def lifted(cast: Cast, hazard: Hazard, by: Actor, reason: str = "隐患已排除，同意") -> HazardStop:
    with cast.database.transaction() as session:
        return lift_stop(session, hazard_id=hazard.id, reason=reason, by=by, now=LATER)


def test_what_the_bureau_stops_the_bureau_alone_lifts_after_it_is_removed(either_cast: Cast) -> None:
    hazard = rectified(either_cast, MAJOR)
    assert stopped(either_cast, hazard, either_cast.officer).scope == StopScope.PARTIAL
    with pytest.raises(Forbidden, match="由监管部门审查同意"):
        lifted(either_cast, hazard, either_cast.principal)
    assert lifted(either_cast, hazard, either_cast.leader).lifted_at == LATER
    assert kinds(either_cast, hazard)[-2:] == ["hazard.stopped", "hazard.resumed"]
    with pytest.raises(Conflict, match="现在没有停产"):
        lifted(either_cast, hazard, either_cast.leader)


def test_nothing_runs_again_before_a_major_hazard_is_removed(cast: Cast) -> None:
    ordered, own = found(cast, MAJOR), found(cast, MAJOR)
    stopped(cast, ordered, cast.leader, StopScope.WHOLE)
    stopped(cast, own, cast.safety_officer, number="")
    for hazard, by in ((ordered, cast.leader), (own, cast.principal)):
        with pytest.raises(Forbidden, match="经审查同意，方可恢复"):
            lifted(cast, hazard, by)


def test_one_stop_at_a_time_and_another_after_it(either_cast: Cast) -> None:
    hazard = rectified(either_cast)
    stopped(either_cast, hazard, either_cast.principal)
    with pytest.raises(Conflict, match="还没有恢复"):
        stopped(either_cast, hazard, either_cast.leader, StopScope.WHOLE)
    lifted(either_cast, hazard, either_cast.principal)
    assert stopped(either_cast, hazard, either_cast.leader, StopScope.WHOLE).scope == StopScope.WHOLE


def test_an_order_says_how_much_where_and_under_which_number(cast: Cast) -> None:
    hazard = found(cast, MAJOR)
    with pytest.raises(Invalid) as refusal:
        stopped(cast, hazard, cast.leader, None, number="")
    assert set(refusal.value.fields) == {"scope", "number"}
    with pytest.raises(Invalid) as refusal:
        stopped(cast, hazard, cast.principal, place=" ", number="")
    assert set(refusal.value.fields) == {"place"}
    with pytest.raises(Invalid, match="停产理由"):
        stopped(cast, hazard, cast.leader, reason="")


def test_who_may_not_decide_stops_nothing(cast: Cast) -> None:
    hazard = found(cast, MAJOR)
    for who, refusal in (
        (cast.inspector, Forbidden),
        (cast.city_leader, Forbidden),
        (cast.neighbour_leader, NotFound),
        (cast.other_principal, NotFound),
    ):
        with pytest.raises(refusal):
            stopped(cast, hazard, who)
