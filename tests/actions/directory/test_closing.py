"""企业关闭和恢复: nothing is asked of a closed enterprise, nothing it left undone is called done, and all of it can go on."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.directory.closing import close_enterprise, reopen_enterprise
from campaigns.actions.hazards.rectifying import plan
from campaigns.actions.hazards.registering import register
from campaigns.actions.work import requests, tasks
from campaigns.definition.load import load
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.queries.verify import INVARIANTS, verify
from campaigns.queries.verify.findings import Scene
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.permissions import Actor
from campaigns.rules.states import HazardState, RequestKind, RequestState, TaskState
from campaigns.settings import Settings
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.campaign.facts import OPEN_MAJOR_HAZARDS, CampaignFacts
from campaigns.store.directory.people import Person
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.work.tasks import Task, TaskRequest
from flows.sweeps import sweep_everything
from tests.campaigns import SMALL, at, launched
from tests.lived import PLAN
from tests.people import Cast


def close(cast: Cast, *, by: Actor | None = None, on: date = date(2023, 5, 10), version: int | None = None) -> None:
    with cast.database.transaction() as session:
        close_enterprise(
            session,
            enterprise_id=cast.pond.id,
            reason="资源枯竭，已闭库",
            on=on,
            version=version,
            by=by or cast.officer,
            now=at(5, 10),
        )


def reopen(cast: Cast) -> None:
    with cast.database.transaction() as session:
        reopen_enterprise(session, enterprise_id=cast.pond.id, reason="复产验收合格", by=cast.officer, now=at(5, 12))


def found(cast: Cast, *titles: str) -> list[int]:
    with cast.database.transaction() as session:
        return [
            register(
                session,
                enterprise_id=cast.pond.id,
                finding=Finding(title, major=True, criterion="三（一）"),
                found_on=date(2023, 5, 8),
                by=cast.inspector,
                now=at(5, 8),
            ).id
            for title in titles
        ]


def states(cast: Cast, ids: list[int]) -> list[tuple[str, str]]:
    with cast.database.reading() as session:
        rows = select(Hazard).where(col(Hazard.id).in_(ids)).order_by(col(Hazard.id))
        return [(hazard.state, hazard.ended_reason) for hazard in session.scalars(rows)]


def open_majors(session: Session, campaign: Campaign) -> int:
    count = CampaignFacts(session, campaign, load(SMALL), at(5, 11)).name(OPEN_MAJOR_HAZARDS)
    assert isinstance(count, int)
    return count


def test_open_hazards_end_with_the_enterprise_hold_up_no_stage_and_are_not_called_rectified(either_cast: Cast) -> None:
    campaign = launched(either_cast, text=SMALL)
    ids = found(either_cast, "坝体裂缝", "排洪不畅")
    with either_cast.database.transaction() as session:
        plan(session, hazard_id=ids[1], plan=PLAN, by=either_cast.principal, now=at(5, 9))
        assert open_majors(session, campaign) == 2
    close(either_cast)
    assert states(either_cast, ids) == [(HazardState.ENDED, "资源枯竭，已闭库")] * 2
    with either_cast.database.reading() as session:
        assert open_majors(session, campaign) == 0
        assert [session.get_one(Hazard, id_).closed_at for id_ in ids] == [None, None]
    reopen(either_cast)
    assert states(either_cast, ids) == [(HazardState.REGISTERED, ""), (HazardState.RECTIFYING, "")]
    with either_cast.database.reading() as session:
        assert open_majors(session, campaign) == 2


def test_open_tasks_are_withdrawn_with_what_hung_on_them_and_come_back_when_not_yet_due(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    with either_cast.database.transaction() as session:
        mine = session.scalars(select(Task).where(col(Task.organisation_id) == either_cast.pond.id)).all()
        for task in mine:
            tasks.acknowledge(session, task_id=task.id, by=either_cast.principal, now=at(5, 4))
        asked = requests.ask(
            session,
            task_id=mine[0].id,
            kind=RequestKind.WAIVER,
            reason="停产",
            by=either_cast.principal,
            now=at(5, 5),
        )
    close(either_cast)
    with either_cast.database.reading() as session:
        about = select(col(Task.state)).where(col(Task.subject_id) == either_cast.pond.id)
        assert set(session.scalars(about)) == {TaskState.WITHDRAWN}
        declined = session.get_one(TaskRequest, asked.id)
        assert (declined.state, declined.decision_reason) == (RequestState.DECLINED, "企业已登记关闭")
    before = sweep_everything(either_cast.database, now=at(5, 11))
    assert before["名单变动"] == 0, "closing did at once what the sweep would do"
    reopen(either_cast)
    with either_cast.database.reading() as session:
        assert set(session.scalars(about)) == {TaskState.ASSIGNED}


def test_its_accounts_close_and_open_with_it_and_the_record_stays_sound(either_cast: Cast) -> None:
    def disabled() -> set[str]:
        with either_cast.database.reading() as session:
            theirs = col(Person.organisation_id) == either_cast.pond.id, col(Person.disabled_at).is_not(None)
            return set(session.scalars(select(col(Person.login)).where(*theirs)))

    launched(either_cast, text=SMALL)
    found(either_cast, "坝体裂缝")
    close(either_cast)
    assert disabled() == {"principal", "director", "safety"}
    _is_sound(either_cast)
    reopen(either_cast)
    assert disabled() == set()
    _is_sound(either_cast)


def _is_sound(cast: Cast) -> None:
    with cast.database.reading() as session:
        scene = Scene(session, Settings(demo=True), at(5, 12, 10))
        looks = [one for one in INVARIANTS if one.code in ("I6", "I11", "I15")]
        assert len(looks) == 3
        assert [finding for _, findings in verify(scene, looks) for finding in findings] == []


def test_who_may_close_what_and_when(cast: Cast) -> None:
    with pytest.raises(NotFound):
        close(cast, by=cast.neighbour_officer)
    with pytest.raises(Invalid) as refusal:
        close(cast, on=date(2023, 5, 11))
    assert "on" in refusal.value.fields
    with pytest.raises(Conflict, match="第7版"):
        close(cast, version=7)
    with pytest.raises(Conflict, match="没有登记关闭"):
        reopen(cast)
    close(cast)
    with pytest.raises(Conflict, match="已于2023年5月10日登记关闭"):
        close(cast)


def test_nothing_new_is_registered_on_a_closed_enterprise(cast: Cast) -> None:
    close(cast)
    with pytest.raises(Conflict, match="登记关闭，不能再登记隐患"):
        found(cast, "坝体裂缝")
