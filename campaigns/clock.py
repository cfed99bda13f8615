"""The clock, asked only at the doors (web dependencies, flows, the ticker, the command line).

Everything inside takes the time as an argument. Stored instants are UTC; people see Asia/Shanghai; a due date is a plain
civil date whose cut-off hour belongs to the template.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
END_OF_DAY = time(23, 59, 59)


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(UTC)


def local(instant: datetime) -> datetime:
    """Return the Beijing wall time of an aware instant."""
    return instant.astimezone(SHANGHAI)


def local_date(instant: datetime) -> date:
    """Return the civil date in Beijing on which an aware instant falls."""
    return local(instant).date()


def instant(day: date, at: time) -> datetime:
    """Return the UTC instant of a Beijing wall time."""
    return datetime.combine(day, at, SHANGHAI).astimezone(UTC)
