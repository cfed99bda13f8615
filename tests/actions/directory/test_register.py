"""An import does what its dry run showed, once, and reaches nobody out of sight."""

import time
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from campaigns.actions.directory.closing import close_enterprise
from campaigns.actions.directory.register import import_register
from campaigns.actions.directory.register_plan import ImportPlan, Outcome, plan_import
from campaigns.errors import Conflict, Forbidden
from campaigns.rules.directory.register import Column, RegisterSheet, recognise
from campaigns.rules.permissions import Actor, OrganisationKind
from campaigns.store.directory.regions import Organisation, Supervision, Trait
from campaigns.store.ledger import Event
from campaigns.store.scope import supervising_bureau
from tests.people import Cast

NOW = datetime(2023, 6, 1, 1, 0, tzinfo=UTC)
HEADINGS = ("企业名称", "信用代码", "乡镇", "类别", "主要负责人", "是否有外包队伍", "纳入日期")
CODE = "91110000600037341L"
NEW = ("博平采石场", CODE, "乐平铺镇", "露天矿", "王五", "是", "2023-05-01")


def sheet(*rows: tuple[str, ...]) -> RegisterSheet:
    """Return a sheet with the usual headings in row 1."""
    found, _ = recognise(HEADINGS)
    columns = tuple(Column("ABCDEFG"[at], HEADINGS[at], *meaning) for at, meaning in found.items())
    return RegisterSheet(
        "名册", columns, tuple((n, dict(zip("ABCDEFG", row, strict=False))) for n, row in enumerate(rows, 2))
    )


def look(cast: Cast, given: RegisterSheet, by: Actor | None = None) -> ImportPlan:
    """Return the dry run."""
    with cast.database.reading() as session:
        return plan_import(session, sheet=given, sha256="f" * 64, by=by or cast.officer)


def confirm(cast: Cast, given: RegisterSheet, shown: ImportPlan, by: Actor | None = None) -> ImportPlan:
    """Do what was shown."""
    with cast.database.transaction() as session:
        return import_register(
            session, sheet=given, sha256="f" * 64, shown=shown.fingerprint, by=by or cast.officer, now=NOW
        )


def test_a_dry_run_counts_and_changes_nothing(either_cast: Cast) -> None:
    given = sheet(
        NEW,
        (either_cast.pond.name, "", "", "", "卫矿长", "是"),
        (either_cast.other_pond.name,),
        ("无名", "", "没有的镇"),
    )
    with either_cast.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Event))
    plan = look(either_cast, given)
    assert plan.counts == {Outcome.NEW: 1, Outcome.CHANGED: 1, Outcome.UNCHANGED: 1, Outcome.IN_ERROR: 1}
    assert [(problem.cell, problem.sentence) for problem in plan.problems] == [
        ("2", "没有写状态，新企业按“正常生产”登记。"),
        ("C5", "本辖区没有“没有的镇”，或有重名。"),
    ]
    assert "乐平铺镇" in plan.problems[1].advice
    assert [(change.column, change.after) for change in plan.rows[1].changes] == [("principal", "卫矿长")]
    with either_cast.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == before


def test_what_was_shown_is_done_and_doing_it_again_finds_it_done(either_cast: Cast) -> None:
    given = sheet(NEW, (either_cast.pond.name, "", "", "", "卫矿长", "否"))
    confirm(either_cast, given, look(either_cast, given))
    with either_cast.database.reading() as session:
        added = session.scalars(select(Organisation).where(col(Organisation.credit_code) == CODE)).one()
        assert (added.kind, added.region_id, added.principal) == (
            OrganisationKind.ENTERPRISE,
            either_cast.town.id,
            "王五",
        )
        assert supervising_bureau(session, added.id) == either_cast.bureau.id
        assert session.scalars(
            select(Supervision.started_on).where(col(Supervision.enterprise_id) == added.id)
        ).one() == date(2023, 5, 1)
        traits = dict(session.execute(select(Trait.organisation_id, Trait.name)).all())
        assert traits == {added.id: "有外包队伍"}
        assert session.get_one(Organisation, either_cast.pond.id).version == 2
    assert look(either_cast, given).counts[Outcome.UNCHANGED] == 2


def test_a_register_that_moved_since_the_preview_is_not_written_over(cast: Cast) -> None:
    given = sheet((cast.pond.name, "", "", "露天矿"))
    shown = look(cast, given)
    confirm(cast, given, shown)
    with pytest.raises(Conflict, match="预览之后"):
        confirm(cast, given, shown)


def test_rows_in_error_stay_out_and_the_others_go_in(cast: Cast) -> None:
    given = sheet(NEW, ("坏行", "", "", "", "", "两家"))
    plan = confirm(cast, given, look(cast, given))
    assert plan.counts[Outcome.IN_ERROR] == 1
    with cast.database.reading() as session:
        assert session.scalars(select(Organisation.name).where(col(Organisation.name).in_(["坏行", NEW[0]]))).all() == [
            NEW[0]
        ]


def test_an_empty_cell_does_not_erase_what_is_known(cast: Cast) -> None:
    assert look(cast, sheet((cast.pond.name, "", "", "", "", "是"))).counts[Outcome.UNCHANGED] == 1


def test_a_new_enterprise_without_a_status_works_as_usual_and_the_preview_says_that_it_is_inferred(cast: Cast) -> None:
    given = sheet(NEW, ("无码企业",), (cast.other_pond.name,))
    plan = look(cast, given)
    assert [(row.line.values["status"], row.inferred) for row in plan.rows_with(Outcome.NEW)] == [
        ("正常生产", True)
    ] * 2
    cautions = [problem for problem in plan.problems if "状态" in problem.sentence]
    assert [(one.cell, one.sentence, one.blocking) for one in cautions] == [
        ("2", "没有写状态，新企业按“正常生产”登记（共2行）。", False)
    ]
    confirm(cast, given, plan)
    with cast.database.reading() as session:
        statuses = session.scalars(
            select(col(Organisation.status)).where(col(Organisation.name).in_([NEW[0], "无码企业"]))
        )
        assert set(statuses) == {"正常生产"}
        known = session.get_one(Organisation, cast.other_pond.id)
    assert known.status == cast.other_pond.status, "an empty cell says nothing about what is known"


def test_an_enterprise_known_without_a_code_receives_one(cast: Cast) -> None:
    given = sheet((cast.pond.name, CODE, "", "", "", "是"))
    assert [change.column for change in look(cast, given).rows[0].changes] == ["credit_code"]
    confirm(cast, given, look(cast, given))
    renamed = sheet(("鲁西新名矿业", CODE, "", "", "", "是"))
    assert [change.column for change in look(cast, renamed).rows[0].changes] == ["name"]


def test_a_neighbours_enterprise_is_neither_found_nor_changed(cast: Cast) -> None:
    confirm(cast, sheet(NEW), look(cast, sheet(NEW)))
    foreign = sheet(("别的名字", CODE, "", "露天矿"), (cast.pond.name, "", "", "露天矿"))
    plan = look(cast, foreign, by=cast.neighbour_officer)
    assert [row.outcome for row in plan.rows] == [Outcome.IN_ERROR, Outcome.NEW]
    assert cast.bureau.name not in str(plan.problems)
    assert plan.problems[0].cell == "B2"


@pytest.mark.parametrize("who", ["leader", "inspector", "principal", "government_officer"])
def test_only_those_who_keep_the_register_of_a_bureau_import_it(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        look(cast, sheet(NEW), by=getattr(cast, who))


def test_closing_and_importing_leave_their_events(cast: Cast) -> None:
    confirm(cast, sheet(NEW), look(cast, sheet(NEW)))
    with cast.database.transaction() as session:
        close_enterprise(
            session, enterprise_id=cast.pond.id, reason="资源枯竭", by=cast.officer, now=NOW, on=date(2023, 6, 1)
        )
        event = session.scalars(select(Event).where(col(Event.kind) == "register.imported")).one()
    assert event.data["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "in_error": 0}


def test_three_thousand_rows_go_in_by_sets(cast: Cast) -> None:
    given = sheet(*((f"企业{n}", "", "乐平铺镇", "露天矿", "", "是", "") for n in range(3000)))
    shown = look(cast, given)
    began = time.perf_counter()
    confirm(cast, given, shown)
    assert time.perf_counter() - began < 15, "a row at a time would take far longer"
    assert look(cast, given).counts[Outcome.UNCHANGED] == 3000
