"""Records and reports: one that comes back leaves a sealed report as it is, and a report's task is not reviewed as a form."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.reporting import reports
from campaigns.actions.reporting.opening import open_period
from campaigns.actions.reporting.rollup import recount
from campaigns.actions.work.files import attach_to_task
from campaigns.actions.work.objecting import object_to
from campaigns.actions.work.on_behalf import enter
from campaigns.actions.work.requests import grant
from campaigns.actions.work.tasks import accept
from campaigns.errors import Conflict
from campaigns.queries.verify import Scene, verify
from campaigns.queries.work.task import steps, task_card
from campaigns.rules.files.uploads import Upload
from campaigns.rules.states import TaskState
from campaigns.rules.work.paper import RECEIVED_ON, SCANS, SIGNED_BY
from campaigns.settings import Settings
from campaigns.store.files import Folder
from campaigns.store.reporting.cells import cells_of, month, total
from campaigns.store.reporting.reports import Report
from campaigns.store.work.tasks import TaskRequest
from tests.campaigns import at, launched
from tests.factories import task_of
from tests.people import Cast
from tests.pictures import PAPER

TEXT = """
语法: rectify/v1
行动: {编号: counted, 名称: 逐月自查, 版本: 1.0.0, 发文单位: 区应急管理局, 起止: 2023年5月1日 至 2023年8月31日}
日历: {遇非工作日: 提前, 办公时间: "08:30-17:30"}
角色:
  县局: {层级: 县, 单位: 应急管理局}
  主要负责人: {层级: 企业, 岗位: [主要负责人]}
对象:
  企业: {行业: 非煤矿山}
全程任务:
  - {编号: QY-01, 名称: 逐月自查, 对象: 企业, 责任人: 主要负责人, 频次: 每月1次, 截止: 月末, 表单: 自查表, 审核: 县局}
  - {编号: QY-02, 名称: 报送月报, 对象: 企业, 责任人: 主要负责人, 频次: 每月1次, 截止: 月末, 报表: 月报, 审核: 县局}
阶段:
  - 编号: 自查
    截止: 2023年8月底
    任务:
      - {编号: QY-11, 名称: 制定方案, 对象: 企业, 截止: 阶段末}
报表:
  月报:
    名称: 自查月报表
    口径: [当月, 累计]
    汇总: {层级: [企业, 县], 方法: 合计}
    指标:
      总体:
        - {编号: 1.1, 名称: 发现隐患, 单位: 项, 取数: 自动, 来源: 自查表.隐患数}
    版面: {形式: 逐行}
表单:
  自查表:
    字段:
      - {名称: 日期, 类型: 日期, 必填: 是}
      - {名称: 隐患数, 类型: 整数, 必填: 是}
"""
MAY, JUNE = "2023-05", "2023-06"


class Counted:
    """A campaign whose enterprises file a report that counts their own records."""

    def __init__(self, cast: Cast, home: Path) -> None:
        self.cast, self.home = cast, home
        self.campaign = launched(cast, text=TEXT)

    def in_transaction(self, verb: Any, **named: Any) -> Any:
        with self.cast.database.transaction() as session:
            return verb(session, **named)

    def task_id(self) -> int:
        with self.cast.database.reading() as session:
            return task_of(session, "QY-01", self.cast.pond.id, period=MAY).id

    def typed_in(self) -> None:
        """Type in what the enterprise wrote about May, and accept it."""
        cast, task_id, now = self.cast, self.task_id(), at(5, 12)
        scans = self.in_transaction(
            attach_to_task,
            task_id=task_id,
            label=SCANS,
            uploads=[Upload("原件.pdf", PAPER)],
            picture=False,
            store=Folder(self.home / "files"),
            by=cast.officer,
            now=now,
        )
        values = {"日期": "2023-05-10", "隐患数": "3", SIGNED_BY: "卫青山", RECEIVED_ON: "2023-05-12", SCANS: scans}
        self.in_transaction(enter, task_id=task_id, values=values, by=cast.officer, now=now)
        self.in_transaction(accept, task_id=task_id, by=cast.leader, now=now)

    def report(self, period: str) -> Report:
        with self.cast.database.reading() as session:
            mine = col(Report.organisation_id) == self.cast.pond.id, col(Report.period) == period
            return session.scalars(select(Report).where(col(Report.campaign_id) == self.campaign.id, *mine)).one()

    def open(self, period: str, month_: int) -> None:
        opened = {"campaign_id": self.campaign.id, "form": "月报", "period": period, "now": at(month_, 20)}
        self.in_transaction(open_period, **opened)

    def figures(self, period: str) -> tuple[int | None, int | None]:
        report = self.report(period)
        with self.cast.database.transaction() as session:
            if report.state == "open":
                recount(session, report=session.get_one(Report, report.id), now=at(6, 22))
            cell = cells_of(session, report.id)["1.1"]
            return month(cell), total(cell)

    def findings(self) -> list[str]:
        with self.cast.database.reading() as session:
            scene = Scene(session, Settings(home=self.home), at(6, 22))
            return [each.sentence for one, all_ in verify(scene) for each in all_ if one.code not in ("I4", "I5")]


@pytest.fixture
def counted(either_cast: Cast, tmp_path: Path) -> Counted:
    return Counted(either_cast, tmp_path)


def test_a_sealed_report_stays_and_the_next_one_counts_without_what_came_back(counted: Counted) -> None:
    cast = counted.cast
    counted.typed_in()
    counted.open(MAY, 5)
    counted.in_transaction(reports.file, report_id=counted.report(MAY).id, by=cast.principal, now=at(5, 25))
    counted.in_transaction(reports.accept, report_id=counted.report(MAY).id, by=cast.leader, now=at(5, 26))
    counted.open(JUNE, 6)
    sealed = counted.report(MAY)
    assert (counted.figures(MAY), counted.figures(JUNE)) == ((3, 3), (0, 3))
    counted.in_transaction(object_to, task_id=counted.task_id(), reason="是2项", by=cast.principal, now=at(6, 20))
    assert counted.figures(JUNE) == (0, 3), "until its bureau decides"
    with cast.database.transaction() as session:
        asked = session.scalars(select(col(TaskRequest.id))).one()
        grant(session, request_id=asked, due_on=at(6, 30).date(), by=cast.leader, now=at(6, 21))
    assert (counted.figures(MAY), counted.figures(JUNE)) == ((3, 3), (0, 0))
    assert counted.report(MAY).sha256 == sealed.sha256
    assert counted.findings() == []


def test_a_task_that_a_report_discharges_is_not_reviewed_as_a_form(counted: Counted) -> None:
    cast = counted.cast
    counted.open(MAY, 5)
    counted.in_transaction(reports.file, report_id=counted.report(MAY).id, by=cast.principal, now=at(5, 25))
    with cast.database.reading() as session:
        filed = task_of(session, "QY-02", cast.pond.id, period=MAY)
        card = task_card(session, task_id=filed.id, actor=cast.leader, now=at(5, 26))
        assert (card.state, steps(session, card, None, actor=cast.leader).review) == (
            TaskState.SUBMITTED,
            "这项任务在“月报”里接收或退回。",
        )
    with pytest.raises(Conflict, match="在报表里上报"):
        counted.in_transaction(accept, task_id=filed.id, by=cast.leader, now=at(5, 26))
