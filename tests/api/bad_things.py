"""Good values for every form, and the county's things in every state that a form may meet."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.hazards.extending import ask_extension
from campaigns.actions.hazards.rectifying import plan, report_rectification
from campaigns.actions.hazards.registering import register
from campaigns.actions.rankings.drafting import discard
from campaigns.actions.time.proposals import dismiss
from campaigns.actions.work.requests import ask, decline
from campaigns.actions.work.tasks import sign_nil
from campaigns.rules.hazards.finding import Finding, RectificationPlan
from campaigns.rules.states import RequestKind
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.rankings.rankings import Ranking
from campaigns.store.reporting.reports import Report
from campaigns.store.spot_checks import Flag
from campaigns.store.work.tasks import Proposal, Task
from tests.campaigns import at
from tests.factories import task_of
from tests.people import Cast

NOW = at(6, 12, 10)
MAJOR = Finding("坝体渗漏", major=True, criterion="三（一）")
FIVE = RectificationPlan("卫矿长", "更换盖板", 35000, NOW.date(), "停止排放")
VERSIONS: Mapping[str, tuple[Any, str, str]] = {
    "hazard_id": (Hazard, "version", "version"),
    "task_id": (Task, "version", "version"),
    "flag_id": (Flag, "version", "version"),
    "organisation_id": (Organisation, "version", "version"),
    "ranking_id": (Ranking, "edit_version", "version"),
    "report_id": (Report, "edit_version", "edit_version"),
}
"""By the parameter: the table, its column, and the field of the form that carries it."""
GOOD = {
    "responsible": "卫矿长",
    "measures": "更换盖板",
    "funds": "35000",
    "contingency": "停止排放",
    "deadline_on": "2023-07-01",
    "due_on": "2023-07-01",
    "planned_on": "2023-06-20",
    "received_on": "2023-06-12",
    "rectification": "已换",
    "opinion": "合格",
    "reason": "停产检修",
    "description": "又漏了",
    "content": "已报",
    "criterion": "三（一）",
    "received_by": "张工",
    "scope": "whole",
    "place": "坝顶",
    "number": "督1",
    "reply": "周三到",
    "difficulty": "没有专家",
    "tried": "问过",
    "wanted": "派人",
    "signed": "on",
    "kind": "extension",
    "title": "缺护栏",
    "name": "青山矿业尾矿库",
    "on": "2023-06-12",
    "login": "wang.new",
    "password": "Zhong-he-99",
    "roles": "officer",
    "decision": "dismiss",
    "basis": "聊应急〔2023〕9号",
    "points": "1",
    "outcome": "属实",
    "checked_on": "2023-06-12",
    "issued_on": "2022-07-01",
    "in_force_on": "2022-07-01",
    "until": "2023-06-20",
    "starts_on": "2023-05-20",
    "ends_on": "2023-06-12",
    "size": "1",
    "note": "调休",
    "day": "2023-08-06",
    "sectors": "尾矿库",
}
"""What every field of these forms may hold, so that nothing else is wrong."""


def good(cast: Cast) -> dict[str, str]:
    """Return the good values with the county's own ids."""
    ids = {"organisation": cast.bureau.id, "region_id": cast.county.id, "bureau_id": cast.city_bureau.id}
    return GOOD | {name: str(id_) for name, id_ in ids.items()}


def in_every_state(session: Session, cast: Cast, ids: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Return the ids of things by the name of their parameter and the word of the table."""

    def hazard() -> Hazard:
        return register(
            session, enterprise_id=cast.pond.id, finding=MAJOR, found_on=NOW.date(), by=cast.safety_officer, now=NOW
        )

    def planned() -> Hazard:
        return plan(session, hazard_id=hazard().id, plan=FIVE, by=cast.safety_officer, now=NOW)

    rectified, asked = planned(), planned()
    report_rectification(session, hazard_id=rectified.id, rectification="已换", by=cast.safety_officer, now=NOW)
    ask_extension(
        session, hazard_id=asked.id, deadline_on=at(7, 1).date(), reason="等料", by=cast.safety_officer, now=NOW
    )
    closed = session.scalars(select(Hazard).where(col(Hazard.state) == "closed")).one()
    listed = session.scalars(select(col(Flag.id)).where(col(Flag.state) == "listed")).one()
    open_task, waiting = task_of(session, "QY-01", cast.pond.id, seq=2), task_of(session, "QY-21", cast.pond.id)
    sign_nil(session, task_id=waiting.id, signed=True, by=cast.principal, now=NOW)
    other = task_of(session, "QY-01", cast.other_pond.id)
    decided = ask(session, task_id=other.id, kind=RequestKind.WAIVER, reason="停产", by=cast.other_principal, now=NOW)
    decline(session, request_id=decided.id, reason="没有停", by=cast.officer, now=NOW)
    proposal = session.scalars(select(Proposal).where(col(Proposal.id) != ids["proposal_id"])).first()
    assert proposal is not None
    dismiss(session, proposal_id=proposal.id, reason="不必", by=cast.leader, now=NOW)
    discarded = Ranking(
        **session.get_one(Ranking, ids["ranking_id"]).model_dump(exclude={"id", "code"}), code="canary-2"
    )
    session.add(discarded)
    session.flush()
    discard(session, ranking_id=discarded.id, by=cast.officer, now=NOW)
    return {
        "request_id": {"decided": decided.id},
        "proposal_id": {"decided": proposal.id},
        "ranking_id": {"discarded": discarded.id},
        "storage_id": {"gone": "0" * 32},
        "hazard_id": {
            "fresh": hazard().id,
            "planned": planned().id,
            "rectified": rectified.id,
            "asked": asked.id,
            "closed": closed.id,
        },
        "task_id": {
            "unsent": task_of(session, "QY-11", cast.pond.id).id,
            "next": task_of(session, "QY-01", cast.pond.id, period="2023-06").id,
            "fresh": open_task.id,
            "waiting": waiting.id,
            "done": ids["task_id"],
        },
        "flag_id": {"fresh": ids["flag_id"], "listed": listed},
    }
