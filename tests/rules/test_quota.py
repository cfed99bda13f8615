"""N records on distinct days in the period."""

from datetime import date

import pytest

from campaigns.errors import Invalid
from campaigns.rules.dates.quota import check_day
from campaigns.rules.work.filling import KEPT

MAY = date(2023, 5, 1)


def test_a_second_record_on_the_same_day_does_not_count() -> None:
    check_day(date(2023, 5, 13), field="排查日期", opens_on=MAY, taken={date(2023, 5, 12)}, quota=2)
    with pytest.raises(Invalid, match="同一天的记录只算一次") as refusal:
        check_day(date(2023, 5, 12), field="排查日期", opens_on=MAY, taken={date(2023, 5, 12)}, quota=2)
    assert refusal.value.fields["排查日期"] == "本期要在2个不同的日子各做一次，5月12日这天已经有一份了。"


def test_a_record_from_before_the_period_does_not_count_but_a_late_one_does() -> None:
    check_day(date(2023, 6, 3), field="排查日期", opens_on=MAY, taken=(), quota=2)
    with pytest.raises(Invalid, match="不在本期内") as refusal:
        check_day(date(2023, 4, 30), field="排查日期", opens_on=MAY, taken=(), quota=2)
    assert refusal.value.fields["排查日期"] == "本期从5月1日开始，更早的记录不能算在本期。"
    assert refusal.value.kept == KEPT


def test_a_nil_return_before_its_period_does_not_say_that_a_draft_was_kept() -> None:
    with pytest.raises(Invalid) as refusal:
        check_day(date(2023, 4, 30), field="signed", opens_on=MAY, taken=(), quota=1, kept="没有改动任何内容。")
    assert refusal.value.kept == "没有改动任何内容。"
