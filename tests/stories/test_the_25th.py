"""The 25th of May, told as steps: counted, typed, a check that fails, filed, returned, corrected, accepted, added up, opened."""

from datetime import date

import pytest
from sqlmodel import Session

from campaigns.actions.hazards.registering import register
from campaigns.actions.reporting.filling import Typed, fill_cells
from campaigns.actions.reporting.reports import accept, file, send_back
from campaigns.actions.work.tasks import submit
from campaigns.errors import Conflict, Invalid
from campaigns.queries.reporting.behind import rows_behind
from campaigns.queries.reporting.monthly import MonthlyTable, monthly_table
from campaigns.queries.reporting.reports import filing
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.permissions import Actor
from campaigns.rules.states import ReportState, TaskState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.reports import Report
from flows.sweeps import pass_of_everything
from tests.campaigns import at, launched
from tests.factories import task_of
from tests.monthly import MAY, TABLE, figures, report_of, type_everything
from tests.people import Cast

NO = [
    "主要负责人未亲自研究排查整治", "主要负责人未带队检查", "未制定分管负责人职责清单", "机构人员未依法配足",
    "特种作业人员无证上岗", "外包外租安全管理混乱", "未按规定演练或不熟悉逃生出口", "安全教育培训走过场", "制度措施不落实",
]  # fmt: skip
INSPECTION = {
    "检查日期": "2023-05-16",
    "带队人": "冯执法",
    "检查方式": ["四不两直"],
    **dict.fromkeys(NO, "否"),
    "外包外租安全管理混乱": "是",
    "行政处罚": "1",
    "罚款": "20000",
    "检查人签字": "on",
}


class The25th:
    """The steps, each in a transaction of its own as a person's click would be."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.campaign: Campaign = launched(cast, by=cast.city_leader)
        pass_of_everything(cast.database, now=at(5, 2))

    def find_and_inspect(self) -> None:
        with self.cast.database.transaction() as session:
            crack = Finding("坝体出现贯穿性裂缝", major=True, criterion="矿安〔2022〕88号 三（一）")
            pond, day = self.cast.pond.id, date(2023, 5, 12)
            register(session, enterprise_id=pond, finding=crack, found_on=day, by=self.cast.principal, now=at(5, 12))
        with self.cast.database.transaction() as session:
            task = task_of(session, "JG-31", self.cast.bureau.id, subject_id=pond)
            submit(session, task_id=task.id, values=INSPECTION, by=self.cast.inspector, now=at(5, 16))
        pass_of_everything(self.cast.database, now=at(5, 20))

    def report(self, session: Session, bureau: Organisation) -> Report:
        return report_of(session, self.campaign, bureau)

    def table(self, bureau: Organisation, reader: Actor) -> MonthlyTable:
        with self.cast.database.reading() as session:
            return monthly_table(session, report_id=self.report(session, bureau).id, actor=reader)

    def type(self, bureau: Organisation, by: Actor, day: int, **typed: str) -> None:
        with self.cast.database.transaction() as session:
            type_everything(session, self.report(session, bureau), by, at(5, day), **typed)

    def correct(self, atom: str, typed: Typed, day: int) -> None:
        with self.cast.database.transaction() as session:
            report, by, now = self.report(session, self.cast.bureau), self.cast.officer, at(5, day)
            version = report.edit_version
            fill_cells(session, report_id=report.id, edit_version=version, values={atom: typed}, by=by, now=now)

    def file(self, bureau: Organisation, by: Actor, day: int, hour: int = 10, **more: str) -> None:
        seen = self.table(bureau, by).seen
        with self.cast.database.transaction() as session:
            report = self.report(session, bureau)
            file(session, report_id=report.id, seen=seen, by=by, now=at(5, day, hour), **more)  # type: ignore[arg-type]

    def decide(self, bureau: Organisation, day: int, *, returned: str = "") -> None:
        with self.cast.database.transaction() as session:
            report, by, now = self.report(session, bureau), self.cast.city_leader, at(5, day, 15)
            if returned:
                send_back(session, report_id=report.id, reason=returned, by=by, now=now)
            else:
                accept(session, report_id=report.id, by=by, now=now)

    def task_state(self, bureau: Organisation) -> str:
        with self.cast.database.reading() as session:
            return task_of(session, "JG-01", bureau.id, period=MAY).state


def test_the_25th_of_may(either_cast: Cast) -> None:
    story, cast = The25th(either_cast), either_cast
    county, city = cast.bureau, cast.city_bureau

    # The table opened by itself and follows the registers.
    story.find_and_inspect()
    with cast.database.reading() as session:
        report = story.report(session, county)
        assert figures(session, report, "1.1", "2.1", "2.7", "3.3", "3.3.罚款") == {
            "1.1": (1, 1),
            "2.1": (1, 1),
            "2.7": (1, 1),
            "3.3": (1, 1),
            "3.3.罚款": (20_000, 20_000),
        }
    assert any("3.1“帮扶指导县区”还没有填" in sentence for sentence in story.table(county, cast.officer).findings)

    # Typed, but the anonymous part is above the whole: the check names the cell, and nothing is filed.
    story.type(county, cast.officer, 22, c3_1="2", c4_5="1", c4_5_匿名举报查实="1.5")
    with pytest.raises(Invalid) as refused:
        story.file(county, cast.leader, 23)
    assert refused.value.fields == {"4.5.匿名举报查实": "4.5“举报奖励”的匿名举报查实填了1.5，是其中数，不能大于总数1。"}
    story.correct("4.5.匿名举报查实", Typed(month="0.5"), 23)
    story.file(county, cast.leader, 23)
    assert story.task_state(county) == TaskState.SUBMITTED

    # The city returns it with a reason; it is corrected, filed again and accepted.
    story.decide(county, 24, returned="3.1与帮扶台账不符，请核对")
    assert story.table(county, cast.officer).reason == "3.1与帮扶台账不符，请核对"
    assert story.task_state(county) == TaskState.SENT_BACK
    story.correct("3.1", Typed(month="3"), 24)
    story.file(county, cast.leader, 25)
    story.decide(county, 25)
    assert story.task_state(county) == TaskState.ACCEPTED

    # The hour comes. The neighbour has not reported; the city sees who, since when, and has a text to paste.
    pass_of_everything(cast.database, now=at(5, 25, 17))
    with cast.database.reading() as session:
        campaign_id = story.campaign.id
        found = filing(session, campaign_id=campaign_id, form=TABLE, period=MAY, actor=cast.city_officer)
        assert found is not None
        assert (found.expected, found.filed, [each.organisation for each in found.missing]) == (
            2,
            1,
            [cast.neighbour_bureau.name],
        )
    with pytest.raises(Conflict, match=cast.neighbour_bureau.name):
        story.file(city, cast.city_leader, 25, 18)

    # It files late, and the city's table adds both up; every number opens down to the hazard itself.
    story.type(cast.neighbour_bureau, cast.neighbour_officer, 26, c3_1="1")
    story.file(cast.neighbour_bureau, cast.neighbour_leader, 26)
    story.decide(cast.neighbour_bureau, 26)
    with cast.database.reading() as session:
        above = story.report(session, city)
        assert figures(session, above, "1.1", "2.1", "3.1") == {"1.1": (1, 1), "2.1": (1, 1), "3.1": (4, 4)}
        assert story.report(session, cast.neighbour_bureau).late
        behind = rows_behind(session, report_id=above.id, atom="1.1", actor=cast.city_officer)
        assert [(lower.organisation, lower.total) for lower in behind.added] == [
            (county.name, "1"),
            (cast.neighbour_bureau.name, "0"),
        ]
        rows = rows_behind(session, report_id=behind.added[0].report_id, atom="1.1", actor=cast.city_officer).rows
        assert [row.title.split(" ", 1)[1] for row in rows] == ["坝体出现贯穿性裂缝"]

    # Filed by the city with nobody above it here, it is sealed; what is found tomorrow belongs to June.
    story.file(city, cast.city_leader, 26, 16)
    assert story.table(city, cast.city_leader).state is ReportState.ACCEPTED
