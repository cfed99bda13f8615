"""工作日历 of one year as data: what the State Council's notice says, in a file that an administrator can edit."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from pydantic import ValidationInfo, field_validator

from campaigns.definition.deadlines import written_date
from campaigns.definition.wording import PhraseError, squeeze
from campaigns.definition.written import Words, Written, YesNo, key

_DAYS = re.compile(r"(\d{1,2})月(\d{1,2})日(?:[至到—-]+(?:(\d{1,2})月)?(\d{1,2})日)?")


class CalendarYear(Written):
    """One file of campaigns/library/calendars. `published` is 否 while the year's 调休 is not known; a warning shows then."""

    year: int = key("年份", "如 2027", ge=2000, le=2100)
    published: YesNo = key("已公布", "国务院办公厅的放假通知发布了没有", True)
    source: str = key("来源", "通知文号", "")
    off: Words = key("放假", "放假的日子，如 [1月1日, 10月1日至7日]", ())
    working: Words = key("上班", "调休上班的周六、周日，如 [2月14日]", ())

    @field_validator("off", "working")
    @classmethod
    def _exist(cls, texts: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        for text in texts:
            list(days_of(info.data.get("year", 2024), text))
        return texts

    def days(self) -> dict[date, bool]:
        """Return each named day and whether it is a working day."""
        named = {day: False for text in self.off for day in days_of(self.year, text)}
        return named | {day: True for text in self.working for day in days_of(self.year, text)}


def days_of(year: int, text: str) -> Iterator[date]:
    """Yield the days of “10月1日至7日” or “2月14日”.

    Raises:
        PhraseError: not a day, or no such day.
    """
    match = _DAYS.fullmatch(squeeze(text))
    if not match:
        raise PhraseError(f"看不懂日子“{text}”，请写成 10月1日 或 10月1日至7日")
    month, day, end_month, end_day = match.groups()
    current = written_date(str(year), month, day).as_written
    end = written_date(str(year), end_month or month, end_day or day).as_written
    while current <= end:
        yield current
        current += timedelta(days=1)
