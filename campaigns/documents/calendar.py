"""Deadlines as an iCalendar file (RFC 5545), for Outlook, phones and WeCom calendars."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from campaigns.clock import local

AHEAD = timedelta(days=1)


def calendar(
    deadlines: Iterable[tuple[str, str, str, datetime, str]], *, title: str, home: str, now: datetime
) -> bytes:
    """Return the calendar of (key, what, campaign, due, link); `home` stands before the links when it is known.

    Each deadline is an event of no length at its instant, in Beijing time, with an alarm a day before.
    """
    book = Calendar()
    book.add("prodid", "-//Rectify//rectify.local//ZH")
    book.add("version", "2.0")
    book.add("x-wr-calname", title)
    book.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for key, what, campaign, due_at, link in deadlines:
        entry = Event()
        entry.add("uid", f"{key}@rectify.local")
        entry.add("dtstamp", now)
        entry.add("dtstart", due_at)
        entry.add("summary", f"截止：{what}")
        entry.add("description", f"{campaign}。期限：{local(due_at):%Y-%m-%d %H:%M}（北京时间）。")
        if home:
            entry.add("url", f"{home.rstrip('/')}{link}")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", what)
        alarm.add("trigger", -AHEAD)
        entry.add_component(alarm)
        book.add_component(entry)
    content: bytes = book.to_ical()
    return content
