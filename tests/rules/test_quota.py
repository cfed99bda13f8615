"""N records on distinct days in the period."""

from datetime import date

import pytest

from campaigns.errors import Invalid
from campaigns.rules.quota import check_day

MAY = date(2023, 5, 1)


def test_a_second_record_on_the_same_day_does_not_count() -> None:
    check_day(date(2023, 5, 13), field="排查日期", opens_on=MAY, taken={date(2023, 5, 12)}, quota=2)
    with pytest.raises(Invalid, match="同一天的记录只算一次") as refusal:
        check_day(date(2023, 5, 12), field="排查日期", opens_on=MAY, taken={date(2023, 5, 12)}, quota=2)
    assert refusal.value.fields["排查日期"] == "本期要在2个不同的日子各做一次，2023-05-12这天已经有一份了。"


def test_a_record_from_before_the_period_does_not_count_but_a_late_one_does() -> None:
    check_day(date(2023, 6, 3), field="排查日期", opens_on=MAY, taken=(), quota=2)
    with pytest.raises(Invalid, match="不在本期内"):
        check_day(date(2023, 4, 30), field="排查日期", opens_on=MAY, taken=(), quota=2)
