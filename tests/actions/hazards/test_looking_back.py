"""回头看 and 反弹: a draw that anybody can repeat, looked at once, and a relapse that points to the old closure."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.directory.handing_over import transfer
from campaigns.actions.hazards.looking_back import draw, note_result
from campaigns.actions.hazards.rechecking import close
from campaigns.actions.hazards.rectifying import fix_on_the_spot
from campaigns.actions.hazards.reopening import reopen
from campaigns.clock import local_date
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.queries.hazards.look_backs import draws, one_draw
from campaigns.queries.verify.findings import Scene
from campaigns.queries.verify.hazards import changed_draws
from campaigns.rules.hazards.reopening import source_of_reopening
from campaigns.rules.hazards.sampling import drawn
from campaigns.rules.permissions import Actor
from campaigns.rules.states import HazardSource, HazardState
from campaigns.settings import Settings
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.look_backs import LookBack, LookBackItem
from tests.actions.hazards.test_the_closed_loop import LATER, MAJOR, NOW, TODAY, found, kinds, rectified
from tests.people import Cast

OWN, FOUND = HazardSource.SELF, HazardSource.INSPECTION


def closed(cast: Cast, *, by: Actor | None = None) -> Hazard:
    hazard = found(cast, by=by)
    with cast.database.transaction() as session:
        fix_on_the_spot(session, hazard_id=hazard.id, rectification="换了", by=cast.safety_officer, now=NOW)
        return close(session, hazard_id=hazard.id, opinion="合格", by=cast.officer, now=NOW)


def sample(cast: Cast, size: int | None = 2, *, by: Actor | None = None, until: date | None = TODAY) -> LookBack:
    with cast.database.transaction() as session:
        return draw(session, starts_on=TODAY, ends_on=until, size=size, by=by or cast.inspector, now=LATER)


def items(cast: Cast, taken: LookBack) -> list[LookBackItem]:
    with cast.database.reading() as session:
        which = col(LookBackItem.look_back_id) == taken.id
        return list(session.scalars(select(LookBackItem).where(which).order_by(col(LookBackItem.position))))


def test_a_draw_is_recorded_with_its_seed_and_comes_out_the_same_again(either_cast: Cast) -> None:
    numbers = {hazard.number: hazard.id for hazard in (closed(either_cast) for _ in range(4))}
    taken = sample(either_cast)
    assert (taken.population, taken.size, len(taken.seed)) == (4, 2, 64)
    again = [numbers[number] for number in drawn(numbers, seed=taken.seed, size=2)]
    assert [item.hazard_id for item in items(either_cast, taken)] == again
    with either_cast.database.reading() as session:
        assert list(changed_draws(Scene(session, Settings(), LATER))) == []
        assert len(one_draw(session, look_back_id=taken.id, actor=either_cast.officer)[1]) == 2
        with pytest.raises(NotFound):
            one_draw(session, look_back_id=taken.id, actor=either_cast.neighbour_officer)
        assert draws(session, actor=either_cast.neighbour_officer) == ()


def test_an_exchanged_hazard_is_found_by_verify(cast: Cast) -> None:
    hazards = [closed(cast) for _ in range(3)]
    taken = sample(cast, 1)
    other = next(hazard.id for hazard in hazards if hazard.id != items(cast, taken)[0].hazard_id)
    with cast.database.transaction() as session:
        session.get_one(LookBackItem, items(cast, taken)[0].id).hazard_id = other
    with cast.database.reading() as session:
        assert [finding.row for finding in changed_draws(Scene(session, Settings(), LATER))] == [
            f"look_back {taken.id}"
        ]


def test_what_held_is_noted_once_and_what_came_back_is_reopened(either_cast: Cast) -> None:
    for _ in range(2):
        closed(either_cast)
    held, relapsed = items(either_cast, sample(either_cast))
    with either_cast.database.transaction() as session:
        note_result(session, item_id=held.id, held=True, opinion="完好", by=either_cast.officer, now=LATER)
        seen = note_result(
            session, item_id=relapsed.id, held=False, opinion="又破了", by=either_cast.officer, now=LATER
        )
        new = session.get_one(Hazard, seen.reopened_id)
        old = session.get_one(Hazard, relapsed.hazard_id)
    assert (new.reopens_id, new.source, new.state) == (old.id, FOUND, HazardState.REGISTERED)
    assert (old.state, old.closed_at) == (HazardState.CLOSED, NOW)
    assert kinds(either_cast, old)[-1] == "hazard.reopened"
    with pytest.raises(Conflict, match="已经看过"), either_cast.database.transaction() as session:
        note_result(session, item_id=held.id, held=False, opinion="x", by=either_cast.officer, now=LATER)


def test_what_a_draw_lacks_is_named(cast: Cast) -> None:
    with pytest.raises(Conflict, match="没有销号的隐患"):
        sample(cast)
    for size, until, wrong in (
        (0, TODAY, "size"),
        (None, TODAY, "size"),
        (2, None, "ends_on"),
        (2, date(2023, 6, 1), "ends_on"),
    ):
        with pytest.raises(Invalid) as refusal:
            sample(cast, size, until=until)
        assert list(refusal.value.fields) == [wrong]
    with pytest.raises(Forbidden, match="监管部门"):
        sample(cast, by=cast.principal)


def test_strangers_note_nothing_and_a_result_must_be_chosen(cast: Cast) -> None:
    closed(cast)
    (item,) = items(cast, sample(cast, 1))
    for who in (cast.neighbour_officer, cast.stranger_principal):
        with pytest.raises(NotFound), cast.database.transaction() as session:
            note_result(session, item_id=item.id, held=True, opinion="x", by=who, now=LATER)
    with pytest.raises(NotFound), cast.database.transaction() as session:
        note_result(session, item_id=item.id, held=True, opinion="x", by=cast.principal, now=LATER)
    with pytest.raises(Invalid) as refusal, cast.database.transaction() as session:
        note_result(session, item_id=item.id, held=None, opinion="x", by=cast.officer, now=LATER)
    assert list(refusal.value.fields) == ["held"]


def test_what_was_handed_over_since_the_draw_is_looked_at_by_its_new_bureau_and_by_nobody_else(
    either_cast: Cast,
) -> None:
    for _ in range(2):
        closed(either_cast)
    taken = sample(either_cast)
    item, other = items(either_cast, taken)
    with either_cast.database.transaction() as session:
        transfer(
            session,
            enterprise_id=either_cast.pond.id,
            bureau_id=either_cast.neighbour_bureau.id,
            on=local_date(LATER),
            reason="区划调整",
            by=either_cast.city_officer,
            now=LATER,
        )
    with either_cast.database.transaction() as session, pytest.raises(Forbidden):
        note_result(session, item_id=item.id, held=True, opinion="完好", by=either_cast.officer, now=LATER)
    with either_cast.database.transaction() as session:
        note_result(session, item_id=item.id, held=True, opinion="完好", by=either_cast.neighbour_officer, now=LATER)
        looked = note_result(
            session, item_id=other.id, held=False, opinion="又破了", by=either_cast.neighbour_officer, now=LATER
        )
        assert session.get_one(Hazard, looked.reopened_id).bureau_id == either_cast.neighbour_bureau.id
    with either_cast.database.reading() as session:
        for who in (either_cast.officer, either_cast.neighbour_officer):
            assert [(one.bureau, one.looked, one.relapsed) for one in draws(session, actor=who)] == [
                ("茌平区应急管理局", 2, 1)
            ]
            _, seen = one_draw(session, look_back_id=taken.id, actor=who)
            assert [(one.bureau, one.looked_by) for one in seen] == [("东阿县应急管理局", "东阿朱经办")] * 2
        for stranger in (either_cast.principal, either_cast.city_officer):
            assert draws(session, actor=stranger) == ()


def test_a_relapse_is_registered_once_and_only_of_what_was_closed(either_cast: Cast) -> None:
    hazard = closed(either_cast)
    with either_cast.database.transaction() as session:
        new = reopen(session, hazard_id=hazard.id, description="又破了", by=either_cast.safety_officer, now=LATER)
    assert (new.source, new.found_on, new.title) == (OWN, date(2023, 6, 1), hazard.title)
    for again, word in ((hazard, new.number), (rectified(either_cast, MAJOR), "没有销号")):
        with pytest.raises(Conflict, match=word), either_cast.database.transaction() as session:
            reopen(session, hazard_id=again.id, description="x", by=either_cast.officer, now=LATER)
    with pytest.raises(NotFound), either_cast.database.transaction() as session:
        reopen(session, hazard_id=hazard.id, description="x", by=either_cast.other_principal, now=LATER)


@pytest.mark.parametrize(
    ("first", "finder", "source"), [(OWN, OWN, OWN), (OWN, FOUND, FOUND), (FOUND, OWN, FOUND), (FOUND, FOUND, FOUND)]
)
def test_what_a_bureau_found_never_becomes_self_found_by_coming_back(
    first: HazardSource, finder: HazardSource, source: HazardSource
) -> None:
    assert source_of_reopening(first, finder) is source


def test_a_find_of_ten_years_ago_is_a_mistyped_year(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        found(cast, found_on=TODAY - timedelta(days=4000))
    assert "请核对年份" in refusal.value.fields["found_on"]
