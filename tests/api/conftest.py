"""The web door on the cast's database, in June 2023."""

from datetime import UTC, datetime

import pytest

from tests.api.client import Browser, Clock
from tests.people import Cast


@pytest.fixture
def clock() -> Clock:
    """Tell the app that it is 2023-06-19 09:00 in Beijing."""
    return Clock(datetime(2023, 6, 19, 1, 0, tzinfo=UTC))


@pytest.fixture
def browser(cast: Cast, clock: Clock) -> Browser:
    """Return a browser in which nobody is signed in."""
    return Browser(cast.database, clock)
