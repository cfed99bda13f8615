"""A report is typed, checked, signed, filed, returned or accepted; what is filed is frozen with the rows behind it."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.reporting.filling import Typed, fill_cells, refresh
from campaigns.actions.reporting.reports import accept, file, open_period, send_back
from campaigns.actions.reporting.rollup import compute
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.rules.permissions import Actor
from campaigns.rules.states import ReportState, TaskState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.reporting.cells import cells_of, fingerprint, signature
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report, ReportMember
from campaigns.store.work.tasks import Task
from tests.monthly import (
    JUNE,
    MAY,
    TABLE,
    Register,
    figures,
    instant_of,
    report_of,
    reporting,
    type_everything,
)
from tests.people import Cast


@dataclass
class Desk:
    """A county's desk in May: a campaign, its registers and its open report."""

    session: Session
    cast: Cast
    campaign: Campaign
    register: Register
    report: Report

    def type(self, by: Actor | None = None, now: datetime | None = None, **typed: str) -> None:
        type_everything(self.session, self.report, by or self.cast.officer, now or instant_of(5, 22), **typed)

    def file(self, **more: object) -> Report:
        by, now = more.pop("by", self.cast.leader), more.pop("now", instant_of(5, 24))
        return file(self.session, report_id=self.report.id, by=by, now=now, **more)  # type: ignore[arg-type]

    def task(self) -> Task:
        return self.session.get_one(Task, self.report.task_id, populate_existing=True)


def desk(session: Session, cast: Cast) -> Desk:
    campaign = reporting(session, cast)
    register = Register(session, campaign, cast.officer.person_id or 0)
    open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 20))
    return Desk(session, cast, campaign, register, report_of(session, campaign, cast.bureau))


def test_a_blank_stops_the_filing_and_names_its_cell(either_cast: Cast) -> None:
    with pytest.raises(Invalid) as refused, either_cast.database.transaction() as session:
        desk(session, either_cast).file()
    assert refused.value.fields["3.1"] == "3.1“帮扶指导县区”还没有填；没有的请填0。"
    assert "1.1" not in refused.value.fields, "what the system counted is not blank"


def test_a_part_above_its_total_stops_the_filing_and_names_the_cell(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused, cast.database.transaction() as session:
        its = desk(session, cast)
        its.type(c4_5="1", c4_5_匿名举报查实="2")
        values = {
            "1.2": Typed(total="3", reason="纸质记录"),
            "4.5": Typed(month="1", total="5", reason="含启动前发放的"),
        }
        version = its.report.edit_version
        fill_cells(
            session,
            report_id=its.report.id,
            edit_version=version,
            values=values,
            by=cast.officer,
            now=instant_of(5, 23),
        )
        its.file()
    assert refused.value.fields["1.2"].endswith("1.2（3）不能大于1.1（0）。")
    assert "当月填了2，是其中数，不能大于当月总数1" in refused.value.fields["4.5.匿名举报查实"]


def test_a_figure_that_differs_from_the_rows_needs_its_reason(cast: Cast) -> None:
    with cast.database.transaction() as session:
        its = desk(session, cast)
        its.type()
        values = {"1.1": Typed(month="2", total="2")}
        now = instant_of(5, 23)
        fill_cells(session, report_id=its.report.id, edit_version=2, values=values, by=cast.officer, now=now)
        with pytest.raises(Invalid) as refused:
            its.file()
        assert "系统算得0，填报为2，请写明差异原因" in refused.value.fields["1.1"]
        values = {"1.1": Typed(reason="两处为纸质登记，尚未录入")}
        fill_cells(session, report_id=its.report.id, edit_version=3, values=values, by=cast.officer, now=now)
        assert its.file().state == ReportState.FILED


def test_a_figure_typed_as_the_rows_have_it_is_no_difference(cast: Cast) -> None:
    with cast.database.transaction() as session:
        its = desk(session, cast)
        its.type()
        values = {"1.1": Typed(month="0", total="0")}
        now = instant_of(5, 23)
        fill_cells(session, report_id=its.report.id, edit_version=2, values=values, by=cast.officer, now=now)
        assert cells_of(session, its.report.id)["1.1"].month_reported is None


def test_a_value_of_the_wrong_kind_is_refused_beside_its_cell_and_nothing_is_kept(cast: Cast) -> None:
    with cast.database.transaction() as session:
        its = desk(session, cast)
        values = {"3.1": Typed(month="两次"), "3.9": Typed(month="1")}
        with pytest.raises(Invalid) as refused, session.begin_nested():
            fill_cells(
                session, report_id=its.report.id, edit_version=1, values=values, by=cast.officer, now=instant_of(5, 22)
            )
        assert refused.value.fields == {"month-3.1": "“两次”不能填在这里，请填整数，没有的填0。"}
        assert figures(session, its.report, "3.9") == {"3.9": (None, None)}


def test_two_people_at_one_table_never_overwrite_each_other(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        its = desk(session, either_cast)
        now = instant_of(5, 22)
        first, second = {"3.1": Typed(month="2")}, {"3.1": Typed(month="5")}
        fill_cells(session, report_id=its.report.id, edit_version=1, values=first, by=either_cast.officer, now=now)
        with pytest.raises(Conflict, match=r"3\.1当月现为“2”，您填“5”"):
            fill_cells(session, report_id=its.report.id, edit_version=1, values=second, by=either_cast.leader, now=now)


def test_filing_freezes_the_figures_and_the_rows_behind_them(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        its = desk(session, either_cast)
        hazard = its.register.hazard(either_cast.pond, either_cast.bureau, instant_of(5, 21))
        its.register.record("执法检查记录", either_cast.bureau, either_cast.pond, instant_of(5, 21), 行政处罚=1)
        refresh(session, report_id=its.report.id, by=either_cast.officer, now=instant_of(5, 22))
        its.type()
        report = its.file()
        members = session.scalars(select(ReportMember).where(col(ReportMember.report_id) == report.id)).all()
        assert [(m.kind, m.row_id) for m in members if m.atom == "1.1"] == [("hazard", hazard.id)]
        assert {m.kind for m in members if m.atom == "2.1"} == {"submission", "enterprise"}
        its.register.hazard(either_cast.pond, either_cast.bureau, instant_of(5, 24, 12))
        now = instant_of(5, 26)
        compute(session, campaign_id=its.campaign.id, form=TABLE, period=MAY, now=now, everything=True)
        assert figures(session, report, "1.1") == {"1.1": (1, 1)}
        form = report_form(session, its.campaign, TABLE)
        assert report.sha256 == signature(report, fingerprint(form, cells_of(session, report.id)))


def test_nobody_signs_what_he_did_not_see(cast: Cast) -> None:
    with cast.database.transaction() as session:
        its = desk(session, cast)
        its.type()
        form = report_form(session, its.campaign, TABLE)
        seen = fingerprint(form, cells_of(session, its.report.id))
        its.register.hazard(cast.pond, cast.bureau, instant_of(5, 21))
        refresh(session, report_id=its.report.id, by=cast.officer, now=instant_of(5, 22))
        with pytest.raises(Conflict, match="表里的数变了"):
            its.file(seen=seen)


def test_the_task_of_the_report_keeps_in_step(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        its = desk(session, either_cast)
        its.type()
        its.file()
        assert its.task().state == TaskState.SUBMITTED
        boss, now = either_cast.city_leader, instant_of(5, 25)
        send_back(session, report_id=its.report.id, reason="3.1与上月说明不符", by=boss, now=now)
        assert (its.task().state, its.report.state) == (TaskState.SENT_BACK, ReportState.RETURNED)
        its.file(now=instant_of(5, 25, 11))
        accept(session, report_id=its.report.id, by=boss, now=now)
        assert (its.task().state, its.report.state) == (TaskState.ACCEPTED, ReportState.ACCEPTED)


def test_a_report_filed_after_its_hour_is_late(cast: Cast) -> None:
    with cast.database.transaction() as session:
        its = desk(session, cast)
        its.type()
        assert its.file(now=instant_of(5, 25, 18)).late


def test_a_report_filed_in_the_last_minute_is_not_late(cast: Cast) -> None:
    with cast.database.transaction() as session:
        its = desk(session, cast)
        its.type()
        assert not its.file(now=instant_of(5, 25, 17)).late


@pytest.mark.parametrize(
    ("filed", "returned", "late"),
    [((24, 9), (25, 9), True), ((24, 9), (25, 18), False), ((25, 18), (26, 9), True)],
    ids=["back while there was time", "back only afterwards", "late from the start"],
)
def test_a_table_returned_after_its_hour_came_when_it_came_first(
    either_cast: Cast, filed: tuple[int, int], returned: tuple[int, int], late: bool
) -> None:
    with either_cast.database.transaction() as session:
        its = desk(session, either_cast)
        its.type()
        first = its.file(now=instant_of(5, *filed)).received_at
        boss, again = either_cast.city_officer, instant_of(5, 29)
        send_back(session, report_id=its.report.id, reason="请核对", by=boss, now=instant_of(5, *returned))
        report = its.file(now=again)
        assert (report.late, report.received_at) == (late, again if returned < (25, 17) else first)
        assert report.filed_at == again


def test_a_nil_return_is_a_signed_act_and_only_when_nothing_happened(cast: Cast) -> None:
    with cast.database.transaction() as session:
        its = desk(session, cast)
        report = its.file(nil=True)
        assert report.nil
        assert figures(session, report, "3.1", "4.6") == {"3.1": (0, 0), "4.6": (0, 0)}


def test_a_month_with_hazards_cannot_be_filed_as_nil(cast: Cast) -> None:
    with cast.database.transaction() as session:
        its = desk(session, cast)
        its.register.hazard(cast.pond, cast.bureau, instant_of(5, 21))
        refresh(session, report_id=its.report.id, by=cast.officer, now=instant_of(5, 22))
        with pytest.raises(Invalid, match="不能按零报告上报"):
            its.file(nil=True)


def test_months_are_filed_in_order(cast: Cast) -> None:
    with cast.database.transaction() as session:
        its = desk(session, cast)
        open_period(session, campaign_id=its.campaign.id, form=TABLE, period=JUNE, now=instant_of(6, 20))
        its.report = report_of(session, its.campaign, cast.bureau, JUNE)
        with pytest.raises(Conflict, match="上一期（2023年5月）还没有上报"):
            its.file(now=instant_of(6, 24))


def test_a_cumulative_figure_below_last_months_stops_the_filing(cast: Cast) -> None:
    with cast.database.transaction() as session:
        its = desk(session, cast)
        its.type(c3_1="4")
        its.file()
        open_period(session, campaign_id=its.campaign.id, form=TABLE, period=JUNE, now=instant_of(6, 20))
        its.report = report_of(session, its.campaign, cast.bureau, JUNE)
        its.type(now=instant_of(6, 21))
        values = {"3.1": Typed(total="1", reason="上月多报")}
        version, now = its.report.edit_version, instant_of(6, 22)
        fill_cells(session, report_id=its.report.id, edit_version=version, values=values, by=cast.officer, now=now)
        with pytest.raises(Invalid) as refused:
            its.file(now=instant_of(6, 24))
        assert refused.value.fields["3.1"].endswith("本期1，上期4，累计数不能比上期少。")


def test_who_may_do_what_to_a_report(cast: Cast) -> None:
    with cast.database.transaction() as session:
        its = desk(session, cast)
        its.type()
        with pytest.raises(Forbidden, match="上报调度表"):
            its.file(by=cast.officer)
        with pytest.raises(NotFound):
            its.file(by=cast.neighbour_leader)
        with pytest.raises(NotFound):
            its.file(by=cast.principal)
        its.file()
        with pytest.raises(Forbidden, match="接收或退回调度表"):
            accept(session, report_id=its.report.id, by=cast.leader, now=instant_of(5, 25))


def test_an_accepted_report_is_sealed(cast: Cast) -> None:
    with cast.database.transaction() as session:
        its = desk(session, cast)
        its.type()
        its.file()
        accept(session, report_id=its.report.id, by=cast.city_officer, now=instant_of(5, 25))
        with pytest.raises(Conflict, match="已接收"):
            send_back(session, report_id=its.report.id, reason="再看看", by=cast.city_leader, now=instant_of(5, 26))
        with pytest.raises(Conflict, match="数字已经锁定"):
            its.type()


def test_a_return_says_why(cast: Cast) -> None:
    with cast.database.transaction() as session:
        its = desk(session, cast)
        its.type()
        its.file()
        with pytest.raises(Invalid) as refused:
            send_back(session, report_id=its.report.id, reason=" ", by=cast.city_leader, now=instant_of(5, 25))
        assert "reason" in refused.value.fields


def test_a_superior_files_without_a_missing_county_only_with_a_reason(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        its = desk(session, either_cast)
        its.type(c3_1="2")
        its.file()
        boss = either_cast.city_leader
        accept(session, report_id=its.report.id, by=boss, now=instant_of(5, 25))
        city = report_of(session, its.campaign, either_cast.city_bureau)
        with pytest.raises(Conflict, match="东阿县应急管理局"):
            file(session, report_id=city.id, by=boss, now=instant_of(5, 25, 18))
        report = file(session, report_id=city.id, without="东阿县缺报", by=boss, now=instant_of(5, 25, 18))
        assert figures(session, report, "3.1") == {"3.1": (2, 2)}
        assert report.state == ReportState.ACCEPTED, "nobody above in this system"
