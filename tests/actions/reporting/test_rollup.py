"""Figures come from rows, month and total, and are counted again only when something happened."""

from datetime import datetime

import pytest
from sqlmodel import Session

from campaigns.actions.events import record
from campaigns.actions.reporting import adding_up
from campaigns.actions.reporting.filling import Typed, fill_cells
from campaigns.actions.reporting.reports import accept, file, open_period
from campaigns.actions.reporting.rollup import compute
from campaigns.rules.permissions import SYSTEM
from campaigns.rules.states import HazardSource
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.regions import Organisation
from tests.monthly import (
    JUNE,
    MAY,
    TABLE,
    Register,
    figures,
    instant_of,
    report_of,
    reporting,
    type_everything,
)
from tests.people import Cast


def open_both(session: Session, campaign: Campaign, now: datetime) -> None:
    for period in (MAY, JUNE):
        open_period(session, campaign_id=campaign.id, form=TABLE, period=period, now=now)


def count(session: Session, campaign: Campaign, period: str, now: datetime) -> int:
    return compute(session, campaign_id=campaign.id, form=TABLE, period=period, now=now, everything=True)


def test_hazards_are_counted_by_who_found_them_and_when_they_were_closed(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign = reporting(session, either_cast)
        register = Register(session, campaign, either_cast.officer.person_id or 0)
        pond, bureau = either_cast.pond, either_cast.bureau
        register.hazard(pond, bureau, instant_of(5, 10), closed=instant_of(5, 20))
        register.hazard(pond, bureau, instant_of(5, 12), closed=instant_of(6, 2))
        register.hazard(pond, bureau, instant_of(6, 3))
        register.hazard(pond, bureau, instant_of(5, 12), major=False)
        register.hazard(pond, bureau, instant_of(4, 12))
        found = register.hazard(pond, bureau, instant_of(5, 24), source=HazardSource.INSPECTION)
        register.order(found, either_cast.city_bureau, instant_of(5, 26))
        open_both(session, campaign, instant_of(6, 20))
        may, june = (report_of(session, campaign, bureau, period) for period in (MAY, JUNE))
        codes = ("1.1", "1.2", "1.3", "1.4", "1.5")
        assert figures(session, may, *codes) == {
            "1.1": (2, 2),
            "1.2": (1, 1),
            "1.3": (1, 1),
            "1.4": (0, 0),
            "1.5": (0, 0),
        }
        assert figures(session, june, *codes) == {
            "1.1": (1, 3),
            "1.2": (1, 2),
            "1.3": (0, 1),
            "1.4": (0, 0),
            "1.5": (1, 1),
        }


def test_what_comes_after_the_cut_off_belongs_to_the_next_period(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign = reporting(session, either_cast)
        register = Register(session, campaign, either_cast.officer.person_id or 0)
        register.hazard(either_cast.pond, either_cast.bureau, instant_of(5, 25, 17))
        register.hazard(either_cast.pond, either_cast.bureau, instant_of(5, 25, 18))
        open_both(session, campaign, instant_of(5, 25, 19))
        assert figures(session, report_of(session, campaign, either_cast.bureau), "1.1") == {"1.1": (1, 1)}
        assert figures(session, report_of(session, campaign, either_cast.bureau, JUNE), "1.1") == {"1.1": (1, 2)}


def inspect(register: Register, doer: Organisation, about: Organisation, on: datetime, **found: int) -> None:
    register.record("执法检查记录", doer, about, on, **found)


def test_an_enterprise_inspected_twice_is_one_enterprise_and_two_visits(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign = reporting(session, either_cast)
        register = Register(session, campaign, either_cast.officer.person_id or 0)
        bureau, pond, other = either_cast.bureau, either_cast.pond, either_cast.other_pond
        inspect(register, bureau, pond, instant_of(5, 8), 制度措施不落实=1, 行政处罚=1, 罚款=30_000)
        inspect(register, bureau, pond, instant_of(6, 8), 制度措施不落实=1, 行政处罚=2, 罚款=3_000_000_000)
        inspect(register, bureau, other, instant_of(6, 9), 制度措施不落实=0, 行政处罚=0)
        register.record("帮扶记录", bureau, pond, instant_of(6, 10))
        register.record("帮扶记录", bureau, pond, instant_of(6, 11))
        open_both(session, campaign, instant_of(6, 20))
        june = report_of(session, campaign, bureau, JUNE)
        assert figures(session, june, "2.1", "2.10", "3.2", "3.3", "3.3.罚款") == {
            "2.1": (2, 2),
            "2.10": (1, 1),
            "3.2": (2, 2),
            "3.3": (2, 3),
            "3.3.罚款": (3_000_000_000, 3_000_030_000),
        }


def test_what_is_laid_aside_first_is_counted_alike(postgresql_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding_up, "MANY", 1)
    cast = postgresql_cast
    with cast.database.transaction() as session:
        campaign = reporting(session, cast)
        register = Register(session, campaign, cast.officer.person_id or 0)
        inspect(register, cast.bureau, cast.pond, instant_of(5, 8), 制度措施不落实=1, 行政处罚=1, 罚款=30_000)
        open_both(session, campaign, instant_of(5, 20))
        may = report_of(session, campaign, cast.bureau, MAY)
        assert figures(session, may, "2.1", "3.3", "3.3.罚款") == {
            "2.1": (1, 1),
            "3.3": (1, 1),
            "3.3.罚款": (30_000, 30_000),
        }
        register.hazard(cast.pond, cast.bureau, instant_of(5, 10))
        inspect(register, cast.bureau, cast.other_pond, instant_of(5, 9), 制度措施不落实=1, 行政处罚=1, 罚款=5_000)
        count(session, campaign, MAY, instant_of(5, 21))
        assert figures(session, may, "1.1", "2.1", "3.3.罚款") == {
            "1.1": (1, 1),
            "2.1": (2, 2),
            "3.3.罚款": (35_000, 35_000),
        }


def test_typed_months_add_up_and_a_stock_stays_until_it_is_retyped(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign = reporting(session, either_cast)
        open_both(session, campaign, instant_of(5, 20))
        may, june = (report_of(session, campaign, either_cast.bureau, period) for period in (MAY, JUNE))
        codes = ("3.1", "4.5", "4.6", "4.7")
        assert figures(session, may, *codes) == dict.fromkeys(codes, (None, None)), "blank is not zero"
        values = {"3.1": "2", "4.5": "1.5", "4.6": "是", "4.7": "6"}
        typed = {code: Typed(month=text) for code, text in values.items()}
        fill_cells(
            session, report_id=may.id, edit_version=1, values=typed, by=either_cast.officer, now=instant_of(5, 20)
        )
        assert figures(session, may, *codes) == {
            "3.1": (2, 2),
            "4.5": (15_000, 15_000),
            "4.6": (1, 1),
            "4.7": (6, 6),
        }
        count(session, campaign, JUNE, instant_of(6, 20))
        typed = {"3.1": Typed(month="3"), "4.6": Typed(month="否")}
        fill_cells(
            session, report_id=june.id, edit_version=1, values=typed, by=either_cast.officer, now=instant_of(6, 20)
        )
        assert figures(session, june, *codes) == {
            "3.1": (3, 5),
            "4.5": (None, None),
            "4.6": (0, 1),
            "4.7": (6, 6),
        }


def test_only_what_something_happened_to_is_counted_again(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign = reporting(session, either_cast)
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 10))
        compute(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 10, 11))
        again = compute(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 10, 12))
        assert again == 0
        register = Register(session, campaign, either_cast.officer.person_id or 0)
        hazard = register.hazard(either_cast.pond, either_cast.bureau, instant_of(5, 11))
        now = instant_of(5, 11)
        record(session, "hazard.registered", by=SYSTEM, now=now, about=hazard, organisation_id=either_cast.pond.id)
        assert compute(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 12)) == 1
        assert figures(session, report_of(session, campaign, either_cast.bureau), "1.1") == {"1.1": (1, 1)}


def test_a_city_adds_up_what_it_accepted_and_counts_an_enterprise_once(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign = reporting(session, either_cast)
        register = Register(session, campaign, either_cast.officer.person_id or 0)
        bureau, city = either_cast.bureau, either_cast.city_bureau
        inspect(register, bureau, either_cast.pond, instant_of(5, 8), 行政处罚=1)
        inspect(register, either_cast.neighbour_bureau, either_cast.stranger, instant_of(5, 8), 行政处罚=2)
        inspect(register, city, either_cast.pond, instant_of(5, 9), 行政处罚=4)
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 20))
        above = report_of(session, campaign, city)
        assert figures(session, above, "2.1", "3.3") == {"2.1": (1, 1), "3.3": (4, 4)}, "its own alone"
        for office, leader in (
            (bureau, either_cast.leader),
            (either_cast.neighbour_bureau, either_cast.neighbour_leader),
        ):
            report = report_of(session, campaign, office)
            type_everything(session, report, leader, instant_of(5, 21), c3_1="2", c4_7="3", c4_6="是")
            file(session, report_id=report.id, by=leader, now=instant_of(5, 22))
            accept(session, report_id=report.id, by=either_cast.city_leader, now=instant_of(5, 23))
        above = report_of(session, campaign, city)
        assert figures(session, above, "2.1", "3.3", "3.1", "4.6", "4.7") == {
            "2.1": (2, 2),
            "3.3": (7, 7),
            "3.1": (4, 4),
            "4.6": (1, 1),
            "4.7": (6, 6),
        }
