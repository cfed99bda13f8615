"""负担: entries by enterprise and month, before a launch and with it."""

from datetime import date

from campaigns.rules.work.burden import Heaviest, MonthLoad, heaviest, loads, month_of

MAY, JUNE = date(2023, 5, 1), date(2023, 6, 1)
BEFORE = {(1, MAY): 2, (2, MAY): 1}
NEW = {(1, MAY): 3, (2, MAY): 3, (3, MAY): 3, (3, JUNE): 1}
SPARED = {(1, MAY): 2}


def test_a_month_shows_the_median_and_the_most_before_and_after_and_what_is_spared() -> None:
    may, june = loads([1, 2, 3], [MAY, JUNE], BEFORE, NEW, SPARED)
    assert may == MonthLoad(MAY, before=1, after=3, most_before=2, most_after=4, new=9, spared=2)
    assert june == MonthLoad(JUNE, before=0, after=0, most_before=0, most_after=1, new=1, spared=0)


def test_the_heaviest_is_who_has_the_fullest_month_with_the_campaign() -> None:
    assert heaviest(BEFORE, NEW, SPARED) == Heaviest(2, MAY, before=1, after=4)
    assert heaviest({}, {}, {}) is None


def test_a_day_belongs_to_its_months_first() -> None:
    assert month_of(date(2023, 5, 31)) == MAY
