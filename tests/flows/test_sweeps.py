"""Time, sweep by sweep, on both engines: each derives from rows what is due, and a second pass writes nothing."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import func, select, update
from sqlmodel import SQLModel, col

from campaigns.actions.hazards.registering import register
from campaigns.actions.launch.campaigns import close
from campaigns.actions.time import chasing, escalation, stages
from campaigns.actions.time.proposals import dismiss
from campaigns.actions.work.requests import ask, grant
from campaigns.actions.work.tasks import accept, submit
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.permissions import Actor
from campaigns.rules.states import RequestKind, StageState, TaskState
from campaigns.store.campaign.campaigns import FrozenDefinition, Milestone, PlannedOccurrence, Stage
from campaigns.store.directory.people import Person
from campaigns.store.ledger import DueWork, Event, Heartbeat
from campaigns.store.messages import Notice
from campaigns.store.tables import METADATA
from campaigns.store.work.tasks import Proposal, Task
from flows.sweeps import pass_of_everything, sweep, sweep_everything
from notifications.compose import compose
from tests.campaigns import SMALL, at, launched
from tests.people import Cast

Row = TypeVar("Row", bound=SQLModel)
PLAN = {"完成日期": "2023-05-20", "完成情况": "方案已报送"}


def task_of(cast: Cast, duty: str, organisation_id: int) -> Task:
    with cast.database.reading() as session:
        found = select(Task).join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        return session.scalars(
            found.where(col(PlannedOccurrence.duty) == duty, col(Task.organisation_id) == organisation_id)
        ).one()


def notices(cast: Cast, kind: str) -> list[Notice]:
    with cast.database.reading() as session:
        return list(session.scalars(select(Notice).where(col(Notice.kind) == kind).order_by(col(Notice.id))).all())


def logins(cast: Cast, kind: str) -> Counter[str]:
    with cast.database.reading() as session:
        people = select(col(Person.login)).join(Notice, col(Notice.person_id) == col(Person.id))
        return Counter(session.scalars(people.where(col(Notice.kind) == kind)).all())


def sizes(cast: Cast) -> dict[str, int]:
    with cast.database.reading() as session:
        tables = {name: table for name, table in METADATA.tables.items() if name != "heartbeat"}
        return {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables.items()}


def rows(cast: Cast, table: type[Row]) -> list[Row]:
    with cast.database.reading() as session:
        return list(session.scalars(select(table).order_by(*table.__table__.primary_key)).all())  # type: ignore[attr-defined]


def hand_in(cast: Cast, who: Actor, *, now: datetime, accepted: bool = True) -> None:
    """Hand in the plan of an enterprise (QY-11), and let the bureau accept it."""
    task = task_of(cast, "QY-11", who.organisation_id or 0)
    with cast.database.transaction() as session:
        submit(session, task_id=task.id, values=PLAN, by=who, now=now)
        if accepted:
            accept(session, task_id=task.id, by=cast.officer, now=now)


def test_a_task_is_overdue_from_its_due_date_as_soon_as_its_hour_has_passed(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    assert sweep(either_cast.database, chasing.mark_overdue, now=at(5, 31, 17)) == 0
    assert sweep(either_cast.database, chasing.mark_overdue, now=at(5, 31, 17, 1)) == 4
    assert task_of(either_cast, "QY-11", either_cast.pond.id).overdue_on == date(2023, 5, 31)


def test_marking_overdue_again_changes_nothing(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    sweep(either_cast.database, chasing.mark_overdue, now=at(6, 1))
    before = sizes(either_cast)
    assert sweep(either_cast.database, chasing.mark_overdue, now=at(6, 9)) == 0
    assert sizes(either_cast) == before


def test_what_was_handed_in_or_is_optional_or_event_driven_is_never_overdue(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL.replace("对象: 初始企业, 截止: 阶段末", "对象: 初始企业, 截止: 阶段末, 必做: 否"))
    hand_in(either_cast, either_cast.principal, now=at(5, 20), accepted=False)
    assert sweep(either_cast.database, chasing.mark_overdue, now=at(6, 5)) == 1
    assert task_of(either_cast, "QY-11", either_cast.other_pond.id).overdue_on is not None
    launched(either_cast, key="event")
    sweep(either_cast.database, chasing.mark_overdue, now=at(12, 31, 23))
    assert task_of(either_cast, "QY-08", either_cast.pond.id).overdue_on is None


def test_reminders_follow_the_ladder_of_the_due_date(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    sent = {day: sweep(either_cast.database, chasing.remind, now=at(5, day)) for day in range(22, 32)}
    # 31 May is a Wednesday: five working days before it is the 24th; of the ponds' people three and one are reminded
    assert {day: count for day, count in sent.items() if count} == {24: 4, 30: 4, 31: 4}
    assert logins(either_cast, chasing.REMINDER) == {"principal": 3, "director": 3, "safety": 3, "other.principal": 3}


def test_a_second_pass_on_the_same_day_sends_nothing(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    sweep(either_cast.database, chasing.remind, now=at(5, 24))
    before = sizes(either_cast)
    assert sweep(either_cast.database, chasing.remind, now=at(5, 24, 16)) == 0
    assert sizes(either_cast) == before


def test_nobody_is_reminded_at_night_or_on_a_day_off(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    for now in (at(5, 24, 8, 29), at(5, 24, 17, 31), at(5, 27), at(5, 28)):
        assert sweep(either_cast.database, chasing.remind, now=now) == 0


def test_a_morning_missed_is_made_up_the_next_working_day_and_marked(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    sweep(either_cast.database, chasing.remind, now=at(5, 25))
    assert {notice.late for notice in notices(either_cast, chasing.REMINDER)} == {True}


def test_after_an_outage_the_missed_rungs_collapse_into_the_newest(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    sweep(either_cast.database, chasing.remind, now=at(6, 2))
    sent = notices(either_cast, chasing.REMINDER)
    assert Counter(notice.title for notice in sent) == {"报送方案：逾期后第2个工作日": 4}
    assert not any(notice.late for notice in sent)


def test_what_is_extended_or_newly_given_is_not_reminded_of_days_before_it(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    sweep(either_cast.database, chasing.remind, now=at(5, 24))
    with either_cast.database.transaction() as session:
        task = task_of(either_cast, "QY-11", either_cast.other_pond.id)
        asked = ask(
            session,
            task_id=task.id,
            kind=RequestKind.EXTENSION,
            reason="专家档期",
            due_on=date(2023, 6, 1),
            by=either_cast.other_principal,
            now=at(5, 25),
        )
        grant(session, request_id=asked.id, by=either_cast.officer, now=at(5, 25))
    # five working days before 1 June is the 25th, today; before that nothing was missed
    assert sweep(either_cast.database, chasing.remind, now=at(5, 26)) == 1
    assert sweep(either_cast.database, chasing.remind, now=at(5, 29)) == 0


def test_a_ladder_stops_at_its_cap(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    for month, day in [(5, day) for day in range(22, 32)] + [(6, day) for day in range(1, 30)]:
        sweep(either_cast.database, chasing.remind, now=at(month, day))
    assert logins(either_cast, chasing.REMINDER)["other.principal"] == 5


def test_reminders_stop_with_the_work_and_follow_an_extension(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    hand_in(either_cast, either_cast.principal, now=at(5, 20))
    late = task_of(either_cast, "QY-11", either_cast.other_pond.id)
    with either_cast.database.transaction() as session:
        asked = ask(
            session,
            task_id=late.id,
            kind=RequestKind.EXTENSION,
            reason="专家档期",
            due_on=date(2023, 6, 15),
            by=either_cast.other_principal,
            now=at(5, 22),
        )
        grant(session, request_id=asked.id, by=either_cast.officer, now=at(5, 22))
    days = [(5, day) for day in range(22, 32)] + [(6, day) for day in range(1, 16)]
    sent = {(month, day): sweep(either_cast.database, chasing.remind, now=at(month, day)) for month, day in days}
    assert {day for day, count in sent.items() if count} == {(6, 8), (6, 14), (6, 15)}


def test_a_warning_goes_to_the_principal_and_to_the_bureau_once(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    for now in (at(5, 31), at(6, 1), at(6, 1, 15), at(6, 2)):
        sweep_everything(either_cast.database, now=now)
    assert logins(either_cast, escalation.WARNING) == {
        "principal": 1,
        "other.principal": 1,
        "leader": 1,
        "officer": 1,
        "inspector": 1,
    }
    to_bureau = [notice for notice in notices(either_cast, escalation.WARNING) if notice.task_id is None]
    assert {notice.body for notice in to_bureau} == {"截止日期是2023年5月31日，还有2项没有办结。"}


def test_a_warning_missed_by_an_outage_is_marked(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    sweep_everything(either_cast.database, now=at(6, 2))
    assert {notice.late for notice in notices(either_cast, escalation.WARNING)} == {True}


def test_proposals_are_drafted_for_the_supervising_bureau_and_its_leader_is_told(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    sweep_everything(either_cast.database, now=at(6, 2))
    assert rows(either_cast, Proposal) == []
    sweep_everything(either_cast.database, now=at(6, 5))
    drafted = rows(either_cast, Proposal)
    assert {(p.rung, p.action, p.target_id, p.handler_id, p.state) for p in drafted} == {
        ("逾期3个工作日通报", "通报", pond.id, either_cast.bureau.id, "drafted")
        for pond in (either_cast.pond, either_cast.other_pond)
    }
    assert logins(either_cast, "proposals.drafted") == {"leader": 1}


def test_a_step_with_a_condition_applies_only_where_it_holds(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    with either_cast.database.transaction() as session:
        register(
            session,
            enterprise_id=either_cast.pond.id,
            finding=Finding("坝体渗漏", major=True, criterion="矿安〔2022〕88号 三（一）"),
            found_on=date(2023, 6, 1),
            by=either_cast.inspector,
            now=at(6, 1),
        )
    sweep_everything(either_cast.database, now=at(6, 8))
    listed = [row for row in rows(either_cast, Proposal) if row.action == "挂牌督办"]
    assert [row.target_id for row in listed] == [either_cast.pond.id]


def test_a_dismissed_step_is_not_drafted_again(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    sweep_everything(either_cast.database, now=at(6, 5))
    first = rows(either_cast, Proposal)[0]
    with either_cast.database.transaction() as session:
        reason = "企业已停产，先帮扶"
        dismiss(session, proposal_id=first.id, reason=reason, by=either_cast.leader, now=at(6, 5))
    before = sizes(either_cast)
    sweep_everything(either_cast.database, now=at(6, 5, 15))
    assert sizes(either_cast) == before


def test_a_stage_opens_on_its_day_and_says_so(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    assert sweep(either_cast.database, stages.open_stages, now=at(5, 31, 23)) == 0
    assert sweep(either_cast.database, stages.open_stages, now=at(6, 1, 0)) == 1
    kinds = [event.kind for event in rows(either_cast, Event)]
    assert kinds.count("stage.opened") == 1


def test_a_stage_opens_early_when_the_one_before_is_achieved(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    for who in (either_cast.principal, either_cast.other_principal):
        hand_in(either_cast, who, now=at(5, 20))
    sweep(either_cast.database, stages.open_stages, now=at(5, 20, 10))
    assert [stage.state for stage in rows(either_cast, Stage)] == [StageState.OPEN, StageState.OPEN]


def test_an_ended_stage_is_done_or_has_open_work_and_may_still_be_completed(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    sweep_everything(either_cast.database, now=at(6, 1))
    assert [stage.state for stage in rows(either_cast, Stage)] == [StageState.OVERRUN, StageState.OPEN]
    for who in (either_cast.principal, either_cast.other_principal):
        hand_in(either_cast, who, now=at(6, 2))
    sweep_everything(either_cast.database, now=at(6, 3))
    assert [stage.state for stage in rows(either_cast, Stage)] == [StageState.DONE, StageState.OPEN]


def test_the_end_of_a_stage_cancels_nothing(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    sweep_everything(either_cast.database, now=at(6, 1))
    assert task_of(either_cast, "QY-12", either_cast.pond.id).state == TaskState.ASSIGNED


def test_a_milestone_is_looked_at_from_its_own_date_on(either_cast: Cast) -> None:
    launched(either_cast)
    sweep_everything(either_cast.database, now=at(5, 4))
    assert {mark.reached_on for mark in rows(either_cast, Milestone)} == {None}
    sweep_everything(either_cast.database, now=at(11, 30))
    reached = {mark.code: mark.reached_on for mark in rows(either_cast, Milestone)}
    assert reached == {"底数摸清": None, "动态清零": date(2023, 11, 30)}


def test_a_pass_does_all_of_a_missed_month_once_and_marks_it_late(either_cast: Cast) -> None:
    launched(either_cast)
    first = pass_of_everything(either_cast.database, now=at(6, 28))
    assert not first.failed
    assert {"roll_up:1:调度表:2023-05", "stage_closes:1:动员部署", "daily:1:2023-05-02"} <= set(first.done)
    work = {item.key: item.late for item in rows(either_cast, DueWork) if item.done_at}
    assert work["roll_up:1:调度表:2023-05"]
    compose(either_cast.database, now=at(6, 28))
    stages = [*notices(either_cast, "stage.opened"), *notices(either_cast, "stage.closed")]
    told = {(notice.kind, notice.late) for notice in stages}
    assert ("stage.closed", True) in told, "a stage that ended weeks ago is told as 补发"
    before = sizes(either_cast)
    second = pass_of_everything(either_cast.database, now=at(6, 28))
    assert (second.done, set(second.counts.values())) == ((), {0})
    assert sizes(either_cast) == before


def test_the_daily_sweep_plans_the_next_one_until_the_campaign_is_closed(either_cast: Cast) -> None:
    campaign = launched(either_cast, text=SMALL)
    assert "daily:1:2023-05-02" in pass_of_everything(either_cast.database, now=at(5, 2, 8, 30)).done
    assert "daily:1:2023-05-03" in pass_of_everything(either_cast.database, now=at(5, 3, 8, 31)).done
    with either_cast.database.transaction() as session:
        close(session, campaign_id=campaign.id, reason="并入三年行动", by=either_cast.leader, now=at(5, 3, 10))
    result = pass_of_everything(either_cast.database, now=at(6, 5))
    assert (result.done, set(result.counts.values())) == ((), {0})


def test_two_workers_at_once_leave_the_same_rows_as_one(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: pass_of_everything(either_cast.database, now=at(6, 5)), range(2)))
    both = sizes(either_cast)
    assert (both["proposal"], both["report"]) == (2, 0)
    assert logins(either_cast, chasing.REMINDER) == {"principal": 1, "director": 1, "safety": 1, "other.principal": 1}
    pass_of_everything(either_cast.database, now=at(6, 5))
    assert sizes(either_cast) == both


def test_one_campaign_that_cannot_be_read_does_not_hold_up_the_others(either_cast: Cast) -> None:
    broken = launched(either_cast, text=SMALL)
    launched(either_cast, text=SMALL.replace("小行动", "另一个行动"), key="another")
    with either_cast.database.transaction() as session:
        frozen = update(FrozenDefinition).where(col(FrozenDefinition.id) == broken.definition_id)
        session.execute(frozen.values(text="被改坏的正文"))
    result = pass_of_everything(either_cast.database, now=at(6, 1))
    assert f"催办:{broken.id}" in result.failed
    assert len([task for task in rows(either_cast, Task) if task.overdue_on]) == 8  # needs no text: even the broken one
    assert logins(either_cast, escalation.WARNING)["principal"] == 1
    assert rows(either_cast, Heartbeat)[0].at == at(6, 1)
