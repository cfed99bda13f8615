"""存量 month by month, and 动态清零 as it is defined."""

from datetime import UTC, date, datetime

from campaigns.actions.hazards.rechecking import close
from campaigns.actions.hazards.rectifying import fix_on_the_spot, plan
from campaigns.actions.hazards.reporting_up import report_to_bureau, report_to_workers
from campaigns.queries.hazards.stock import behind, clearance, stock
from campaigns.rules.hazards.clearance import Clearance
from tests.actions.hazards.test_the_closed_loop import FIVE, MAJOR, NOW, TODAY, found
from tests.people import Cast

JULY = datetime(2023, 7, 12, 2, tzinfo=UTC)


def test_what_stood_open_goes_down_when_it_is_closed(either_cast: Cast) -> None:
    first, _, _ = (found(either_cast) for _ in range(3))
    with either_cast.database.transaction() as session:
        fix_on_the_spot(session, hazard_id=first.id, rectification="换了", by=either_cast.safety_officer, now=NOW)
        close(
            session, hazard_id=first.id, opinion="合格", by=either_cast.officer, now=datetime(2023, 6, 20, tzinfo=UTC)
        )
    with either_cast.database.reading() as session:
        seen = stock(session, actor=either_cast.officer, on=TODAY, major_only=False, now=JULY)
        assert (seen.total, seen.left, seen.now) == (3, (("2023-05", 3), ("2023-06", 2), ("2023-07", 2)), 2)
        later = stock(session, actor=either_cast.officer, on=date(2023, 6, 30), major_only=False, now=JULY)
        assert (later.total, later.now) == (2, 2)
        majors = stock(session, actor=either_cast.officer, on=TODAY, major_only=True, now=JULY)
        stranger = stock(session, actor=either_cast.neighbour_officer, on=TODAY, major_only=False, now=JULY)
        assert (majors.total, stranger.total) == (0, 0)


def test_cleared_means_nothing_overdue_and_nothing_unreported(either_cast: Cast) -> None:
    cast = either_cast
    found(cast)
    major = found(cast, MAJOR)

    def counted(now: datetime) -> Clearance:
        with cast.database.reading() as session:
            return clearance(session, actor=cast.officer, now=now)

    assert counted(NOW).reached
    assert counted(JULY) == Clearance(overdue=0, unreported=1)
    with cast.database.transaction() as session:
        report_to_bureau(session, hazard_id=major.id, content="裂缝", by=cast.principal, now=NOW)
        report_to_workers(
            session, hazard_id=major.id, content="x", received_by="孙", received_on=TODAY, by=cast.principal, now=NOW
        )
        plan(session, hazard_id=major.id, plan=FIVE, by=cast.principal, now=NOW)
    assert counted(JULY) == Clearance(overdue=1, unreported=0)
    with cast.database.reading() as session:
        assert [(one.name, one.overdue) for one in behind(session, actor=cast.city_officer, now=JULY)] == [
            (cast.pond.name, 1)
        ]
        assert clearance(session, actor=cast.neighbour_officer, now=JULY).reached
