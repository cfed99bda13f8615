"""历史台账导入: what the dry run shows enters the register once, marked as history, and counts in no table."""

from datetime import date

import pytest
from openpyxl.utils import get_column_letter
from sqlalchemy import func, select
from sqlmodel import col

from campaigns.actions.hazards.import_plan import HazardImportPlan, Outcome, plan_import
from campaigns.actions.hazards.importing import choose_columns, choose_enterprises, import_hazards
from campaigns.actions.hazards.rechecking import close
from campaigns.documents.hazard_workbook import as_sheet, read_layout
from campaigns.errors import Conflict, Forbidden, NotFound
from campaigns.queries.hazards.register_list import HazardTab, count_hazards
from campaigns.queries.hazards.stock import stock
from campaigns.queries.verify.findings import Scene
from campaigns.queries.verify.hazards import strange_hazards, vanished_hazards
from campaigns.queries.verify.ledger import broken_links
from campaigns.rules.directory.register import RegisterSheet
from campaigns.rules.hazards.import_columns import guess
from campaigns.rules.permissions import Actor
from campaigns.rules.states import HazardSource, HazardState
from campaigns.settings import Settings
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.imports import chosen_columns
from campaigns.store.ledger import Event
from tests.actions.hazards.test_the_closed_loop import NOW, found
from tests.campaigns import at
from tests.documents.test_hazard_workbook import ledger
from tests.people import Cast

THEN = at(8, 1)
SHA = "a" * 64


@pytest.fixture(scope="module")
def sheet() -> RegisterSheet:
    layout = read_layout(ledger())
    return as_sheet(layout, {name: get_column_letter(place + 1) for name, place in guess(layout.headings).items()})


def planned(cast: Cast, sheet: RegisterSheet, by: Actor | None = None, **chosen: int) -> HazardImportPlan:
    with cast.database.reading() as session:
        return plan_import(session, sheet=sheet, sha256=SHA, year=2023, chosen=chosen, by=by or cast.officer, now=THEN)


def imported(cast: Cast, sheet: RegisterSheet, shown: str, by: Actor | None = None) -> HazardImportPlan:
    with cast.database.transaction() as session:
        return import_hazards(
            session, sheet=sheet, sha256=SHA, year=2023, chosen={}, shown=shown, by=by or cast.officer, now=THEN
        )


def test_what_was_shown_is_registered_as_history_and_verify_finds_nothing_odd(
    either_cast: Cast, sheet: RegisterSheet
) -> None:
    plan = planned(either_cast, sheet)
    assert (len(plan.rows_with(Outcome.NEW)), plan.in_error, plan.passed_over) == (4, 1, 2)
    imported(either_cast, sheet, plan.fingerprint)
    with either_cast.database.reading() as session:
        rows = list(session.scalars(select(Hazard).order_by(col(Hazard.import_row))))
        kinds = dict(session.execute(select(col(Event.kind), func.count()).group_by(col(Event.kind))).all())
        scene = Scene(session, Settings(), THEN)
        assert [*strange_hazards(scene), *vanished_hazards(scene), *broken_links(scene)] == []
        counts = count_hazards(session, actor=either_cast.officer, now=THEN).of
        assert stock(session, actor=either_cast.officer, on=date(2023, 7, 31), major_only=False, now=THEN).now == 3
    assert [(one.import_row, one.state, one.source, one.registered_at, one.closed_by_id) for one in rows] == [
        (5, HazardState.ARCHIVED, HazardSource.SELF, THEN, None),
        (6, HazardState.REGISTERED, HazardSource.INSPECTION, THEN, None),
        (8, HazardState.RECTIFIED, HazardSource.INSPECTION, THEN, None),
        (10, HazardState.RECTIFYING, HazardSource.INSPECTION, THEN, None),
    ]
    assert [one.number for one in rows] == [f"YH20230801-{one.id:06d}" for one in rows]
    assert rows[2].enterprise_id == either_cast.other_pond.id, "茌平区白石铝业尾矿库有限公司 is 白石铝业尾矿库"
    assert (kinds["hazards.imported"], kinds["hazard.imported"]) == (1, 4)
    assert (counts[HazardTab.OPEN], counts[HazardTab.CLOSED]) == (3, 1)


def test_twice_is_once_and_an_old_preview_is_refused(either_cast: Cast, sheet: RegisterSheet) -> None:
    plan = planned(either_cast, sheet)
    imported(either_cast, sheet, plan.fingerprint)
    again = planned(either_cast, sheet)
    assert (len(again.rows_with(Outcome.NEW)), len(again.rows_with(Outcome.KNOWN))) == (0, 4)
    for shown in (plan.fingerprint, again.fingerprint):
        with pytest.raises(Conflict, match="预览之后"):
            imported(either_cast, sheet, shown)
    with either_cast.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Hazard)) == 4


def test_what_somebody_registered_by_hand_is_a_double(cast: Cast, sheet: RegisterSheet) -> None:
    hazard = found(cast, by=cast.inspector)
    cells = {"B": cast.pond.name, "C": "2023年5月12日", "E": f" {hazard.title}。"}
    plan = planned(
        cast,
        RegisterSheet(
            sheet.name, sheet.columns, ((5, cells), (6, cells | {"E": "另一项"}), (7, cells | {"E": "另一项"}))
        ),
    )
    assert [(row.outcome, row.number) for row in plan.rows] == [
        (Outcome.KNOWN, hazard.number),
        (Outcome.NEW, ""),
        (Outcome.IN_ERROR, ""),
    ]
    assert "和第6行是同一项隐患" in plan.problems[0].sentence


def test_an_unknown_name_is_told_with_whom_it_could_mean_and_a_choice_is_remembered(
    cast: Cast, sheet: RegisterSheet
) -> None:
    broken = RegisterSheet(sheet.name, sheet.columns, ((5, {**sheet.rows[0][1], "B": "青山矿叶尾矿"}),))
    plan = planned(cast, broken)
    assert plan.unknown[0].suggestions[0] == (cast.pond.id, cast.pond.name)
    assert plan.in_error == 1
    with cast.database.transaction() as session:
        choose_enterprises(session, meant={"青山矿叶尾矿": cast.pond.id}, by=cast.officer, now=NOW)
        choose_columns(session, headings={"title": "存在的问题", "nonsense": "x"}, by=cast.officer, now=NOW)
    with cast.database.reading() as session:
        kept = chosen_columns(session, cast.leader)
    assert kept is not None
    assert (kept.headings, kept.enterprises) == ({"title": "存在的问题"}, {"青山矿叶尾矿": cast.pond.id})
    assert planned(cast, broken, **kept.enterprises).in_error == 0


def test_only_the_supervising_bureau_imports_and_nobody_his_own_finds(cast: Cast, sheet: RegisterSheet) -> None:
    for who in (cast.principal, cast.leader):
        with pytest.raises(Forbidden):
            planned(cast, sheet, by=who)
    above = planned(cast, sheet, by=cast.city_officer)
    assert above.rows_with(Outcome.NEW) == ()
    assert "监管" in above.problems[0].sentence
    strangers = planned(cast, sheet, by=cast.neighbour_officer)
    assert strangers.unknown
    assert all(cast.pond.id != id_ for one in strangers.unknown for id_, _ in one.suggestions)
    with pytest.raises((Conflict, NotFound)):
        imported(cast, sheet, planned(cast, sheet).fingerprint, by=cast.neighbour_officer)


def test_a_major_one_that_the_ledger_calls_done_still_needs_two_signatures(cast: Cast, sheet: RegisterSheet) -> None:
    imported(cast, sheet, planned(cast, sheet).fingerprint)
    with cast.database.transaction() as session:
        hazard = session.scalars(select(Hazard).where(col(Hazard.import_row) == 8)).one()
        for by in (cast.inspector, cast.officer):
            hazard = close(session, hazard_id=hazard.id, opinion="合格", by=by, now=THEN)
    assert hazard.state == HazardState.CLOSED
    with cast.database.reading() as session:
        assert list(strange_hazards(Scene(session, Settings(), THEN))) == []
