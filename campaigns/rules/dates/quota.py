"""Quota in a period: N records on distinct days, any day inside it (LANGUAGE, 频次)."""

from collections.abc import Collection
from datetime import date

from campaigns.errors import Invalid
from campaigns.rules.dates.calendar import spoken
from campaigns.rules.work.filling import KEPT


def check_day(
    occurred_on: date, *, field: str, opens_on: date, taken: Collection[date], quota: int, kept: str = KEPT
) -> None:
    """Raise Invalid beside `field` unless the record's day counts towards its period.

    `opens_on` is the first day of the period, `taken` the days of the period's other records that are valid or under review.
    `kept` says what became of what was sent.
    """
    if occurred_on < opens_on:
        raise Invalid(
            "日期不在本期内，没有提交。",
            fields={field: f"本期从{spoken(opens_on)}开始，更早的记录不能算在本期。"},
            kept=kept,
        )
    if occurred_on in taken:
        raise Invalid(
            "同一天的记录只算一次，没有提交。",
            fields={field: f"本期要在{quota}个不同的日子各做一次，{spoken(occurred_on)}这天已经有一份了。"},
            kept=kept,
        )
