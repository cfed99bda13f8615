"""移交监管主体: what is open follows the enterprise, what was done stays, and no hazard is counted twice or lost."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.directory.handing_over import transfer
from campaigns.actions.directory.organisations import establish, supervise
from campaigns.actions.hazards.rechecking import close as recheck
from campaigns.actions.hazards.rectifying import plan, report_rectification
from campaigns.actions.hazards.registering import register
from campaigns.actions.hazards.supervision import delist, list_for_supervision
from campaigns.actions.reporting import reports
from campaigns.actions.reporting.opening import open_period
from campaigns.actions.reporting.rollup import compute
from campaigns.actions.work import requests
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.queries.hazards.hazard import hazard_card
from campaigns.queries.hazards.steps import hazard_steps
from campaigns.queries.reporting.monthly import monthly_table
from campaigns.queries.trail import TrailFilter, trail_lines
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.permissions import Actor, OrganisationKind
from campaigns.rules.states import RequestKind, RequestState, TaskState
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Supervision
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.messages import Notice
from campaigns.store.work.tasks import Task, TaskRequest
from notifications.compose import compose
from tests.campaigns import at, launched
from tests.factories import task_of
from tests.lived import PLAN
from tests.monthly import JUNE, MAY, TABLE, Register, figures, instant_of, report_of, reporting, type_everything
from tests.people import Cast

TODAY = at(6, 5)


def hand_over(cast: Cast, *, to: int | None = None, by: Actor | None = None, now: datetime = TODAY) -> Supervision:
    """Hand 青山 over to the neighbouring county, as the city decides."""
    with cast.database.transaction() as session:
        return transfer(
            session,
            enterprise_id=cast.pond.id,
            bureau_id=to or cast.neighbour_bureau.id,
            on=date(now.year, now.month, now.day),
            reason="矿区跨县，统一监管",
            by=by or cast.city_officer,
            now=now,
        )


class Counties:
    """Two counties with a table each, and a city above: months opened, filed and accepted as they come."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        with cast.database.transaction() as session:
            self.campaign = reporting(session, cast, months=(5, 6, 7))
            self.register = Register(session, self.campaign, cast.officer.person_id or 0)

    def found(self, on: datetime) -> int:
        with self.cast.database.transaction() as session:
            self.register.session = session
            return self.register.hazard(self.cast.pond, self.cast.bureau, on).id

    def closed(self, hazard_id: int, at_: datetime) -> None:
        with self.cast.database.transaction() as session:
            hazard = session.get_one(Hazard, hazard_id)
            hazard.checked_by_id, hazard.closed_by_id = self.cast.inspector.person_id, self.cast.officer.person_id
            hazard.state, hazard.closed_at, hazard.closed_on = "closed", at_, at_.date()

    def opened(self, period: str, now: datetime) -> None:
        with self.cast.database.transaction() as session:
            open_period(session, campaign_id=self.campaign.id, form=TABLE, period=period, now=now)

    def file(self, period: str, bureau: str, now: datetime) -> None:
        cast = self.cast
        organisation = cast.bureau if bureau == "old" else cast.neighbour_bureau
        leader = cast.leader if bureau == "old" else cast.neighbour_leader
        with cast.database.transaction() as session:
            type_everything(session, report_of(session, self.campaign, organisation, period), leader, now)
        with cast.database.transaction() as session:
            report = report_of(session, self.campaign, organisation, period)
            reports.file(session, report_id=report.id, by=leader, now=now)
        with cast.database.transaction() as session:
            reports.accept(session, report_id=report.id, by=cast.city_officer, now=now)

    def shown(self, period: str, now: datetime) -> list[tuple[int | None, int | None]]:
        """Return (当月, 累计) of 1.1 and 1.2 of the old bureau, the new one and the city."""
        with self.cast.database.transaction() as session:
            compute(session, campaign_id=self.campaign.id, form=TABLE, period=period, now=now, everything=True)
            found = []
            for organisation in (self.cast.bureau, self.cast.neighbour_bureau, self.cast.city_bureau):
                report = report_of(session, self.campaign, organisation, period)
                found += figures(session, report, "1.1", "1.2").values()
            return found


def test_the_month_of_the_hand_over_counts_for_the_old_bureau_and_the_next_for_the_new(either_cast: Cast) -> None:
    counties = Counties(either_cast)
    one = counties.found(instant_of(5, 10))
    counties.opened(MAY, instant_of(5, 12))
    counties.file(MAY, "old", instant_of(5, 23))
    counties.found(instant_of(5, 24, 9))  # after the old bureau has filed, before the new one does
    hand_over(either_cast, now=instant_of(5, 24))
    counties.file(MAY, "new", instant_of(5, 25))
    may = counties.shown(MAY, instant_of(5, 26))
    assert may == [(1, 1), (0, 0), (0, 0), (0, 0), (1, 1), (0, 0)], "what was filed stays, and the new bureau waits"
    counties.opened(JUNE, instant_of(6, 1))
    counties.closed(one, instant_of(6, 8))
    june = counties.shown(JUNE, instant_of(6, 20))
    assert june[:2] == [(0, 0), (0, 0)]
    assert june[2:4] == [(1, 2), (1, 1)], "the one found between the two filings is in June's 当月, once"
    counties.file(JUNE, "old", instant_of(6, 21))
    counties.file(JUNE, "new", instant_of(6, 22))
    assert counties.shown(JUNE, instant_of(6, 23))[4:] == [(1, 2), (1, 1)], "the city counts each once"


def test_a_hand_over_before_either_bureau_files_still_leaves_the_month_to_the_old_one(either_cast: Cast) -> None:
    counties = Counties(either_cast)
    counties.opened(MAY, instant_of(5, 2))
    one = counties.found(instant_of(5, 10))
    hand_over(either_cast, now=instant_of(5, 12))
    counties.closed(one, instant_of(5, 15))
    assert counties.shown(MAY, instant_of(5, 20))[:4] == [(1, 1), (1, 1), (0, 0), (0, 0)]
    counties.file(MAY, "new", instant_of(5, 21))
    counties.file(MAY, "old", instant_of(5, 22))
    counties.opened(JUNE, instant_of(6, 1))
    assert counties.shown(JUNE, instant_of(6, 2))[:4] == [(0, 0), (0, 0), (0, 1), (0, 1)]


def test_the_old_bureau_may_file_a_smaller_total_and_the_table_says_why(either_cast: Cast) -> None:
    counties = Counties(either_cast)
    counties.found(instant_of(5, 10))
    counties.opened(MAY, instant_of(5, 12))
    counties.file(MAY, "old", instant_of(5, 23))
    counties.file(MAY, "new", instant_of(5, 23))
    hand_over(either_cast, now=instant_of(5, 24))
    counties.opened(JUNE, instant_of(6, 1))
    counties.file(JUNE, "old", instant_of(6, 20))
    with either_cast.database.reading() as session:
        old = report_of(session, counties.campaign, either_cast.bureau, JUNE)
        new = report_of(session, counties.campaign, either_cast.neighbour_bureau, JUNE)
        city = report_of(session, counties.campaign, either_cast.city_bureau, JUNE)
        said = [
            monthly_table(session, report_id=report.id, actor=by).moved
            for report, by in (
                (old, either_cast.officer),
                (new, either_cast.neighbour_officer),
                (city, either_cast.city_officer),
            )
        ]
    assert [len(words) for words in said] == [1, 1, 0], "inside the city nothing moved"
    assert "移出" in said[0][0]
    assert "接入" in said[1][0]


def test_a_total_that_shrank_by_more_than_was_handed_over_is_still_refused(cast: Cast) -> None:
    counties = Counties(cast)
    counties.found(instant_of(5, 10))
    with cast.database.transaction() as session:
        counties.register.session = session
        stays = counties.register.hazard(cast.other_pond, cast.bureau, instant_of(5, 11)).id
    counties.opened(MAY, instant_of(5, 12))
    counties.file(MAY, "old", instant_of(5, 23))
    counties.file(MAY, "new", instant_of(5, 23))
    hand_over(cast, now=instant_of(5, 24))
    with cast.database.transaction() as session:
        session.get_one(Hazard, stays).major_since = instant_of(7, 30)
    counties.opened(JUNE, instant_of(6, 1))
    with pytest.raises(Invalid) as refusal:
        counties.file(JUNE, "old", instant_of(6, 20))
    assert "本期0，上期1" in refusal.value.fields["1.1"]


def test_open_work_follows_the_enterprise_and_what_was_decided_stays(either_cast: Cast) -> None:
    cast = either_cast
    launched(cast, by=cast.city_leader)
    with cast.database.transaction() as session:
        asked = requests.ask(
            session,
            task_id=task_of(session, "QY-11", cast.pond.id).id,
            kind=RequestKind.WAIVER,
            reason="停产",
            by=cast.principal,
            now=at(5, 8),
        )
        reviewed = session.scalars(_reviewed_by(cast, cast.bureau.id)).all()
    assert reviewed
    hand_over(cast, now=at(5, 10))
    with cast.database.reading() as session:
        assert session.scalars(_reviewed_by(cast, cast.bureau.id)).all() == []
        assert set(session.scalars(_reviewed_by(cast, cast.neighbour_bureau.id))) == set(reviewed)
    with pytest.raises(Forbidden), cast.database.transaction() as session:
        requests.grant(session, request_id=asked.id, by=cast.leader, now=at(5, 11))
    with cast.database.transaction() as session:
        requests.grant(session, request_id=asked.id, by=cast.neighbour_leader, now=at(5, 11))
        assert session.get_one(TaskRequest, asked.id).state == RequestState.GRANTED


def _reviewed_by(cast: Cast, bureau_id: int):  # type: ignore[no-untyped-def]
    return select(col(Task.id)).where(col(Task.organisation_id) == cast.pond.id, col(Task.reviewer_id) == bureau_id)


def test_inspections_of_the_enterprise_go_to_the_new_bureau_where_the_campaign_asks_it_too(either_cast: Cast) -> None:
    cast = either_cast
    launched(cast, by=cast.city_leader)
    hand_over(cast, now=at(6, 5))
    with cast.database.reading() as session:
        rows = session.execute(
            select(col(Task.organisation_id), col(Task.state), col(PlannedOccurrence.due_at) > at(6, 5))
            .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
            .where(col(Task.subject_id) == cast.pond.id, col(Task.organisation_id) != cast.pond.id)
        ).all()
    assert {state for doer, state, _ in rows if doer == cast.bureau.id} == {TaskState.WITHDRAWN}
    new = [(state, ahead) for doer, state, ahead in rows if doer == cast.neighbour_bureau.id]
    assert new
    assert set(new) == {(TaskState.ASSIGNED, True)}


def test_both_bureaus_and_the_enterprise_are_told_and_find_it_in_their_trails(either_cast: Cast) -> None:
    cast = either_cast
    hand_over(cast)
    compose(cast.database, now=at(6, 5))
    with cast.database.reading() as session:
        told = set(
            session.scalars(
                select(col(Person.login))
                .join(Notice, col(Notice.person_id) == col(Person.id))
                .where(col(Notice.kind) == "enterprise.transferred")
            )
        )
        for reader in (cast.leader, cast.neighbour_leader, cast.principal, cast.city_officer):
            lines = trail_lines(session, actor=reader, wanted=TrailFilter(), limit=50)
            words = {str(line.data.get("words")) for line in lines if line.kind.startswith("enterprise.")}
            assert "“青山矿业尾矿库”由茌平区应急管理局移交东阿县应急管理局监管，自2023年6月5日起。" in words
    assert {"leader", "officer", "neighbour.leader", "neighbour.officer", "principal", "safety"} <= told


def test_who_may_give_an_enterprise_away(either_cast: Cast) -> None:
    cast = either_cast
    with pytest.raises(NotFound):
        hand_over(cast, by=cast.neighbour_officer)
    with pytest.raises(NotFound):
        hand_over(cast, by=cast.officer)  # a county does not push it on its neighbour: the city decides
    with pytest.raises(Forbidden):
        hand_over(cast, by=cast.inspector, to=cast.city_bureau.id)
    assert hand_over(cast, by=cast.officer, to=cast.city_bureau.id).bureau_id == cast.city_bureau.id
    with pytest.raises(Forbidden, match="监管主体是聊城市应急管理局"):
        hand_over(cast, by=cast.officer, to=cast.bureau.id)  # nor does it take back what the city took


def test_nonsense_is_refused_and_changes_nothing(cast: Cast) -> None:
    with pytest.raises(Conflict, match="已经是"):
        hand_over(cast, to=cast.bureau.id)
    for day in (date(2023, 6, 6), date(2023, 3, 1)):
        with pytest.raises(Invalid) as refusal, cast.database.transaction() as session:
            transfer(
                session,
                enterprise_id=cast.pond.id,
                bureau_id=cast.neighbour_bureau.id,
                on=day,
                reason="统一监管",
                by=cast.city_officer,
                now=at(6, 5),
            )
        assert "on" in refusal.value.fields
    with pytest.raises(Conflict, match="第9版"), cast.database.transaction() as session:
        transfer(
            session,
            enterprise_id=cast.pond.id,
            bureau_id=cast.neighbour_bureau.id,
            on=date(2023, 6, 5),
            reason="统一监管",
            version=9,
            by=cast.city_officer,
            now=at(6, 5),
        )


def test_supervision_and_new_entries_ask_for_permission_themselves(cast: Cast) -> None:
    by, now = cast.neighbour_officer, at(6, 5)
    with pytest.raises(NotFound), cast.database.transaction() as session:
        supervise(session, enterprise=cast.pond, bureau=cast.neighbour_bureau, from_day=now.date(), by=by, now=now)
    with pytest.raises(NotFound), cast.database.transaction() as session:
        establish(session, kind=OrganisationKind.ENTERPRISE, name="外县矿", region=cast.county, by=by, now=now)
    with pytest.raises(Conflict, match="已有监管主体"), cast.database.transaction() as session:
        supervise(
            session,
            enterprise=cast.pond,
            bureau=cast.city_bureau,
            from_day=now.date(),
            by=cast.city_officer,
            now=now,
        )


def test_the_new_bureau_delists_what_the_old_one_listed(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        finding = Finding("坝体裂缝", major=True, criterion="三（一）")
        what = {"finding": finding, "found_on": date(2023, 6, 1), "by": either_cast.inspector, "now": TODAY}
        hazard_id = register(session, enterprise_id=either_cast.pond.id, **what).id  # type: ignore[arg-type]
        list_for_supervision(session, hazard_id=hazard_id, number="1号", by=either_cast.leader, now=TODAY)
    hand_over(either_cast)
    with either_cast.database.transaction() as session:
        plan(session, hazard_id=hazard_id, plan=PLAN, by=either_cast.safety_officer, now=TODAY)
        report_rectification(
            session, hazard_id=hazard_id, rectification="已注浆", by=either_cast.safety_officer, now=TODAY
        )
        for signer in (either_cast.neighbour_officer, either_cast.neighbour_leader):
            recheck(session, hazard_id=hazard_id, opinion="合格", by=signer, now=TODAY)
    with either_cast.database.transaction() as session:
        for leader, offered in ((either_cast.neighbour_leader, ""), (either_cast.city_leader, "谁挂牌谁摘牌。")):
            card = hazard_card(session, hazard_id=hazard_id, actor=leader, now=TODAY)
            assert hazard_steps(session, card, actor=leader, today=date(2023, 6, 5)).delist == offered
        assert delist(session, hazard_id=hazard_id, by=either_cast.neighbour_leader, now=TODAY).delisted_on
