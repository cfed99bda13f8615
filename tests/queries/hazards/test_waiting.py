"""What hazards ask of a bureau waits in its list until it is done: 直报, 延期, 提请; each for whom it is for."""

from datetime import date

from sqlmodel import Session

from campaigns.actions.hazards.escalating import answer, escalate
from campaigns.actions.hazards.extending import ask_extension, grant_extension
from campaigns.actions.hazards.rectifying import plan
from campaigns.actions.hazards.registering import register
from campaigns.actions.hazards.reporting_up import receive, report_to_bureau
from campaigns.queries.campaign.decisions import DecisionKind, count_decisions, decisions
from campaigns.rules.hazards.finding import Finding, RectificationPlan
from campaigns.rules.permissions import Actor
from campaigns.store.hazards.hazards import Hazard
from tests.campaigns import at
from tests.people import Cast

NOW = at(6, 12, 10)
FIVE = RectificationPlan("卫矿长", "更换盖板", 35000, date(2023, 6, 20), "停止排放")


def found(session: Session, cast: Cast, *, major: bool) -> Hazard:
    """Return a hazard that the enterprise found itself."""
    finding = Finding("坝体渗漏", major=major, criterion="三（一）" if major else "")
    return register(
        session, enterprise_id=cast.pond.id, finding=finding, found_on=NOW.date(), by=cast.safety_officer, now=NOW
    )


def waiting(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return the address and the words of each line that waits for somebody."""
    lines = decisions(session, actor=actor, kind=DecisionKind.HAZARD)
    assert len(lines) == count_decisions(session, actor=actor)[DecisionKind.HAZARD]
    return [(line.address, line.note) for line in lines]


def test_a_report_waits_for_its_bureau_until_somebody_signs_for_it(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        hazard = found(session, either_cast, major=True)
        assert waiting(session, either_cast.officer) == []
        report_to_bureau(session, hazard_id=hazard.id, content="坝顶裂缝", by=either_cast.safety_officer, now=NOW)
        line = (f"/hazards/{hazard.id}/receive", "重大隐患直报，等待接收：坝顶裂缝")
        assert waiting(session, either_cast.officer) == waiting(session, either_cast.inspector) == [line]
        assert waiting(session, either_cast.city_leader) == []
        assert DecisionKind.HAZARD not in count_decisions(session, actor=either_cast.principal)
        receive(session, hazard_id=hazard.id, by=either_cast.inspector, now=NOW)
        assert waiting(session, either_cast.officer) == []


def test_an_extension_waits_where_the_bureau_decides_and_not_where_the_principal_does(either_cast: Cast) -> None:
    later, by = date(2023, 7, 1), either_cast.safety_officer
    with either_cast.database.transaction() as session:
        ordinary, major = found(session, either_cast, major=False), found(session, either_cast, major=True)
        for hazard in (ordinary, major):
            plan(session, hazard_id=hazard.id, plan=FIVE, by=by, now=NOW)
            ask_extension(session, hazard_id=hazard.id, deadline_on=later, reason="等料", by=by, now=NOW)
        line = (f"/hazards/{major.id}/decide_extension", "申请整改期限延到2023年7月1日：等料")
        assert waiting(session, either_cast.officer) == [line]
        assert waiting(session, either_cast.inspector) == [], "he does not decide on it"
        grant_extension(session, hazard_id=major.id, by=either_cast.officer, now=NOW)
        assert waiting(session, either_cast.officer) == []


def test_what_was_asked_of_the_superior_waits_there(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        hazard = found(session, either_cast, major=True)
        asked = {"difficulty": "缺资料", "tried": "已降水位", "wanted": "请派专家"}
        escalate(session, hazard_id=hazard.id, **asked, by=either_cast.officer, now=NOW)
        assert waiting(session, either_cast.city_leader) == [(f"/hazards/{hazard.id}/answer", "提请协调：请派专家")]
        assert waiting(session, either_cast.officer) == []
        answer(session, hazard_id=hazard.id, reply="周三到场", by=either_cast.city_leader, now=NOW)
        assert waiting(session, either_cast.city_leader) == []
