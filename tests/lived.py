"""A campaign that lived through May, told with real actions: what `verify`, pages and faults are tried on.

聊城市 launches over both counties. 青山 finds a hazard, plans and removes it, asks for a later date, and has a paper sent back;
白石 sends a 零报告 on paper, which 茌平 types in;
茌平 registers a major hazard and closes it; both counties file the table of the 25th, one after a return; the city adds it up.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.hazards import rechecking, rectifying
from campaigns.actions.hazards.registering import register
from campaigns.actions.reporting import reports
from campaigns.actions.work import on_behalf, requests, tasks
from campaigns.actions.work.files import attach_to_task
from campaigns.rules.files.uploads import Upload
from campaigns.rules.hazards.finding import Finding, RectificationPlan
from campaigns.rules.permissions import Actor
from campaigns.rules.states import RequestKind
from campaigns.rules.work import paper
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.files import FileStore, Folder
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.reporting.reports import Report
from campaigns.store.work.tasks import Task
from flows.sweeps import pass_of_everything
from tests.campaigns import at, launched
from tests.factories import found, task_of
from tests.monthly import MAY, report_of, type_everything
from tests.people import Cast
from tests.pictures import photo

PLAN = RectificationPlan("卫矿长", "更换排水井盖板", 35_000, date(2023, 5, 20), "降雨时停止排放")
PLEDGE = {"承诺内容": "动态清零", "承诺日期": "2023-05-10", "主要负责人签字": "on"}
END = at(5, 27, 12)


@dataclass(frozen=True)
class Lived:
    """What is there at the end of May."""

    cast: Cast
    campaign: Campaign
    home: Path

    @property
    def store(self) -> FileStore:
        return Folder(self.home / "files")


def lived(cast: Cast, home: Path) -> Lived:
    """Tell the whole story; `home` gets the attachments."""
    told = Lived(cast, launched(cast, by=cast.city_leader), home)
    _look_for_hazards(told)
    _ask_for_more_time(told)
    _send_a_paper(told)
    _find_a_major_hazard(told)
    pass_of_everything(cast.database, now=at(5, 20))
    _file_the_table(told)
    pass_of_everything(cast.database, now=END)
    return told


def hand_in(told: Lived, task: Task, values: dict[str, object], *, label: str, by: Actor, now: datetime) -> None:
    """Attach one photo and hand the task in."""
    uploads, store = [Upload("坝顶.jpg", photo())], told.store
    with told.cast.database.transaction() as session:
        attach_to_task(
            session, task_id=task.id, label=label, uploads=uploads, picture=True, store=store, by=by, now=now
        )
        tasks.submit(session, task_id=task.id, values=values, by=by, now=now)


def first_task(told: Lived, duty: str) -> Task:
    """Return 青山's first task of a duty."""
    with told.cast.database.reading() as session:
        return task_of(session, duty, told.cast.pond.id)


def _look_for_hazards(told: Lived) -> None:
    cast, principal = told.cast, told.cast.principal
    task = first_task(told, "QY-01")
    with cast.database.transaction() as session:
        tasks.acknowledge(session, task_id=task.id, by=cast.safety_officer, now=at(5, 8))
    hand_in(told, task, found("盖板破损"), label="现场照片", by=principal, now=at(5, 12))
    with cast.database.transaction() as session:
        hazard = session.scalars(select(Hazard)).one()
        rectifying.plan(session, hazard_id=hazard.id, plan=PLAN, by=cast.safety_officer, now=at(5, 12, 15))
    for done, by in (("已换盖板", cast.safety_officer), ("已换并加固", cast.safety_officer)):
        with cast.database.transaction() as session:
            rectifying.report_rectification(session, hazard_id=hazard.id, rectification=done, by=by, now=at(5, 15))
        with cast.database.transaction() as session:
            if done == "已换盖板":
                rechecking.send_back(session, hazard_id=hazard.id, reason="没有加固", by=cast.officer, now=at(5, 16))
            else:
                rechecking.close(session, hazard_id=hazard.id, opinion="属实", by=cast.officer, now=at(5, 17))


def _send_a_paper(told: Lived) -> None:
    cast, scans = told.cast, [Upload("零报告.jpg", photo("white"))]
    with cast.database.transaction() as session:
        task = task_of(session, "QY-01", cast.other_pond.id)
        files = attach_to_task(
            session,
            task_id=task.id,
            label=paper.SCANS,
            uploads=scans,
            picture=True,
            store=told.store,
            by=cast.officer,
            now=at(5, 14),
        )
        typed = {paper.NIL: [paper.NOTHING], paper.SIGNED_BY: "韩矿长", paper.RECEIVED_ON: "2023-05-13"}
        on_behalf.enter(session, task_id=task.id, values=typed | {paper.SCANS: files}, by=cast.officer, now=at(5, 14))
    with cast.database.transaction() as session:
        tasks.accept(session, task_id=task.id, by=cast.leader, now=at(5, 16))


def _ask_for_more_time(told: Lived) -> None:
    cast = told.cast
    task = first_task(told, "QY-02")
    with cast.database.transaction() as session:
        request = requests.ask(
            session,
            task_id=task.id,
            kind=RequestKind.EXTENSION,
            reason="暴雨封路",
            due_on=date(2023, 6, 9),
            by=cast.safety_officer,
            now=at(5, 18),
        )
    with cast.database.transaction() as session:
        requests.grant(session, request_id=request.id, by=cast.officer, now=at(5, 18, 15))


def _find_a_major_hazard(told: Lived) -> None:
    cast = told.cast
    with cast.database.transaction() as session:
        hazard = register(
            session,
            enterprise_id=cast.pond.id,
            finding=Finding("坝体裂缝", major=True, criterion="三（一）"),
            found_on=date(2023, 5, 9),
            by=cast.inspector,
            now=at(5, 9),
        )
        rectifying.plan(session, hazard_id=hazard.id, plan=PLAN, by=cast.principal, now=at(5, 10))
        rectifying.report_rectification(
            session, hazard_id=hazard.id, rectification="灌浆封闭", by=cast.principal, now=at(5, 18)
        )
    with cast.database.transaction() as session:
        rechecking.close(session, hazard_id=hazard.id, opinion="复查合格", by=cast.inspector, now=at(5, 19))
        rechecking.close(session, hazard_id=hazard.id, opinion="同意销号", by=cast.leader, now=at(5, 19, 16))


def _file_the_table(told: Lived) -> None:
    cast, base = told.cast, told.cast.database
    counties = ((cast.bureau, cast.officer, cast.leader), (cast.neighbour_bureau, *[cast.neighbour_leader] * 2))
    for bureau, officer, leader in counties:
        with base.transaction() as session:
            report = report_of(session, told.campaign, bureau)
            type_everything(session, report, officer, at(5, 22), c3_1="2")
        with base.transaction() as session:
            reports.file(session, report_id=report.id, by=leader, now=at(5, 23))
    with base.transaction() as session:
        report = report_of(session, told.campaign, cast.bureau)
        reports.send_back(session, report_id=report.id, reason="3.1 请核对", by=cast.city_officer, now=at(5, 24))
    with base.transaction() as session:
        reports.file(session, report_id=report.id, by=cast.leader, now=at(5, 24, 15))
    with base.transaction() as session:
        for waiting in _filed(session):
            reports.accept(session, report_id=waiting.id, by=cast.city_officer, now=at(5, 25))
    with base.transaction() as session:
        city = report_of(session, told.campaign, cast.city_bureau, MAY)
        reports.file(session, report_id=city.id, by=cast.city_leader, now=at(5, 26))


def _filed(session: Session) -> list[Report]:
    return list(session.scalars(select(Report).where(col(Report.state) == "filed").order_by(col(Report.id))))
