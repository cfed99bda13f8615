"""Every route is closed to nobody in particular, except those that must be open."""

import re

import pytest
from fastapi.routing import APIRoute

from api.app import ROUTERS
from api.navigation import PLACES
from tests.api.client import Browser

OPEN = {"/receipt-key", "/sign-in", "/sign-out", "/livez", "/readyz", "/_parts", "/api/v1/openapi.json"}
SECRET = {"/feeds/{token}.ics"}
"""Addresses that are themselves the key: a wrong one leads nowhere."""
ROUTES = [
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_stranger_is_led_to_the_sign_in_page(browser: Browser, method: str, path: str) -> None:
    answer = browser.http.request(method, re.sub(r"\{[^}]+\}", "1", path))
    if path in OPEN:
        assert answer.status_code in (200, 303, 422)
    elif path in SECRET:
        assert answer.status_code == 404
    else:
        assert answer.status_code in (303, 401)
        assert answer.status_code == 401 or answer.headers["location"].startswith("/sign-in")


def test_every_place_of_the_navigation_exists() -> None:
    paths = {path for method, path in ROUTES if method == "GET"}
    assert {place.href for place in PLACES} <= paths
