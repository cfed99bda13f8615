"""`rectify verify`: silent about an honest record, and able to name the row for every way of tampering with it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlmodel import Session, col

from campaigns.actions.reporting.reports import accept, file, open_period
from campaigns.queries.verify import INVARIANTS, Finding, Scene, head, verify
from campaigns.queries.verify.figures import wrong_figures
from campaigns.settings import Settings
from campaigns.store.database import Database
from campaigns.store.work.tasks import Attachment
from tests.lived import END, Lived
from tests.monthly import MAY, TABLE, Register, instant_of, report_of, reporting, type_everything
from tests.people import Cast
from tests.queries.attacks import ATTACKS, unguarded


class Undone(Exception):
    """Ends a transaction without keeping anything of it."""


def scene(session: Session, home: Path, head: str = "") -> Scene:
    return Scene(session, Settings(home=home), END, head=head)


def found(session: Session, home: Path, head: str = "", only: str = "") -> dict[str, tuple[Finding, ...]]:
    looked = [invariant for invariant in INVARIANTS if only in ("", invariant.code)]
    return {invariant.code: findings for invariant, findings in verify(scene(session, home, head), looked) if findings}


@contextmanager
def tampering(base: Database) -> Iterator[Session]:
    """Give a session with the database's guards off; whatever is done in it is taken back."""
    try:
        with base.transaction() as session:
            unguarded(session)
            try:
                yield session
            finally:
                if base.is_sqlite:  # this one outlives the transaction
                    session.execute(text("PRAGMA ignore_check_constraints = OFF"))
            raise Undone
    except Undone:
        return


def test_an_honest_record_gives_no_finding(either_lived: Lived) -> None:
    with either_lived.cast.database.reading() as session:
        _, noted = head(session)
        assert found(session, either_lived.home, noted) == {}


def test_every_invariant_has_an_attack() -> None:
    assert {code for code, _ in ATTACKS.values()} == {invariant.code for invariant in INVARIANTS}


@pytest.mark.parametrize("name", ATTACKS)
def test_tampering_is_found_and_the_row_named(either_lived: Lived, name: str) -> None:
    code, attack = ATTACKS[name]
    with tampering(either_lived.cast.database) as session:
        _, noted = head(session)
        row = attack(session, either_lived)
        assert row in {finding.row for finding in found(session, either_lived.home, noted, only=code)[code]}


def test_a_check_that_cannot_be_finished_says_so_and_the_others_go_on(either_lived: Lived) -> None:
    with tampering(either_lived.cast.database) as session:
        _, attack = ATTACKS["改坏封存的方案正文"]
        attack(session, either_lived)
        findings = found(session, either_lived.home)
    assert findings["I10"][0].sentence.endswith("和封存时的校验值不符。")
    assert "没能核对完" in findings["I8"][-1].sentence


def test_a_figure_is_recounted_in_every_unit_and_up_the_tree(either_cast: Cast, tmp_path: Path) -> None:
    with either_cast.database.transaction() as session:
        campaign = reporting(session, either_cast)
        register = Register(session, campaign, either_cast.officer.person_id or 0)
        bureau, city = either_cast.bureau, either_cast.city_bureau
        for doer, about, fine in (
            (bureau, either_cast.pond, 30_000),
            (city, either_cast.pond, 5),
            (city, either_cast.stranger, 7),
        ):
            register.record("执法检查记录", doer, about, instant_of(5, 8), 制度措施不落实=1, 行政处罚=1, 罚款=fine)
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 20))
        counties = (bureau, either_cast.leader), (either_cast.neighbour_bureau, either_cast.neighbour_leader)
        for office, leader in counties:
            report = report_of(session, campaign, office)
            type_everything(session, report, leader, instant_of(5, 21), c3_1="2", c4_7="3", c4_6="是")
            file(session, report_id=report.id, by=leader, now=instant_of(5, 22))
            accept(session, report_id=report.id, by=either_cast.city_leader, now=instant_of(5, 23))
        above = report_of(session, campaign, city)
        file(session, report_id=above.id, by=either_cast.city_leader, now=instant_of(5, 24))
        assert list(wrong_figures(scene(session, tmp_path))) == []


def test_a_lost_and_a_changed_file_are_named_by_the_name_people_know(either_lived: Lived) -> None:
    with either_lived.cast.database.reading() as session:
        named = select(col(Attachment.storage_id)).where(col(Attachment.name) == "坝顶.jpg")
        photo = either_lived.store.path(session.scalars(named).first() or "")
    kept = photo.read_bytes()
    for harm, sentence in ((photo.unlink, "找不到了"), (lambda: photo.write_bytes(b"other"), "被改动过")):
        harm()
        with either_lived.cast.database.reading() as session:
            (finding,) = found(session, either_lived.home, only="I12")["I12"]
        assert "坝顶.jpg" in finding.sentence
        assert sentence in finding.sentence
        photo.write_bytes(kept)


def test_a_file_that_no_row_names_is_found_once_it_is_a_day_old(either_lived: Lived) -> None:
    storage_id = either_lived.store.put(b"nobody's")
    with either_lived.cast.database.reading() as session:
        assert found(session, either_lived.home) == {}
        os.utime(either_lived.store.path(storage_id), (0, 0))
        (finding,) = found(session, either_lived.home, only="I12")["I12"]
    either_lived.store.remove(storage_id)
    assert finding.row == f"file {storage_id}"
