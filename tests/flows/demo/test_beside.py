"""The county's own campaign beside the city's: whatever day it is, its record is due and one that does for it was handed in."""

from datetime import date, timedelta

import pytest

from campaigns.rules.dates.planning import expand
from campaigns.store.campaign.definitions import written
from flows.demo.beside import INSPECTION, draft, timing

YEAR = [date(2026, 11, 1) + timedelta(days=number) for number in range(366)]


@pytest.mark.parametrize("month", range(1, 13))
def test_on_every_day_of_the_year_the_record_lies_in_a_month_whose_task_is_open_and_not_late(month: int) -> None:
    for today in (day for day in YEAR if day.month == month):
        when = timing(today)
        assert when.began <= when.inspected < today
        made = draft(when.began)
        plan = expand(
            written(made.text, made.parent_text),
            starts_on=when.began,
            parameters=made.parameters,
            launched_on=when.began,
        )
        own = [one for one in plan.occurrences if one.duty == INSPECTION and one.opens_on <= when.inspected]
        assert [one.period for one in own] == [f"{when.inspected:%Y-%m}"], today
        assert own[0].due_on >= today
