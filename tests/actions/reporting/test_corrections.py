"""更正: what was filed stays as it was, the next version says why, and whoever added the old figures in signs anew."""

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.reporting.correcting import correct
from campaigns.actions.reporting.filling import Typed, fill_cells
from campaigns.actions.reporting.reports import accept, file, open_period
from campaigns.actions.reporting.unlocking import unlock
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.queries.verify.figures import wrong_figures
from campaigns.queries.verify.findings import Scene
from campaigns.queries.verify.records import changed_reports, unexplained_tasks
from campaigns.rules.states import ReportState
from campaigns.settings import Settings
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.reporting.reports import Report
from tests.monthly import JUNE, MAY, TABLE, Register, figures, instant_of, report_of, reporting, type_everything
from tests.people import Cast

WHY = "漏报一次帮扶指导"


def accepted(session: Session, cast: Cast, *, visits: str = "2") -> tuple[Campaign, Report]:
    """May's table of 茌平, filed and accepted; the city has not filed yet."""
    campaign = reporting(session, cast)
    Register(session, campaign, cast.officer.person_id or 0).hazard(cast.pond, cast.bureau, instant_of(5, 10))
    open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 20))
    report = report_of(session, campaign, cast.bureau)
    type_everything(session, report, cast.officer, instant_of(5, 22), c3_1=visits)
    file(session, report_id=report.id, by=cast.leader, now=instant_of(5, 23))
    accept(session, report_id=report.id, by=cast.city_leader, now=instant_of(5, 24))
    return campaign, report


def city_files(session: Session, cast: Cast, campaign: Campaign) -> Report:
    city = report_of(session, campaign, cast.city_bureau)
    return file(session, report_id=city.id, without="东阿县缺报", by=cast.city_leader, now=instant_of(5, 25))


def corrected(session: Session, cast: Cast, report: Report, visits: str) -> None:
    """Unlock, correct, retype, file and accept."""
    until = instant_of(6, 5).date()
    unlock(session, report_id=report.id, until=until, reason="区局来电", by=cast.city_leader, now=instant_of(6, 1))
    correct(session, report_id=report.id, reason=WHY, by=cast.officer, now=instant_of(6, 1))
    retype(session, cast, report, visits)
    file(session, report_id=report.id, by=cast.leader, now=instant_of(6, 2))
    accept(session, report_id=report.id, by=cast.city_leader, now=instant_of(6, 3))


def retype(session: Session, cast: Cast, report: Report, visits: str) -> None:
    values, version = {"3.1": Typed(month=visits)}, report.edit_version
    fill_cells(session, report_id=report.id, edit_version=version, values=values, by=cast.officer, now=instant_of(6, 1))


def earlier(session: Session, report: Report) -> list[Report]:
    return list(session.scalars(select(Report).where(col(Report.current_id) == report.id).order_by(col(Report.id))))


def intact(session: Session) -> None:
    scene = Scene(session, Settings(), instant_of(6, 10))
    assert [*wrong_figures(scene), *changed_reports(scene), *unexplained_tasks(scene)] == []


def test_a_correction_keeps_what_was_filed_and_its_seal(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign, report = accepted(session, either_cast)
        seal, filed_at = report.sha256, report.filed_at
        corrected(session, either_cast, report, "3")
        (old,) = earlier(session, report)
        assert (report.version, report.state, report.correction) == (2, ReportState.ACCEPTED, WHY)
        assert (old.version, old.state, old.sha256, old.filed_at) == (1, ReportState.REPLACED, seal, filed_at)
        assert figures(session, old, "3.1")["3.1"] == (2, 2)
        assert figures(session, report, "3.1")["3.1"] == (3, 3)
        assert report.sha256 != seal
        city = report_of(session, campaign, either_cast.city_bureau)
        assert figures(session, city, "3.1")["3.1"] == (3, 3), "the city had not filed: it counts the corrected figure"
        intact(session)


def test_a_superior_that_had_filed_gets_a_correction_of_its_own_to_sign(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign, report = accepted(session, either_cast)
        city = city_files(session, either_cast, campaign)
        corrected(session, either_cast, report, "3")
        assert (city.state, city.version) == (ReportState.CORRECTING, 2)
        assert city.correction == f"下级更正：茌平区应急管理局2023年5月第2版。{WHY}"
        assert figures(session, city, "3.1")["3.1"] == (3, 3)
        (old,) = earlier(session, city)
        assert figures(session, old, "3.1")["3.1"] == (2, 2), "what the city signed stays what it signed"
        intact(session)
        file(session, report_id=city.id, without="东阿县缺报", by=either_cast.city_leader, now=instant_of(6, 4))
        assert city.state == ReportState.ACCEPTED
        intact(session)


def test_a_second_correction_is_a_third_version(cast: Cast) -> None:
    with cast.database.transaction() as session:
        campaign, report = accepted(session, cast)
        city_files(session, cast, campaign)
        corrected(session, cast, report, "3")
        corrected(session, cast, report, "4")
        assert [old.version for old in earlier(session, report)] == [1, 2]
        assert report.version == 3
        intact(session)


def test_nothing_is_corrected_without_an_unlock_a_reason_or_before_it_was_accepted(cast: Cast) -> None:
    with cast.database.transaction() as session:
        _, report = accepted(session, cast)
        with pytest.raises(Conflict, match="这张表已经锁定"):
            correct(session, report_id=report.id, reason=WHY, by=cast.officer, now=instant_of(6, 1))
        unlock(
            session,
            report_id=report.id,
            until=instant_of(6, 5).date(),
            reason="来电",
            by=cast.city_leader,
            now=instant_of(6, 1),
        )
        with pytest.raises(Invalid) as refused:
            correct(session, report_id=report.id, reason=" ", by=cast.officer, now=instant_of(6, 1))
        assert "请写明哪一格错了" in refused.value.fields["reason"]
        with pytest.raises(Invalid) as refused:
            correct(session, report_id=report.id, reason="错" * 501, by=cast.officer, now=instant_of(6, 1))
        assert refused.value.fields == {"reason": "更正原因最多写500个字，现在有501个字。"}
        with pytest.raises(NotFound):
            correct(session, report_id=report.id, reason=WHY, by=cast.neighbour_officer, now=instant_of(6, 1))


def test_an_unlock_that_ran_out_locks_again_and_keeps_what_was_typed(cast: Cast) -> None:
    with cast.database.transaction() as session:
        _, report = accepted(session, cast)
        until = instant_of(6, 5).date()
        unlock(session, report_id=report.id, until=until, reason="来电", by=cast.city_leader, now=instant_of(6, 1))
        correct(session, report_id=report.id, reason=WHY, by=cast.officer, now=instant_of(6, 1))
        retype(session, cast, report, "3")
        with pytest.raises(Conflict, match="解锁已于6月5日到期"):
            file(session, report_id=report.id, by=cast.leader, now=instant_of(6, 6))
        assert figures(session, report, "3.1")["3.1"] == (3, 3)


def test_an_unlock_needs_a_reason_and_a_near_day_and_the_direct_superior(cast: Cast) -> None:
    with cast.database.transaction() as session:
        _, report = accepted(session, cast)
        with pytest.raises(Invalid) as refused:
            unlock(
                session,
                report_id=report.id,
                until=instant_of(8, 5).date(),
                reason="",
                by=cast.city_leader,
                now=instant_of(6, 1),
            )
        assert set(refused.value.fields) == {"reason", "until"}
        with pytest.raises(Invalid) as refused:
            until = instant_of(6, 5).date()
            unlock(
                session, report_id=report.id, until=until, reason="电" * 301, by=cast.city_leader, now=instant_of(6, 1)
            )
        assert refused.value.fields == {"reason": "解锁原因最多写300个字，现在有301个字。"}
        with pytest.raises(NotFound):
            unlock(
                session,
                report_id=report.id,
                until=instant_of(6, 5).date(),
                reason="x",
                by=cast.neighbour_leader,
                now=instant_of(6, 1),
            )


def test_the_next_month_waits_for_a_correction_and_starts_from_it(cast: Cast) -> None:
    with cast.database.transaction() as session:
        campaign, report = accepted(session, cast)
        open_period(session, campaign_id=campaign.id, form=TABLE, period=JUNE, now=instant_of(6, 1))
        june = report_of(session, campaign, cast.bureau, JUNE)
        type_everything(session, june, cast.officer, instant_of(6, 1), c3_1="1")
        until = instant_of(6, 5).date()
        unlock(session, report_id=report.id, until=until, reason="来电", by=cast.city_leader, now=instant_of(6, 1))
        correct(session, report_id=report.id, reason=WHY, by=cast.officer, now=instant_of(6, 1))
        with pytest.raises(Conflict, match="上一期（2023年5月）正在更正"):
            file(session, report_id=june.id, by=cast.leader, now=instant_of(6, 2))
        retype(session, cast, report, "5")
        file(session, report_id=report.id, by=cast.leader, now=instant_of(6, 2))
        accept(session, report_id=report.id, by=cast.city_leader, now=instant_of(6, 3))
        june = report_of(session, campaign, cast.bureau, JUNE)
        assert june.previous_id == report.id
        with pytest.raises(Conflict, match="表里的数变了"):
            file(session, report_id=june.id, by=cast.leader, now=instant_of(6, 4), seen="the figures before")
        assert open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(6, 4)) == 0
