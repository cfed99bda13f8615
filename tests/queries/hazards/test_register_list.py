"""The register within the reader's sight."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.hazards.rectifying import plan, report_rectification
from campaigns.actions.hazards.registering import register
from campaigns.errors import NotFound
from campaigns.queries.hazards import register_list
from campaigns.queries.hazards.hazard import hazard_card
from campaigns.queries.hazards.register_list import (
    HazardFilter,
    HazardTab,
    count_hazards,
    hazard_lines,
    in_sight,
)
from campaigns.queries.hazards.steps import HazardSteps, hazard_steps
from campaigns.rules.hazards.finding import Finding, RectificationPlan
from campaigns.rules.permissions import Actor
from campaigns.rules.states import HazardSource
from campaigns.store.hazards.hazards import Hazard
from tests.people import Cast

NOW = datetime(2023, 5, 12, 2, 0, tzinfo=UTC)
TODAY = date(2023, 5, 12)
JULY = datetime(2023, 7, 1, 2, 0, tzinfo=UTC)
FIVE = RectificationPlan("卫矿长", "更换盖板", 35000, date(2023, 6, 10), "降雨时停止排放")


def filled(cast: Cast) -> list[int]:
    """Register three hazards: a planned one, a major one found by the bureau, one of another enterprise."""
    with cast.database.transaction() as session:
        own = register(
            session,
            enterprise_id=cast.pond.id,
            finding=Finding("盖板破损"),
            found_on=TODAY,
            by=cast.safety_officer,
            now=NOW,
        )
        plan(session, hazard_id=own.id, plan=FIVE, by=cast.safety_officer, now=NOW)
        major = register(
            session,
            enterprise_id=cast.pond.id,
            finding=Finding("坝体裂缝100%", major=True, criterion="三（一）"),
            found_on=TODAY,
            by=cast.inspector,
            now=NOW,
        )
        other = register(
            session,
            enterprise_id=cast.other_pond.id,
            finding=Finding("警示牌缺失", rectification="已补"),
            found_on=TODAY,
            by=cast.other_principal,
            now=NOW,
        )
        return [own.id, major.id, other.id]


def titles(cast: Cast, actor: Actor, tab: HazardTab = HazardTab.ALL, **wanted: object) -> list[str]:
    with cast.database.reading() as session:
        lines = hazard_lines(
            session,
            actor=actor,
            now=JULY,
            tab=tab,
            wanted=HazardFilter(**wanted),  # type: ignore[arg-type]
            limit=50,
        )
        return [line.title for line in lines]


def test_everybody_sees_his_own_part_of_the_register(either_cast: Cast) -> None:
    filled(either_cast)
    assert titles(either_cast, either_cast.principal) == ["坝体裂缝100%", "盖板破损"]
    assert titles(either_cast, either_cast.officer) == ["警示牌缺失", "坝体裂缝100%", "盖板破损"]
    open_ones = titles(either_cast, either_cast.officer, HazardTab.OPEN)
    assert open_ones == ["坝体裂缝100%", "警示牌缺失", "盖板破损"], "major first, then who has to act first"
    assert len(titles(either_cast, either_cast.city_officer)) == 3
    for nobody in (either_cast.neighbour_officer, either_cast.administrator, either_cast.stranger_principal):
        assert titles(either_cast, nobody) == []


def test_tabs_and_filters_agree_with_their_counts(either_cast: Cast) -> None:
    filled(either_cast)
    officer = either_cast.officer
    assert titles(either_cast, officer, HazardTab.LATE) == ["盖板破损"]
    assert titles(either_cast, officer, HazardTab.RECHECK) == ["警示牌缺失"]
    assert titles(either_cast, officer, source=HazardSource.INSPECTION) == ["坝体裂缝100%"]
    assert titles(either_cast, officer, major=False, words="破损") == ["盖板破损"]
    assert titles(either_cast, officer, words="%") == ["坝体裂缝100%"]
    with either_cast.database.reading() as session:
        counts = count_hazards(session, actor=officer, now=JULY).of
    assert [counts[tab] for tab in HazardTab] == [3, 2, 1, 1, 0, 0, 3]


def test_a_hazard_says_which_step_is_next_and_for_whom(cast: Cast) -> None:
    own, major, _ = filled(cast)
    with cast.database.transaction() as session:
        report_rectification(session, hazard_id=own, rectification="已换", by=cast.safety_officer, now=JULY)

    def allowed(hazard_id: int, actor: Actor) -> HazardSteps:
        with cast.database.reading() as session:
            card = hazard_card(session, hazard_id=hazard_id, actor=actor, now=NOW)
            return hazard_steps(session, card, actor=actor, today=TODAY)

    assert allowed(own, cast.safety_officer).recheck == "整改是您填报的，要由另一个人复查。"
    assert allowed(own, cast.principal).recheck == ""
    assert allowed(own, cast.officer).recheck == ""
    assert allowed(major, cast.principal) == HazardSteps(
        photograph="", fix="", plan="", report_up="", report_workers="", stop=""
    )
    assert allowed(major, cast.leader).supervise == ""
    assert allowed(major, cast.officer).supervise == "您没有权限挂牌督办或摘牌。"


def test_a_foreign_hazard_is_not_found(cast: Cast) -> None:
    own, _, other = filled(cast)
    with cast.database.reading() as session:
        for hazard_id, actor in ((own, cast.other_principal), (other, cast.principal), (own, cast.neighbour_leader)):
            with pytest.raises(NotFound):
                hazard_card(session, hazard_id=hazard_id, actor=actor, now=NOW)


def test_whoever_sees_many_enterprises_sees_the_same_hazards(either_cast: Cast) -> None:
    filled(either_cast)
    for actor in (
        either_cast.officer,
        either_cast.city_officer,
        either_cast.neighbour_officer,
        either_cast.administrator,
    ):
        with either_cast.database.reading() as session:
            few, many = (
                set(session.scalars(select(col(Hazard.id)).where(in_sight(actor, many=many)))) for many in (False, True)
            )
        assert few == many


def test_a_search_reads_title_place_and_number_in_either_case(either_cast: Cast) -> None:
    own, *_ = filled(either_cast)
    with either_cast.database.reading() as session:
        number = session.get_one(Hazard, own).number

    def found(words: str, actor: Actor) -> list[str]:
        return titles(either_cast, actor, words=words)

    assert found("盖板", either_cast.officer) == found(number.lower(), either_cast.officer) == ["盖板破损"]
    assert found("100%", either_cast.officer) == ["坝体裂缝100%"]
    assert found("1%0", either_cast.officer) == found("裂_", either_cast.officer) == []
    assert found("盖板", either_cast.stranger_principal) == []


def test_a_large_register_is_counted_and_listed_like_a_small_one(
    either_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(either_cast)

    def answers(session: Session, wanted: HazardFilter) -> list[tuple[int, list[int]]]:
        asked: dict[str, Any] = {"actor": either_cast.officer, "now": JULY, "wanted": wanted}
        told = []
        for tab in (HazardTab.TO_FIX, HazardTab.LATE, HazardTab.CLOSED, HazardTab.ALL):
            counts = count_hazards(session, **asked, tab=tab)
            lines = hazard_lines(session, **asked, tab=tab, limit=50, counts=counts)
            told.append((counts.of[tab], [line.id for line in lines]))
        return told

    with either_cast.database.reading() as session:
        for wanted in (HazardFilter(major=False, source=HazardSource.SELF), HazardFilter("板"), HazardFilter("没有")):
            small = answers(session, wanted)
            assert all(number == len(ids) for number, ids in small)
            for limits in ({}, {"FEW_HAZARDS": 0}, {"FEW_HAZARDS": 1}, {"FEW_HAZARDS": 0, "LOOKED_AT": 1}):
                for name, most in {"FEW_ENTERPRISES": 0, **limits}.items():
                    monkeypatch.setattr(register_list, name, most)
                assert answers(session, wanted) == small, (wanted, limits)
                monkeypatch.undo()
        assert small == [(0, [])] * 4, "the last one has nothing"


def test_a_count_that_was_not_finished_is_more_than_what_is_shown(
    either_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(either_cast)
    for name, most in {"FEW_ENTERPRISES": 0, "MOST_COUNTED": 1, "LOOKED_AT": 1}.items():
        monkeypatch.setattr(register_list, name, most)
    with either_cast.database.reading() as session:
        for words in ("", "yh"):
            counts = count_hazards(session, actor=either_cast.officer, now=JULY, wanted=HazardFilter(words))
            assert [counts.of[tab] for tab in HazardTab] == [2, 2, 1, 1, 0, 0, 2]
