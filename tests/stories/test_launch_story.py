"""A launch and its first stage, told day by day: one enterprise on time, one late until an official decides."""

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.launch.campaigns import close, preview
from campaigns.actions.launch.drafts import Draft
from campaigns.actions.time import chasing, escalation
from campaigns.actions.time.proposals import confirm
from campaigns.actions.work.files import attach_to_task
from campaigns.actions.work.tasks import accept, submit
from campaigns.clock import local_date
from campaigns.rules.files.uploads import Upload
from campaigns.rules.permissions import Actor
from campaigns.rules.states import CampaignState, ProposalState, StageState, TaskState
from campaigns.store.campaign.campaigns import PlannedOccurrence, Stage
from campaigns.store.directory.people import Person
from campaigns.store.files import Folder
from campaigns.store.messages import Notice
from campaigns.store.work.tasks import Proposal, Task
from flows.sweeps import pass_of_everything
from tests.campaigns import HAZARD, LAUNCHED, at, launched
from tests.factories import task_of
from tests.people import Cast
from tests.pictures import PAPER, photo

PLAN = {"方案名称": "排查整治具体方案", "印发日期": "2023-05-10"}
PLEDGE = {"承诺日期": "2023-05-10", "公开方式": ["厂区公示栏"], "主要负责人签字": "on"}


class Campaigning:
    """The steps of the story, each in a transaction of its own as a click or a tick would be."""

    def __init__(self, cast: Cast, folder: Path) -> None:
        self.cast, self.base, self.store = cast, cast.database, Folder(folder)

    def days(self, first: datetime, last: datetime) -> None:
        """Let the tick of every morning run."""
        while first <= last:
            pass_of_everything(self.base, now=first)
            first += timedelta(days=1)

    def hand_in(self, who: Actor, duty: str, values: dict[str, Any], papers: dict[str, bool], *, on: datetime) -> int:
        """Attach the papers (a photo where True), fill the form in and hand it in."""
        with self.base.transaction() as session:
            task_id = task_of(session, duty, who.organisation_id or 0).id
            for label, picture in papers.items():
                paper = Upload("照片.jpg", photo()) if picture else Upload("文本.pdf", PAPER)
                attach_to_task(
                    session,
                    task_id=task_id,
                    label=label,
                    uploads=[paper],
                    picture=picture,
                    store=self.store,
                    by=who,
                    now=on,
                )
            submit(session, task_id=task_id, values=values, by=who, now=on)
        return task_id

    def mobilise(self, who: Actor, reviewer: Actor, *, on: datetime) -> None:
        """Hand in the plan and the pledge of an enterprise, and have both accepted."""
        plan = self.hand_in(who, "QY-11", PLAN, {"方案文本": False}, on=on)
        pledge = self.hand_in(who, "QY-12", PLEDGE, {"承诺书": False, "公示照片": True}, on=on)
        with self.base.transaction() as session:
            for task_id in (plan, pledge):
                accept(session, task_id=task_id, by=reviewer, now=on + timedelta(hours=1))

    def stages(self) -> list[str]:
        with self.base.reading() as session:
            return list(session.scalars(select(col(Stage.state)).order_by(col(Stage.position))))

    def told(self, kind: str, login: str) -> list[tuple[date, str]]:
        """Return what one person was told of one kind: the day, and the title."""
        with self.base.reading() as session:
            notices = select(col(Notice.created_at), col(Notice.title)).join(
                Person, col(Person.id) == col(Notice.person_id)
            )
            rows = session.execute(notices.where(col(Notice.kind) == kind, col(Person.login) == login))
            return sorted((local_date(at_), title) for at_, title in rows)


def test_from_launch_to_the_late_enterprise(either_cast: Cast, tmp_path: Path) -> None:
    cast, story = either_cast, Campaigning(either_cast, tmp_path)

    # 1 May: the bureau looks at everything first, then launches; the number it saw is the number it gets
    with cast.database.reading() as session:
        promised = preview(session, Draft.of_template(HAZARD), by=cast.leader, now=LAUNCHED)
    campaign = launched(cast)
    with cast.database.reading() as session:
        assert len(session.scalars(select(col(Task.id))).all()) == promised.tasks
    assert story.stages() == [StageState.OPEN, StageState.WAITING, StageState.WAITING, StageState.WAITING]

    # May: the bureau files its own plan with the city, 青山 does its part, 白石 does nothing
    story.days(at(5, 2), at(5, 4))
    plan = story.hand_in(cast.officer, "JG-11", PLAN, {"方案文本": False}, on=at(5, 10))
    with cast.database.transaction() as session:
        accept(session, task_id=plan, by=cast.city_officer, now=at(5, 11))
    story.mobilise(cast.principal, cast.officer, on=at(5, 10))
    story.days(at(5, 23), at(5, 31))
    plans = [line for line in story.told(chasing.REMINDER, "other.principal") if "排查整治具体方案" in line[1]]
    assert plans == [
        (date(2023, 5, 24), "制定实施企业排查整治具体方案：到期前5个工作日"),
        (date(2023, 5, 30), "制定实施企业排查整治具体方案：到期前1个工作日"),
        (date(2023, 5, 31), "制定实施企业排查整治具体方案：到期当日"),
    ]
    assert not [line for line in story.told(chasing.REMINDER, "principal") if "排查整治具体方案" in line[1]]

    # 1 June: the stage has ended with work undone; it says so, the next one opens, and nothing is cancelled
    story.days(at(6, 1), at(6, 1))
    assert story.stages() == [StageState.OVERRUN, StageState.OPEN, StageState.WAITING, StageState.WAITING]
    late = [line for line in story.told(escalation.WARNING, "other.principal") if "动态清零" in line[1]]
    assert late == [(date(2023, 6, 1), "逾期1个工作日：公开作出“动态清零”承诺")]
    assert story.told(escalation.WARNING, "leader")

    # 5 June: three working days late; the step is drafted, and nothing goes out before the leader decides
    story.days(at(6, 2), at(6, 5))
    with cast.database.reading() as session:
        drafted = session.scalars(
            select(Proposal)
            .join(Task, col(Task.id) == col(Proposal.task_id))
            .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
            .where(col(PlannedOccurrence.duty) == "QY-12")
        ).all()
    assert [(one.target_id, one.action, one.state) for one in drafted] == [
        (cast.other_pond.id, "通报", ProposalState.DRAFTED)
    ]
    assert story.told("proposal.confirmed", "other.principal") == []
    with cast.database.transaction() as session:
        confirm(session, proposal_id=drafted[0].id, reason="多次催办仍不承诺", by=cast.leader, now=at(6, 5, 15))
    story.days(at(6, 6), at(6, 6))
    assert len(story.told("proposal.confirmed", "other.principal")) == 1

    # 7 June: 白石 hands in at last; the overrun stage is complete, and nobody reminds it of that work any more
    story.mobilise(cast.other_principal, cast.officer, on=at(6, 7))
    before = Counter(title for _, title in story.told(chasing.REMINDER, "other.principal") if "承诺" in title)
    story.days(at(6, 8), at(6, 9))
    assert story.stages()[0] == StageState.DONE
    after = Counter(title for _, title in story.told(chasing.REMINDER, "other.principal") if "承诺" in title)
    assert after == before
    with cast.database.reading() as session:
        pledge = task_of(session, "QY-12", cast.other_pond.id)
        assert (pledge.state, pledge.overdue_on) == (TaskState.ACCEPTED, date(2023, 5, 31))

    # New year: the bureau closes the campaign, says why work is left, and nobody is chased for it any more
    with cast.database.transaction() as session:
        closed = close(session, campaign_id=campaign.id, reason="转入三年行动", by=cast.leader, now=at(12, 31, 18))
    assert closed.state == CampaignState.CLOSED
    assert set(pass_of_everything(cast.database, now=at(12, 31, 18)).counts.values()) == {0}
