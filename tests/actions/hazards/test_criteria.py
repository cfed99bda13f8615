"""判定标准: imported as versions that never change; a hazard cites the version of its day and keeps it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError
from sqlmodel import col

from campaigns.actions.hazards.importing_criteria import import_criteria, plan_criteria
from campaigns.actions.hazards.registering import register
from campaigns.actions.hazards.regrading import regrade
from campaigns.actions.work.files import attach_to_task
from campaigns.actions.work.on_behalf import enter
from campaigns.actions.work.tasks import submit
from campaigns.errors import Conflict, Forbidden, Invalid
from campaigns.queries.hazards.criteria import Choice, Wanted, clause_choice, criteria_sets, criteria_version
from campaigns.queries.hazards.hazard import hazard_card
from campaigns.rules.files.uploads import Upload
from campaigns.rules.hazards.criteria import Criterion
from campaigns.rules.hazards.criteria_sheet import ClauseSheet, SetHead
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.permissions import Actor
from campaigns.rules.work.paper import RECEIVED_ON, SCANS, SIGNED_BY
from campaigns.store.files import Folder
from campaigns.store.hazards.criteria import CriteriaClause, CriteriaVersion, clauses_of
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event
from campaigns.store.work.tasks import Submission
from tests.actions.hazards.test_the_closed_loop import LATER, NOW, TODAY
from tests.campaigns import launched
from tests.factories import INSPECTION, task_of
from tests.people import Cast
from tests.pictures import photo

HEAD = SetHead(
    "样例〔2022〕1号", "样例判定标准", date(2022, 7, 8), date(2022, 9, 1), None, ("非煤矿山",), ("露天矿山", "尾矿库")
)
ROWS = (("（一）", "样例甲情形", "尾矿库"), ("（二）", "样例乙情形", "尾矿库"), ("（一）", "样例丙情形", "露天矿山"))


def sheet(*rows: tuple[str, str, str]) -> ClauseSheet:
    cells = [{"article": article, "words": words, "part": part} for article, words, part in rows]
    return ClauseSheet("判定标准", {"article": "A", "words": "C", "part": "D"}, tuple(enumerate(cells, start=2)))


def imported(
    cast: Cast, *rows: tuple[str, str, str], head: SetHead = HEAD, by: Actor | None = None, shown: str = ""
) -> CriteriaVersion:
    who = by or cast.administrator
    with cast.database.transaction() as session:
        seen = shown or plan_criteria(session, head=head, sheet=sheet(*rows), by=who).fingerprint
        return import_criteria(session, head=head, sheet=sheet(*rows), shown=seen, by=who, now=NOW)


def clause(cast: Cast, version: CriteriaVersion, place: str) -> int:
    with cast.database.reading() as session:
        return {one.place: one.id for one in clauses_of(session, version.id)}[place]


def registered(cast: Cast, clause_id: int | None = None, words: str = "", found_on: date = TODAY) -> Hazard:
    finding = Finding("坝体裂缝", major=True, criterion=words, clause_id=clause_id)
    with cast.database.transaction() as session:
        return register(
            session,
            enterprise_id=cast.pond.id,
            finding=finding,
            found_on=found_on,
            by=cast.safety_officer,
            now=NOW,
        )


def choice(cast: Cast, on: date = TODAY, sector: str = "", **wanted: str) -> Choice:
    with cast.database.reading() as session:
        return clause_choice(session, Wanted(**wanted), on=on, sector=sector)


def places(found: Choice) -> Mapping[str, list[str]]:
    return {label: [words.split()[0] for _, words in clauses] for label, clauses in found.groups}


def test_a_picked_clause_is_cited_in_its_version_and_stays_after_a_new_one(either_cast: Cast) -> None:
    cast = either_cast
    first = imported(cast, *ROWS)
    hazard = registered(cast, clause(cast, first, "尾矿库（一）"))
    assert hazard.criterion == "样例〔2022〕1号 尾矿库（一）：样例甲情形"
    assert (hazard.criterion_set, hazard.criterion_version, hazard.criterion_clause) == (
        "样例〔2022〕1号",
        "1",
        "尾矿库（一）",
    )
    second = imported(cast, ("（一）", "样例甲情形，措辞改过", "尾矿库"))
    assert second.version == 2
    with cast.database.reading() as session:
        card = hazard_card(session, hazard_id=hazard.id, actor=cast.officer, now=LATER)
        assert card.cited is not None
        assert (card.cited.version.version, card.cited.clause.words) == (1, "样例甲情形")
        old = criteria_version(session, first.id, Wanted(), today=TODAY)
        assert (old.newest, len(old.clauses)) == (False, 3)
        events = session.scalars(select(Event).where(col(Event.kind) == "criteria.imported")).all()
        assert [event.data["version"] for event in events] == [1, 2]
    assert places(choice(cast)) == {"样例〔2022〕1号 尾矿库": ["尾矿库（一）"]}


def test_a_clause_typed_as_it_is_cited_is_the_same_as_picked(either_cast: Cast) -> None:
    imported(either_cast, *ROWS)
    typed = registered(either_cast, words="样例〔2022〕1号 尾矿库（二）")
    assert (typed.criterion_clause, typed.criterion) == ("尾矿库（二）", "样例〔2022〕1号 尾矿库（二）：样例乙情形")
    other = registered(either_cast, words="样例〔2022〕1号 第九条")
    assert (other.criterion_set, other.criterion) == ("", "样例〔2022〕1号 第九条")


def test_regrading_picks_from_what_was_in_force_on_the_day_of_the_find(cast: Cast) -> None:
    old = imported(
        cast, *ROWS, head=SetHead("旧〔2017〕9号", "旧标准", *_days(2017, 2018, 2022), ("非煤矿山",), HEAD.parts)
    )
    new = imported(cast, *ROWS)
    with cast.database.transaction() as session:
        hazard = register(
            session, enterprise_id=cast.pond.id, finding=Finding("小问题"), found_on=TODAY, by=cast.officer, now=NOW
        )
    with pytest.raises(Invalid) as refused:
        _regrade(cast, hazard, clause(cast, old, "尾矿库（一）"))
    assert refused.value.fields == {"clause": "“旧〔2017〕9号”在发现那天已经停止施行，请换一套选，或核对发现日期。"}
    after = _regrade(cast, hazard, clause(cast, new, "尾矿库（一）"))
    assert (after.major, after.criterion_set, after.criterion_clause) == (True, HEAD.document_number, "尾矿库（一）")
    with cast.database.reading() as session:
        event = session.scalars(select(Event).where(col(Event.kind) == "hazard.regraded")).one()
    assert event.data["criterion"] == after.criterion
    assert set(places(choice(cast, on=date(2020, 5, 1)))) == {"旧〔2017〕9号 尾矿库", "旧〔2017〕9号 露天矿山"}


def _days(issued: int, starts: int, ends: int) -> tuple[date, date, date]:
    return date(issued, 1, 1), date(starts, 1, 1), date(ends, 8, 31)


def _regrade(cast: Cast, hazard: Hazard, clause_id: int) -> Hazard:
    picked = Criterion(clause_id=clause_id)
    with cast.database.transaction() as session:
        return regrade(session, hazard_id=hazard.id, criterion=picked, reason="专家认定", by=cast.officer, now=LATER)


def test_a_clause_of_a_replaced_version_or_of_none_is_refused(cast: Cast) -> None:
    first = imported(cast, *ROWS)
    imported(cast, *ROWS[:1])
    for clause_id, words in ((clause(cast, first, "尾矿库（二）"), "刚刚换了新版"), (999_999, "没有这一条")):
        with pytest.raises(Invalid) as refused:
            registered(cast, clause_id)
        assert words in refused.value.fields["clause"]
    with cast.database.reading() as session:
        assert session.scalars(select(Hazard)).all() == []


def test_the_choice_is_narrowed_by_part_words_and_sector(either_cast: Cast) -> None:
    cast = either_cast
    imported(cast, *ROWS)
    trade = SetHead("工贸样例1号", "工贸样例", *_days(2020, 2020, 2030), ("冶金工贸",), ())
    imported(cast, ("3", "样例丁情形", ""), head=trade)
    everything = choice(cast)
    assert everything.sectors == ("非煤矿山", "冶金工贸")
    assert everything.parts == ("尾矿库", "露天矿山")
    assert everything.total == 4
    assert places(choice(cast, sector="非煤矿山", part="尾矿库", words="乙")) == {
        "样例〔2022〕1号 尾矿库": ["尾矿库（二）"]
    }
    assert places(choice(cast, sector="非煤矿山")) == {
        "样例〔2022〕1号 尾矿库": ["尾矿库（一）", "尾矿库（二）"],
        "样例〔2022〕1号 露天矿山": ["露天矿山（一）"],
    }
    assert choice(cast, words="没有的词").total == 0


def test_the_shipped_set_is_known_without_its_clauses(cast: Cast) -> None:
    with cast.database.reading() as session:
        (known,) = criteria_sets(session, today=TODAY)
    assert (known.head.document_number, known.head.in_force_on) == ("矿安〔2022〕88号", date(2022, 9, 1))
    assert (known.head.issued_on, known.head.parts) == (date(2022, 7, 8), ("地下矿山", "露天矿山", "尾矿库"))
    assert known.versions == ()
    assert [head.document_number for head in choice(cast).not_imported] == ["矿安〔2022〕88号"]
    assert choice(cast, on=date(2022, 8, 31)).not_imported == ()


def test_a_set_goes_in_whole_as_it_was_shown_and_once(either_cast: Cast) -> None:
    cast = either_cast
    with pytest.raises(Invalid, match="还有1处要改"):
        imported(cast, *ROWS, ("（三）", "", "尾矿库"))
    imported(cast, *ROWS)
    with pytest.raises(Conflict, match="完全一样"):
        imported(cast, *ROWS)
    with pytest.raises(Conflict, match="有了变动"):
        imported(cast, *ROWS[:2], shown="1.0000")
    with cast.database.reading() as session:
        assert len(session.scalars(select(CriteriaVersion)).all()) == 1
        assert len(session.scalars(select(CriteriaClause)).all()) == 3


def test_only_an_administrator_imports(cast: Cast) -> None:
    for actor in (cast.leader, cast.officer, cast.principal):
        with pytest.raises(Forbidden, match="维护判定标准"):
            imported(cast, *ROWS, by=actor)


def test_the_database_itself_keeps_a_version(either_cast: Cast) -> None:
    imported(either_cast, *ROWS)
    changes = (
        update(CriteriaClause).values(words="改过"),
        delete(CriteriaClause),
        update(CriteriaVersion).values(title="改过"),
        delete(CriteriaVersion),
    )
    for change in changes:
        with pytest.raises(DatabaseError, match="不能改也不能删"), either_cast.database.transaction() as session:
            session.execute(change)


def handed_in(cast: Cast, folder: Path, *lines: Mapping[str, str], by: Actor | None = None) -> Submission:
    """Hand in the inspection of May with these hazards on it, by its doer or from its paper by the bureau's clerk."""
    launched(cast)
    who = by or cast.principal
    on_paper = who is cast.officer
    with cast.database.transaction() as session:
        task_id = task_of(session, "QY-01", cast.pond.id).id
        files = {
            label: attach_to_task(
                session,
                task_id=task_id,
                label=label,
                uploads=[Upload(f"{label}.jpg", photo())],
                picture=True,
                store=Folder(folder),
                by=who,
                now=NOW,
            )
            for label in ("现场照片", SCANS)[: 1 + on_paper]
        }
        name = "卫青山" if on_paper else "on"
        values = INSPECTION | files | {"发现隐患": list(lines), "主要负责人签字": name}
        if on_paper:
            paper = {SIGNED_BY: name, RECEIVED_ON: "2023-05-12"}
            return enter(session, task_id=task_id, values=values | paper, by=who, now=NOW)
        return submit(session, task_id=task_id, values=values, by=who, now=NOW)


@pytest.mark.parametrize("by_the_bureau", [False, True])
def test_a_line_of_a_record_picks_a_clause_as_the_registers_own_form_does(
    either_cast: Cast, tmp_path: Path, by_the_bureau: bool
) -> None:
    cast = either_cast
    picked = clause(cast, imported(cast, *ROWS), "尾矿库（二）")
    lines = {"title": "小问题"}, {"title": "坝体裂缝", "major": "是", "clause": str(picked)}
    submission = handed_in(cast, tmp_path, *lines, by=cast.officer if by_the_bureau else None)
    cited = "样例〔2022〕1号 尾矿库（二）：样例乙情形"
    assert [row["criterion"] for row in submission.content["发现隐患"]] == ["", cited]
    assert "clause_id" not in submission.content["发现隐患"][1], "what is sealed is words"
    with cast.database.reading() as session:
        hazard = session.scalars(select(Hazard).where(col(Hazard.major).is_(True))).one()
    assert (hazard.criterion, hazard.criterion_set, hazard.criterion_version, hazard.criterion_clause) == (
        cited,
        "样例〔2022〕1号",
        "1",
        "尾矿库（二）",
    )
    assert choice(cast).picked(cited) == picked, "a correction opens with the same clause chosen"
    assert choice(cast).picked("样例〔2022〕1号 第九条") is None


def test_a_line_with_a_clause_that_cannot_be_cited_is_named_and_nothing_is_handed_in(
    cast: Cast, tmp_path: Path
) -> None:
    first = imported(cast, *ROWS)
    imported(cast, *ROWS[:1])
    gone = {"title": "坝体裂缝", "major": "是", "clause": str(clause(cast, first, "尾矿库（二）"))}
    with pytest.raises(Invalid) as refused:
        handed_in(cast, tmp_path, {"title": "小问题"}, gone)
    assert refused.value.fields == {"发现隐患": "第2条：“样例〔2022〕1号”刚刚换了新版，请重新选一次。"}
    with cast.database.reading() as session:
        assert session.scalars(select(Submission)).all() == []


def test_an_ordinary_hazard_cites_nothing(cast: Cast) -> None:
    imported(cast, *ROWS)
    with cast.database.transaction() as session:
        hazard = register(
            session,
            enterprise_id=cast.pond.id,
            finding=Finding("小问题", criterion="样例〔2022〕1号 尾矿库（一）"),
            found_on=TODAY,
            by=cast.officer,
            now=NOW,
        )
    assert (hazard.criterion_set, hazard.criterion) == ("", "样例〔2022〕1号 尾矿库（一）")
