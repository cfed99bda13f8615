"""审核, 逐格退回, 代报, 锁定和解锁, 催报: what happens to a report besides being filed."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlmodel import Session, col

from campaigns.actions.reporting.filling import Typed, fill_cells
from campaigns.actions.reporting.reminding import remind_missing
from campaigns.actions.reporting.reports import accept, file, open_period, send_back, waiting_below
from campaigns.actions.reporting.unlocking import review, unlock
from campaigns.actions.work.requests import ask, grant
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.queries.reporting.reports import filing
from campaigns.rules.permissions import Role
from campaigns.rules.states import ReportState, RequestKind
from campaigns.store.campaign.campaigns import Campaign, FrozenDefinition
from campaigns.store.messages import Notice
from campaigns.store.reporting.cells import cells_of, fingerprint
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report, ReportComment
from tests.monthly import MAY, TABLE, instant_of, report_of, reporting, type_everything
from tests.people import Cast


def opened(session: Session, cast: Cast) -> tuple[Campaign, Report]:
    campaign = reporting(session, cast)
    open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 20))
    return campaign, report_of(session, campaign, cast.bureau)


def test_a_second_person_reviews_and_a_change_afterwards_takes_it_away(cast: Cast) -> None:
    with cast.database.transaction() as session:
        campaign, report = opened(session, cast)
        with pytest.raises(Invalid, match="不能审核通过"):
            review(session, report_id=report.id, by=cast.leader, now=instant_of(5, 22))
        type_everything(session, report, cast.officer, instant_of(5, 22))
        with pytest.raises(Forbidden, match="您填过这张表"):
            review(session, report_id=report.id, by=cast.officer, now=instant_of(5, 22))
        review(session, report_id=report.id, by=cast.leader, now=instant_of(5, 22))
        form = report_form(session, campaign, TABLE)
        assert report.reviewed_sha256 == fingerprint(form, cells_of(session, report.id))
        values, version = {"3.1": Typed(month="9")}, report.edit_version
        fill_cells(
            session, report_id=report.id, edit_version=version, values=values, by=cast.officer, now=instant_of(5, 23)
        )
        assert report.reviewed_sha256 != fingerprint(form, cells_of(session, report.id))


def test_a_return_says_by_cell_what_is_wrong_until_it_is_filed_anew(cast: Cast) -> None:
    with cast.database.transaction() as session:
        _, report = opened(session, cast)
        type_everything(session, report, cast.officer, instant_of(5, 22))
        file(session, report_id=report.id, by=cast.leader, now=instant_of(5, 23))
        said = {"3.1": "与帮扶台账差1次", "9.9": "没有这一格", "4.1.市": " "}
        send_back(session, report_id=report.id, reason="", comments=said, by=cast.city_officer, now=instant_of(5, 24))
        (comment,) = session.scalars(select(ReportComment)).all()
        assert (comment.atom, comment.text, comment.settled_at) == ("3.1", "与帮扶台账差1次", None)
        assert report.reason == "请按各格意见改正。"
        file(session, report_id=report.id, by=cast.leader, now=instant_of(5, 25))
        session.refresh(comment)
        assert comment.settled_at == instant_of(5, 25)


def test_the_superior_files_on_behalf_with_a_reason_that_stays_on_the_table(cast: Cast) -> None:
    with cast.database.transaction() as session:
        campaign, report = opened(session, cast)
        type_everything(session, report, cast.city_officer, instant_of(5, 22))
        with pytest.raises(Invalid) as refused:
            file(session, report_id=report.id, by=cast.city_leader, now=instant_of(5, 23))
        assert refused.value.fields["behalf"] == "请写明为什么由上级代报。"
        with pytest.raises(Invalid) as refused:
            file(session, report_id=report.id, behalf="断" * 201, by=cast.city_leader, now=instant_of(5, 23))
        assert refused.value.fields == {"behalf": "代报原因最多写200个字，现在有201个字。"}
        why = "区局断网，电话报数"
        file(session, report_id=report.id, behalf=why, by=cast.city_leader, now=instant_of(5, 23))
        assert report.behalf == why
        accept(session, report_id=report.id, by=cast.city_leader, now=instant_of(5, 24))
        assert report_of(session, campaign, cast.city_bureau).state == ReportState.OPEN


def test_a_neighbour_a_mere_officer_and_an_enterprise_never_stand_in(cast: Cast) -> None:
    with cast.database.transaction() as session:
        _, report = opened(session, cast)
        for stranger in (cast.neighbour_leader, cast.principal):
            with pytest.raises(NotFound):
                file(session, report_id=report.id, behalf="x", by=stranger, now=instant_of(5, 23))
        with pytest.raises(Forbidden):
            file(session, report_id=report.id, behalf="x", by=cast.city_officer, now=instant_of(5, 23))
        grandparent = replace(cast.city_leader, organisation_id=cast.committee.id)
        with pytest.raises((NotFound, Forbidden)):
            file(session, report_id=report.id, behalf="x", by=grandparent, now=instant_of(5, 23))


def test_a_form_that_locks_is_opened_again_for_a_time_and_a_reason(cast: Cast) -> None:
    with cast.database.transaction() as session:
        campaign, report = opened(session, cast)
        locking(session, campaign)
        typed = {"3.1": Typed(month="1")}
        late = instant_of(6, 6)
        with pytest.raises(Conflict, match="这张表已经锁定"):
            fill_cells(session, report_id=report.id, edit_version=1, values=typed, by=cast.officer, now=late)
        unlock(session, report_id=report.id, until=late.date(), reason="停电三天", by=cast.city_leader, now=late)
        fill_cells(session, report_id=report.id, edit_version=1, values=typed, by=cast.officer, now=late)
        with pytest.raises(Conflict, match="解锁已于6月6日到期"):
            fill_cells(
                session, report_id=report.id, edit_version=2, values=typed, by=cast.officer, now=instant_of(6, 7)
            )


def locking(session: Session, campaign: Campaign) -> None:
    """The same campaign from a text whose table locks ten days after its deadline."""
    frozen = session.get_one(FrozenDefinition, campaign.definition_id)
    cells = ", ".join(f"{{编号: {code}, 名称: 次数, 单位: 次, 取数: 填报}}" for code in ("1.3", "1.4", "3.1"))
    table = f"\n报表:\n  调度表: {{名称: 表, 口径: 累计, 锁定: 10, 指标: {{甲: [{cells}]}}}}\n"
    session.execute(update(FrozenDefinition).values(text=frozen.text + table, sha256="1" * 64))
    session.expire_all()


def test_one_click_reminds_everybody_missing_once_a_day_and_not_for_ever(either_cast: Cast) -> None:
    cast = either_cast
    with cast.database.transaction() as session:
        campaign, report = opened(session, cast)
        type_everything(session, report, cast.officer, instant_of(5, 22))
        file(session, report_id=report.id, by=cast.leader, now=instant_of(5, 23))

        def remind(day: int, by: object = cast.city_officer) -> int:
            where = {"campaign_id": campaign.id, "form": TABLE, "period": MAY}
            return remind_missing(session, **where, by=by, now=instant_of(5, day))  # type: ignore[arg-type]

        assert remind(24) == 1
        assert remind(24) == 0, "the second click of the day tells nobody anything"
        assert [remind(day) for day in (25, 26, 27, 28, 29)] == [1, 1, 1, 1, 0], "five in all"
        told = session.execute(
            select(col(Notice.person_id), func.count())
            .where(col(Notice.kind) == "report.reminder")
            .group_by("person_id")
        ).all()
        people = {cast.neighbour_leader.person_id, cast.neighbour_officer.person_id}
        assert {tuple(row) for row in told} == {(person, 5) for person in people}
        with pytest.raises(NotFound):
            remind(29, cast.leader)
        with pytest.raises(Forbidden):
            remind(29, replace(cast.city_officer, roles=frozenset({Role.INSPECTOR})))


def test_a_filed_table_is_not_edited_and_says_whom_to_ask(cast: Cast) -> None:
    with cast.database.transaction() as session:
        _, report = opened(session, cast)
        type_everything(session, report, cast.officer, instant_of(5, 22))
        file(session, report_id=report.id, by=cast.leader, now=instant_of(5, 23))
        with pytest.raises(Conflict) as refused:
            type_everything(session, report, cast.officer, instant_of(5, 24))
        assert refused.value.sentence == "这张表“已上报”，数字已经锁定。"
        assert refused.value.advice == "需要改的，请上级退回后再改。"
        accept(session, report_id=report.id, by=cast.city_leader, now=instant_of(5, 24))
        with pytest.raises(Conflict, match="已接收"):
            type_everything(session, report, cast.officer, instant_of(5, 24))


def test_a_closed_county_is_not_waited_for_and_cannot_file(cast: Cast) -> None:
    with cast.database.transaction() as session:
        campaign, report = opened(session, cast)
        closed = report_of(session, campaign, cast.neighbour_bureau)
        asked = ask(
            session,
            task_id=closed.task_id or 0,
            kind=RequestKind.WAIVER,
            reason="县已撤销，并入市直管",
            by=cast.neighbour_officer,
            now=instant_of(5, 21),
        )
        grant(session, request_id=asked.id, by=cast.city_leader, now=instant_of(5, 21))
        city = report_of(session, campaign, cast.city_bureau)
        assert waiting_below(session, city) == ["茌平区应急管理局"]
        missing = filing(session, campaign_id=campaign.id, form=TABLE, period=MAY, actor=cast.city_officer)
        assert missing is not None
        assert [each.organisation for each in missing.missing] == ["茌平区应急管理局"]
        type_everything(session, closed, cast.neighbour_officer, instant_of(5, 22))
        with pytest.raises(Conflict, match="已经豁免或撤销，不用上报"):
            file(session, report_id=closed.id, by=cast.neighbour_leader, now=instant_of(5, 23))
        type_everything(session, report, cast.officer, instant_of(5, 22))
        file(session, report_id=report.id, by=cast.leader, now=instant_of(5, 23))
        accept(session, report_id=report.id, by=cast.city_leader, now=instant_of(5, 24))
        file(session, report_id=city.id, by=cast.city_leader, now=instant_of(5, 25))
