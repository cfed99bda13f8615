"""The work calendar as a person reads it: breaks with their week-ends, days made up for, and what was changed here."""

from datetime import UTC, date, datetime

from campaigns.actions.time.calendar import set_workday
from campaigns.queries.directory.workdays import work_year
from tests.people import Cast

NOW = datetime(2023, 1, 4, 1, 0, tzinfo=UTC)


def test_a_break_is_one_line_with_its_week_ends_and_the_days_made_up_for_stand_beside_it(cast: Cast) -> None:
    with cast.database.reading() as session:
        year = work_year(session, year=2023)
    assert (date(2023, 9, 29), date(2023, 10, 6), "中秋节、国庆节") in year.special
    assert (date(2023, 10, 7), date(2023, 10, 7), "调休上班") in year.special
    assert year.warnings == ()


def test_a_changed_day_says_what_the_shipped_table_would_have(cast: Cast) -> None:
    with cast.database.transaction() as session:
        set_workday(session, day=date(2023, 8, 5), working=True, note="防汛", by=cast.administrator, now=NOW)
        year = work_year(session, year=2023)
    assert [(one.day, one.working, one.shipped, one.note) for one in year.changed] == [
        (date(2023, 8, 5), True, False, "防汛")
    ]


def test_a_year_that_is_not_published_says_so(cast: Cast) -> None:
    with cast.database.reading() as session:
        assert "2035年" in work_year(session, year=2035).warnings[0]
