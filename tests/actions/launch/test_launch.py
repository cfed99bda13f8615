"""Launching: the roster resolved, the text frozen, the tasks fanned out, the calendar planned, everybody told once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from campaigns.actions.directory.people import disable_account
from campaigns.actions.launch.campaigns import close, launch
from campaigns.actions.launch.drafts import Draft
from campaigns.definition.library import template_text
from campaigns.definition.load import DefinitionErrors
from campaigns.definition.versions import fingerprint
from campaigns.errors import Conflict, Forbidden, Invalid
from campaigns.rules.states import CampaignState
from campaigns.store.campaign.campaigns import (
    Campaign,
    FrozenDefinition,
    Milestone,
    PlannedOccurrence,
    RosterEntry,
    Stage,
)
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.ledger import DueWork, Event
from campaigns.store.messages import Notice
from campaigns.store.tables import METADATA
from campaigns.store.work.tasks import Task
from tests.campaigns import HAZARD, KEY, LAUNCHED, SMALL, at, launched
from tests.people import FOUNDED, Cast, retrait

DRAFTS = Path(__file__).parents[2] / "definition" / "drafts"


def rows(cast: Cast) -> Counter[str]:
    with cast.database.reading() as session:
        counts = {
            name: session.scalar(select(func.count()).select_from(table)) for name, table in METADATA.tables.items()
        }
    return Counter({name: count for name, count in counts.items() if count})


def tasks_of(session: Session, duty: str) -> list[Task]:
    found = select(Task).join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
    return list(session.scalars(found.where(col(PlannedOccurrence.duty) == duty).order_by(col(Task.due_on))).all())


def everything(session: Session, table: type[SQLModel]) -> list[SQLModel]:
    return list(session.scalars(select(table)).all())


def test_the_frozen_text_carries_the_hash_that_verify_recomputes(either_cast: Cast) -> None:
    campaign = launched(either_cast)
    with either_cast.database.reading() as session:
        frozen = session.get_one(FrozenDefinition, campaign.definition_id)
    assert frozen.text == template_text(HAZARD)
    assert frozen.sha256 == fingerprint(frozen.text, frozen.parent_text, frozen.borrowed)


def test_the_campaign_remembers_who_launched_what_over_which_region(either_cast: Cast) -> None:
    campaign = launched(either_cast)
    assert (campaign.bureau_id, campaign.region_id) == (either_cast.bureau.id, either_cast.county.id)
    assert (campaign.starts_on, campaign.ends_on) == (date(2023, 5, 1), date(2023, 12, 31))
    assert (campaign.launched_by_id, campaign.state) == (either_cast.leader.person_id, CampaignState.RUNNING)


def test_rosters_hold_the_bureaus_own_enterprises_and_the_offices_above_it(either_cast: Cast) -> None:
    launched(either_cast)
    with either_cast.database.reading() as session:
        entries = session.execute(
            select(col(RosterEntry.audience), col(Organisation.name)).join(
                Organisation, col(Organisation.id) == col(RosterEntry.organisation_id)
            )
        ).all()
    assert {tuple(entry) for entry in entries} == {
        ("企业", either_cast.pond.name),
        ("企业", either_cast.other_pond.name),
        ("有外包企业", either_cast.pond.name),
        ("县局", either_cast.bureau.name),
        ("县政府", either_cast.government.name),
        ("市局", either_cast.city_bureau.name),
    }


def test_a_quota_duty_gives_each_enterprise_its_two_dates_a_month(either_cast: Cast) -> None:
    launched(either_cast)
    with either_cast.database.reading() as session:
        may = [task for task in tasks_of(session, "QY-01") if task.due_on.month == 5]
    assert {(task.organisation_id, task.due_on) for task in may} == {
        (enterprise.id, date(2023, 5, day))
        for enterprise in (either_cast.pond, either_cast.other_pond)
        for day in (15, 31)
    }
    assert {task.due_at for task in may} == {at(5, 15, 17), at(5, 31, 17)}


def test_only_who_has_the_attribute_gets_the_duty_for_it(either_cast: Cast) -> None:
    launched(either_cast)
    with either_cast.database.reading() as session:
        assert {task.organisation_id for task in tasks_of(session, "QY-04")} == {either_cast.pond.id}


def test_a_bureaus_duty_for_each_enterprise_is_one_task_for_each(either_cast: Cast) -> None:
    launched(either_cast)
    with either_cast.database.reading() as session:
        covered = {(task.organisation_id, task.subject_id) for task in tasks_of(session, "JG-31")}
    assert covered == {(either_cast.bureau.id, pond.id) for pond in (either_cast.pond, either_cast.other_pond)}


def test_the_citys_duty_for_each_county_bureau_names_the_launching_one(either_cast: Cast) -> None:
    launched(either_cast)
    with either_cast.database.reading() as session:
        visits = tasks_of(session, "SJ-41")
    assert [(task.organisation_id, task.subject_id) for task in visits] == [
        (either_cast.city_bureau.id, either_cast.bureau.id)
    ]


def test_reviewers_are_the_supervising_bureau_and_the_bureau_above(either_cast: Cast) -> None:
    launched(either_cast)
    with either_cast.database.reading() as session:
        assert {task.reviewer_id for task in tasks_of(session, "QY-11")} == {either_cast.bureau.id}
        assert {task.reviewer_id for task in tasks_of(session, "JG-01")} == {either_cast.city_bureau.id}
        assert {task.reviewer_id for task in tasks_of(session, "QY-02")} == {None}


def test_a_city_launch_gives_every_county_bureau_its_own_enterprises(either_cast: Cast) -> None:
    launched(either_cast, by=either_cast.city_leader)
    with either_cast.database.reading() as session:
        covered = {(task.organisation_id, task.subject_id) for task in tasks_of(session, "JG-31")}
        reviewers = {(task.organisation_id, task.reviewer_id) for task in tasks_of(session, "QY-11")}
    ours, theirs = either_cast.bureau.id, either_cast.neighbour_bureau.id
    ponds = {either_cast.pond.id: ours, either_cast.other_pond.id: ours, either_cast.stranger.id: theirs}
    assert covered == {(bureau, pond) for pond, bureau in ponds.items()}
    assert reviewers == set(ponds.items())


def test_stages_milestones_and_their_first_day(either_cast: Cast) -> None:
    launched(either_cast)
    with either_cast.database.reading() as session:
        stages = session.scalars(select(Stage).order_by(col(Stage.position))).all()
        marks = session.scalars(select(Milestone).order_by(col(Milestone.due_on))).all()
    assert [(stage.code, stage.state) for stage in stages] == [
        ("动员部署", "open"),
        ("自查自改", "waiting"),
        ("精准执法", "waiting"),
        ("总结提高", "waiting"),
    ]
    assert [(mark.code, mark.due_on) for mark in marks] == [
        ("底数摸清", date(2023, 7, 31)),
        ("动态清零", date(2023, 11, 30)),
    ]


def test_the_calendar_holds_every_stage_every_report_and_the_next_daily_sweep(either_cast: Cast) -> None:
    launched(either_cast)
    with either_cast.database.reading() as session:
        work = {item.key: item.due_at for item in session.scalars(select(DueWork)).all()}
    assert work["roll_up:1:调度表:2023-06"] == at(6, 25, 17)
    assert work["roll_up:1:调度表:2023-11"] == at(11, 24, 17)  # the 25th is a Saturday
    assert work["stage_closes:1:动员部署"] == work["stage_opens:1:自查自改"] == at(6, 1, 0)
    assert work["daily:1:2023-05-02"] == at(5, 2, 8, 30)
    assert Counter(key.partition(":")[0] for key in work) == {
        "roll_up": 8,
        "stage_opens": 3,
        "stage_closes": 4,
        "daily": 1,
    }


def test_everybody_who_has_work_is_told_once(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        gone = either_cast.safety_officer.person_id or 0
        disable_account(session, person_id=gone, by=either_cast.administrator, now=FOUNDED)
    launched(either_cast)
    with either_cast.database.reading() as session:
        told = Counter(session.scalars(select(col(Person.login)).join(Notice, col(Notice.person_id) == col(Person.id))))
    names = ("city.leader", "city.officer", "leader", "officer", "inspector", "government")
    assert told == Counter((*names, "principal", "director", "other.principal"))


def test_one_event_says_what_the_launch_came_to(either_cast: Cast) -> None:
    launched(either_cast)
    with either_cast.database.reading() as session:
        event = session.scalars(select(Event).order_by(col(Event.id).desc()).limit(1)).one()
        tasks = session.scalar(select(func.count()).select_from(Task))
    assert (event.kind, event.organisation_id) == ("campaign.launched", either_cast.bureau.id)
    assert (event.data["tasks"], event.data["people"]) == (tasks, 10)


def test_the_same_key_again_returns_the_same_campaign_and_writes_nothing(either_cast: Cast) -> None:
    first = launched(either_cast)
    before = rows(either_cast)
    assert launched(either_cast, now=datetime(2023, 5, 3, tzinfo=UTC)).id == first.id
    assert rows(either_cast) == before


def test_two_clicks_at_once_launch_once(either_cast: Cast) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: launched(either_cast, text=SMALL).id, range(2))
    assert first == second
    after = rows(either_cast)
    assert after["campaign"] == after["frozen_definition"] == 1
    launched(either_cast, text=SMALL)
    assert rows(either_cast) == after


def test_the_same_key_after_the_end_still_answers_with_the_campaign(cast: Cast) -> None:
    first = launched(cast, text=SMALL)
    assert launched(cast, text=SMALL, now=at(12, 31)).id == first.id


def test_an_overlay_is_frozen_with_its_superiors_text_and_runs_by_its_own_dates(either_cast: Cast) -> None:
    draft = Draft.of_text((DRAFTS / "hazard-2023-chiping.yaml").read_text(encoding="utf-8"))
    with either_cast.database.transaction() as session:
        campaign = launch(session, draft, launch_key=KEY, by=either_cast.leader, now=LAUNCHED)
    with either_cast.database.reading() as session:
        frozen = session.get_one(FrozenDefinition, campaign.definition_id)
        tables = {task.due_on for task in tasks_of(session, "JG-01")}
        patrols = tasks_of(session, "CP-01")
    assert frozen.parent_text == template_text(HAZARD)
    assert frozen.sha256 == fingerprint(frozen.text, frozen.parent_text, frozen.borrowed)
    assert date(2023, 5, 22) in tables
    assert len(patrols) > 0


def test_another_key_launches_another_campaign_from_the_same_frozen_text(either_cast: Cast) -> None:
    first, second = launched(either_cast), launched(either_cast, key="another")
    assert first.id != second.id
    assert first.definition_id == second.definition_id


def test_a_late_launch_notes_the_periods_it_skips(either_cast: Cast) -> None:
    campaign = launched(either_cast, now=at(6, 20))
    with either_cast.database.reading() as session:
        tables = [task.due_on for task in tasks_of(session, "JG-01")]
    assert tables[0] == date(2023, 6, 25)
    assert any("报送进展情况调度表" in sentence and "2023年5月" in sentence for sentence in campaign.skipped)


@pytest.mark.parametrize("who", ["inspector", "principal", "government_officer"])
def test_who_may_not_launch_is_refused(cast: Cast, who: str) -> None:
    before = rows(cast)
    with pytest.raises(Forbidden):
        launched(cast, by=getattr(cast, who))
    assert rows(cast) == before


def test_what_the_notice_leaves_open_must_be_stated_by_the_bureau(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        launched(cast, template="hundred-days", parameters={"启动日期": "2023-05-01"})
    assert "自查频次" in refusal.value.fields


def test_a_number_and_a_negation_narrow_an_audience(either_cast: Cast) -> None:
    retrait(either_cast, either_cast.pond, "有外包队伍、单班入井人数=40", now=FOUNDED)
    retrait(either_cast, either_cast.other_pond, "单班入井人数=30", now=FOUNDED)
    launched(either_cast, text=SMALL)
    with either_cast.database.reading() as session:
        assert {task.organisation_id for task in tasks_of(session, "QY-21")} == {either_cast.other_pond.id}


def test_a_text_with_mistakes_launches_nothing(cast: Cast) -> None:
    draft = Draft(template_text(HAZARD).replace("频次: 每月2次", "频次: 天天"))
    with pytest.raises(DefinitionErrors), cast.database.transaction() as session:
        launch(session, draft, launch_key=KEY, by=cast.leader, now=LAUNCHED)
    assert rows(cast)["campaign"] == 0


def test_a_campaign_that_concerns_nobody_is_not_launched(cast: Cast) -> None:
    with pytest.raises(Conflict, match="没有任何单位"):
        launched(cast, text=SMALL.replace("行业: 非煤矿山", "行业: 渔业"))
    assert rows(cast)["campaign"] == 0


def test_closing_early_needs_a_reason_and_takes_the_calendar_back(either_cast: Cast) -> None:
    campaign = launched(either_cast)
    with pytest.raises(Invalid, match="没有办结"), either_cast.database.transaction() as session:
        close(session, campaign_id=campaign.id, reason="", by=either_cast.leader, now=at(12, 31))
    with either_cast.database.transaction() as session:
        close(session, campaign_id=campaign.id, reason="并入三年行动", by=either_cast.leader, now=at(12, 31))
    with either_cast.database.reading() as session:
        assert session.get_one(Campaign, campaign.id).state == CampaignState.CLOSED
        assert everything(session, DueWork) == []


def test_a_closed_campaign_cannot_be_closed_again(cast: Cast) -> None:
    campaign = launched(cast)
    with cast.database.transaction() as session:
        close(session, campaign_id=campaign.id, reason="并入三年行动", by=cast.leader, now=at(12, 31))
    with pytest.raises(Conflict), cast.database.transaction() as session:
        close(session, campaign_id=campaign.id, reason="再结束一次", by=cast.leader, now=at(12, 31))
