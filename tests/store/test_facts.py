"""What a condition of a running campaign is true of; what is not known meets nothing."""

from fractions import Fraction

from sqlalchemy import select, update
from sqlmodel import col

from campaigns.actions.work.requests import ask, grant
from campaigns.actions.work.tasks import accept, submit
from campaigns.rules.permissions import Actor
from campaigns.rules.states import RequestKind, TaskState
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.campaign.definitions import definition_of
from campaigns.store.campaign.facts import CampaignFacts
from campaigns.store.work.tasks import Task
from tests.campaigns import SMALL, at, launched
from tests.factories import task_of
from tests.people import Cast

DONE = {"完成日期": "2023-05-20", "完成情况": "方案已报送"}


def ask_fact(cast: Cast, function: str, argument: str, *, day: tuple[int, int] = (5, 22)) -> object:
    with cast.database.reading() as session:
        campaign = session.scalars(select(Campaign)).one()
        return CampaignFacts(session, campaign, definition_of(session, campaign), at(*day)).call(function, argument)


def finish(cast: Cast, who: Actor) -> None:
    with cast.database.transaction() as session:
        task = task_of(session, "QY-11", who.organisation_id or 0)
        submit(session, task_id=task.id, values=DONE, by=who, now=at(5, 20))
        accept(session, task_id=task.id, by=cast.officer, now=at(5, 20))


def waive(cast: Cast, who: Actor) -> None:
    with cast.database.transaction() as session:
        task = task_of(session, "QY-11", who.organisation_id or 0)
        request = ask(session, task_id=task.id, kind=RequestKind.WAIVER, reason="已闭库", by=who, now=at(5, 20))
        grant(session, request_id=request.id, by=cast.officer, now=at(5, 20))


def test_the_share_done_counts_accepted_work_and_leaves_the_waived_out(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    assert ask_fact(either_cast, "完成率", "QY-11") == 0
    finish(either_cast, either_cast.principal)
    assert ask_fact(either_cast, "完成率", "QY-11") == Fraction(1, 2)
    waive(either_cast, either_cast.other_principal)
    assert ask_fact(either_cast, "完成率", "QY-11") == 1


def test_a_duty_that_everybody_was_let_off_is_done(cast: Cast) -> None:
    launched(cast, text=SMALL)
    for who in (cast.principal, cast.other_principal):
        waive(cast, who)
    assert ask_fact(cast, "完成率", "QY-11") == 1


def test_a_duty_whose_tasks_were_withdrawn_completes_nothing(cast: Cast) -> None:
    launched(cast, text=SMALL)
    with cast.database.transaction() as session:
        lines = select(col(PlannedOccurrence.id)).where(col(PlannedOccurrence.duty) == "QY-11")
        session.execute(update(Task).where(col(Task.occurrence_id).in_(lines)).values(state=TaskState.WITHDRAWN))
    assert ask_fact(cast, "完成率", "QY-11") is None
    assert ask_fact(cast, "达成", "自查") is False


def test_overdue_counts_what_is_open_after_its_hour(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    finish(either_cast, either_cast.principal)
    assert ask_fact(either_cast, "逾期数", "QY-11", day=(5, 30)) == 0
    assert ask_fact(either_cast, "逾期数", "QY-11", day=(6, 1)) == 1


def test_what_nobody_has_to_do_is_never_overdue(cast: Cast) -> None:
    offered = SMALL.replace("名称: 登记底数,", "名称: 登记底数, 必做: 否,")
    launched(cast, text=offered)
    assert ask_fact(cast, "逾期数", "QY-11", day=(6, 1)) == 2
    assert ask_fact(cast, "逾期数", "QY-12", day=(6, 1)) == 0


def test_a_stage_has_ended_the_day_after_its_last(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    assert ask_fact(either_cast, "到期", "自查", day=(5, 31)) is False
    assert ask_fact(either_cast, "到期", "自查", day=(6, 1)) is True
    assert ask_fact(either_cast, "到期", "没有的阶段") is None


def test_a_figure_is_unknown_before_the_first_table(cast: Cast) -> None:
    launched(cast, text=SMALL)
    assert ask_fact(cast, "指标", "1.4") is None


def test_stages_that_wait_for_each_other_come_to_an_end(cast: Cast) -> None:
    launched(cast, text=SMALL.replace("完成条件: 完成率(QY-11) = 100%", "完成条件: 达成(自查)"))
    assert ask_fact(cast, "达成", "自查") is False
