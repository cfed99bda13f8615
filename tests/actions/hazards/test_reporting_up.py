"""双报告: a major hazard goes to the bureau's inbox and to the workers, each once and each with a receipt."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.hazards.reporting_up import receive, report_to_bureau, report_to_workers
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.rules.hazards.leniency import leniency
from campaigns.rules.permissions import Actor
from campaigns.rules.states import HazardSource, HazardState
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.messages import Notice
from notifications.compose import compose
from tests.actions.hazards.test_the_closed_loop import LATER, MAJOR, NOW, TODAY, found, kinds
from tests.people import Cast

WORDS = "裂缝长2米，雨后渗水；不停排会溃坝；拟灌浆封闭。"


def reported(cast: Cast, hazard: Hazard, *, by: Actor | None = None, words: str = WORDS) -> None:
    with cast.database.transaction() as session:
        report_to_bureau(session, hazard_id=hazard.id, content=words, by=by or cast.principal, now=NOW)


def told(cast: Cast, hazard: Hazard, *, name: str = "工会主席孙某", on: date | None = TODAY) -> None:
    with cast.database.transaction() as session:
        report_to_workers(
            session, hazard_id=hazard.id, content=WORDS, received_by=name, received_on=on, by=cast.principal, now=NOW
        )


def test_the_bureau_is_told_at_once_and_signs_for_it_by_name(either_cast: Cast) -> None:
    hazard = found(either_cast, MAJOR)
    reported(either_cast, hazard)
    compose(either_cast.database, now=NOW)
    with either_cast.database.reading() as session:
        inbox = select(col(Notice.title)).where(col(Notice.person_id) == either_cast.inspector.person_id)
        assert any("重大隐患直报" in title for title in session.scalars(inbox))
    with either_cast.database.transaction() as session:
        receipt = receive(session, hazard_id=hazard.id, by=either_cast.inspector, now=LATER)
    assert (receipt.received_by, receipt.received_at) == (either_cast.inspector.name, LATER)
    assert kinds(either_cast, hazard)[-2:] == ["hazard.reported_up", "hazard.report_received"]


def test_each_report_is_made_once_and_received_once(either_cast: Cast) -> None:
    hazard = found(either_cast, MAJOR)
    reported(either_cast, hazard)
    told(either_cast, hazard)
    with pytest.raises(Conflict, match="已经向监管部门报告过"):
        reported(either_cast, hazard)
    with pytest.raises(Conflict, match="已经向职工大会"):
        told(either_cast, hazard)
    with either_cast.database.transaction() as session:
        receive(session, hazard_id=hazard.id, by=either_cast.officer, now=NOW)
    with pytest.raises(Conflict, match="没有等待接收"), either_cast.database.transaction() as session:
        receive(session, hazard_id=hazard.id, by=either_cast.inspector, now=NOW)


def test_an_ordinary_hazard_is_not_reported_twice_over(cast: Cast) -> None:
    with pytest.raises(Conflict, match="只有重大"):
        reported(cast, found(cast))


def test_what_is_missing_in_a_report_is_named(cast: Cast) -> None:
    hazard = found(cast, MAJOR)
    with pytest.raises(Invalid) as refusal:
        reported(cast, hazard, words=" ")
    assert list(refusal.value.fields) == ["content"]
    for day in (None, date(2023, 5, 11), date(2023, 5, 13)):
        with pytest.raises(Invalid) as refusal:
            told(cast, hazard, name="", on=day)
        assert set(refusal.value.fields) == {"received_by", "received_on"}


def test_only_the_enterprise_reports_and_only_its_bureau_receives(cast: Cast) -> None:
    hazard = found(cast, MAJOR)
    with pytest.raises(Forbidden):
        reported(cast, hazard, by=cast.inspector)
    with pytest.raises(NotFound):
        reported(cast, hazard, by=cast.other_principal)
    reported(cast, hazard)
    for who, refusal in ((cast.principal, Forbidden), (cast.city_leader, Forbidden), (cast.neighbour_leader, NotFound)):
        with pytest.raises(refusal), cast.database.transaction() as session:
            receive(session, hazard_id=hazard.id, by=who, now=NOW)


@pytest.mark.parametrize(
    ("source", "state", "reported_up", "planned", "three"),
    [
        (HazardSource.SELF, HazardState.RECTIFYING, True, True, True),
        (HazardSource.SELF, HazardState.RECTIFIED, True, False, True),
        (HazardSource.SELF, HazardState.REGISTERED, True, False, False),
        (HazardSource.SELF, HazardState.RECTIFYING, True, False, False),
        (HazardSource.SELF, HazardState.RECTIFYING, False, True, False),
        (HazardSource.INSPECTION, HazardState.RECTIFYING, True, True, False),
    ],
)
def test_three_facts_make_the_hint_and_two_do_not(
    source: HazardSource, state: HazardState, reported_up: bool, planned: bool, three: bool
) -> None:
    assert leniency(source=source, state=state, reported=reported_up, planned=planned).all_there is three
