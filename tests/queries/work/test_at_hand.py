"""可用已填的: the worklist says for which tasks a record is at hand, and says the same as the tasks' own pages."""

from pathlib import Path

import pytest

from campaigns.actions.work.objecting import object_to
from campaigns.actions.work.tasks import send_back, sign_nil
from campaigns.queries.work.at_hand import AtHand
from campaigns.queries.work.sharing import usable_records
from campaigns.queries.work.worklist import WorkItem, worklist
from campaigns.rules.permissions import Actor
from campaigns.rules.work.sharing import Likeness
from tests.actions.work.test_using import LATER, NOW, Two
from tests.campaigns import launched
from tests.people import Cast
from tests.sharing import beside


@pytest.fixture
def two(either_cast: Cast, tmp_path: Path) -> Two:
    return Two(either_cast, tmp_path, launched(either_cast), beside(either_cast))


@pytest.fixture
def on_sqlite(cast: Cast, tmp_path: Path) -> Two:
    return Two(cast, tmp_path, launched(cast), beside(cast))


def said(two: Two, *, by: Actor | None = None) -> dict[int, AtHand]:
    """Return what stands on the worklist's rows, after it was held against every one of their pages."""
    who = by or two.cast.safety_officer
    with two.cast.database.reading() as session:
        groups = worklist(session, actor=who, now=LATER).groups
        items: list[WorkItem] = [item for _, group in groups for item in group if not item.report]
        pages = {item.id: usable_records(session, item.id, actor=who) for item in items}
    told = {item.id: item.at_hand for item in items if item.at_hand}
    offered = {
        id_: AtHand(all_[0].campaign, all_[0].occurred_on, all_[0].likeness) for id_, all_ in pages.items() if all_
    }
    assert told == offered
    return told


def test_the_row_says_what_its_page_offers_until_it_is_used(two: Two) -> None:
    assert said(two) == {}
    done = two.reported()
    assert said(two) == {two.theirs.id: AtHand(two.action.title, done.occurred_on, Likeness.SAME_FORM)}
    assert said(two, by=two.cast.other_principal) == {}
    two.use(done.receipt)
    assert said(two) == {}


def test_a_record_serves_both_tasks_of_a_period_until_its_day_is_taken(on_sqlite: Two) -> None:
    on_sqlite.photograph(on_sqlite.theirs)
    done = on_sqlite.submit(on_sqlite.theirs)
    assert {on_sqlite.own.id, on_sqlite.task(on_sqlite.action, seq=2).id} == set(said(on_sqlite))
    on_sqlite.reported()  # the same day, for the action itself
    assert said(on_sqlite) == {}
    assert done.occurred_on.isoformat() == "2023-05-12"


def test_what_came_back_is_not_at_hand(on_sqlite: Two) -> None:
    on_sqlite.photograph(on_sqlite.theirs)
    on_sqlite.submit(on_sqlite.theirs)
    assert said(on_sqlite)
    with on_sqlite.cast.database.transaction() as session:
        send_back(session, task_id=on_sqlite.theirs.id, reason="请补充", by=on_sqlite.cast.officer, now=LATER)
    assert said(on_sqlite) == {}


def test_what_the_enterprise_objected_to_is_not_at_hand(on_sqlite: Two) -> None:
    on_sqlite.entered()
    assert said(on_sqlite)
    with on_sqlite.cast.database.transaction() as session:
        object_to(session, task_id=on_sqlite.own.id, reason="部位不对", by=on_sqlite.cast.principal, now=LATER)
    assert said(on_sqlite) == {}


def test_a_nil_return_is_at_hand_for_whoever_may_sign_one(on_sqlite: Two) -> None:
    with on_sqlite.cast.database.transaction() as session:
        sign_nil(session, task_id=on_sqlite.own.id, signed=True, by=on_sqlite.cast.principal, now=NOW)
    assert set(said(on_sqlite, by=on_sqlite.cast.principal)) == {on_sqlite.theirs.id}
    assert said(on_sqlite, by=on_sqlite.cast.safety_officer) == {}
