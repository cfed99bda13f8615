"""Settings: a production start takes no secret that somebody else could know."""

import secrets

import pytest

from campaigns.errors import Invalid
from campaigns.settings import DEMO_SECRET, Settings


@pytest.mark.parametrize("weak", ["", "secret", DEMO_SECRET, "a" * 64, DEMO_SECRET + "0123456789" * 4])
def test_a_production_start_refuses_a_default_short_or_repeated_secret(weak: str) -> None:
    with pytest.raises(Invalid, match="没有设置安全的密钥 RECTIFY_SECRET"):
        Settings(secret=weak).check_secret()


def test_a_random_secret_is_taken_and_the_demonstration_needs_none() -> None:
    Settings(secret=secrets.token_hex(32)).check_secret()
    Settings(demo=True).check_secret()
