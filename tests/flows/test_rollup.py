"""The 25th as due work: once, late if nothing was running, the same when done twice."""

from campaigns.actions.events import record
from campaigns.actions.time.due_work import Item, WorkKind, plan
from campaigns.rules.permissions import SYSTEM
from campaigns.rules.states import ReportState
from flows.due import run_everything
from flows.rollup import count_again, open_reports, roll_up, roll_up_period
from tests.monthly import MAY, Register, figures, instant_of, report_of, reporting
from tests.people import Cast

EXECUTORS = {WorkKind.ROLL_UP: roll_up}


def test_the_roll_up_opens_and_counts_a_period_at_its_cut_off(either_cast: Cast) -> None:
    base = either_cast.database
    with base.transaction() as session:
        campaign = reporting(session, either_cast)
        register = Register(session, campaign, either_cast.officer.person_id or 0)
        register.hazard(either_cast.pond, either_cast.bureau, instant_of(5, 24))
        register.hazard(either_cast.pond, either_cast.bureau, instant_of(5, 27))
        due = instant_of(5, 25, 17)
        plan(session, [Item("roll:1", WorkKind.ROLL_UP, due, campaign_id=campaign.id, period=MAY)])
    outcome = run_everything(base, EXECUTORS, now=instant_of(5, 28))
    assert outcome.done == ("roll:1",)
    with base.reading() as session:
        report = report_of(session, campaign, either_cast.bureau)
        assert report.caught_up, "the machine was down on the 25th"
        assert report.state == ReportState.OPEN
        assert figures(session, report, "1.1") == {"1.1": (1, 1)}


def test_rolling_up_twice_gives_the_same(cast: Cast) -> None:
    with cast.database.transaction() as session:
        campaign = reporting(session, cast)
    for _ in range(2):
        assert roll_up_period(cast.database, campaign_id=campaign.id, period=MAY, now=instant_of(5, 25, 17)) == 3


def test_reports_can_be_filled_before_their_hour(cast: Cast) -> None:
    with cast.database.transaction() as session:
        campaign = reporting(session, cast)
        assert open_reports(session, campaign, now=instant_of(5, 2)) == 3
        assert open_reports(session, campaign, now=instant_of(5, 3)) == 0


def test_open_tables_follow_the_registers_and_a_second_look_counts_nothing(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        campaign = reporting(session, either_cast)
        open_reports(session, campaign, now=instant_of(5, 2))
        count_again(session, campaign, now=instant_of(5, 3))
        register = Register(session, campaign, either_cast.officer.person_id or 0)
        hazard = register.hazard(either_cast.pond, either_cast.bureau, instant_of(5, 4))
        now, pond = instant_of(5, 4), either_cast.pond.id
        record(session, "hazard.registered", by=SYSTEM, now=now, about=hazard, organisation_id=pond)
        assert count_again(session, campaign, now=instant_of(5, 5)) == 1
        assert count_again(session, campaign, now=instant_of(5, 6)) == 0
        assert figures(session, report_of(session, campaign, either_cast.bureau), "1.1") == {"1.1": (1, 1)}
