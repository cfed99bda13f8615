"""A browser as the tests need it: same-origin, keeps cookies, signs in with the cast's password, fills forms."""

import re
from datetime import datetime
from functools import cache
from html import unescape
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from api.app import create_app
from campaigns.settings import Settings
from campaigns.store.database import Database
from tests.people import PASSWORD

SETTINGS = Settings(demo=True)
KEY = re.compile(r'name="form_key" value="([^"]+)"')


class Clock:
    """The time that the app is told; a test moves it by setting `instant`."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        return self.instant


class _Line(TestClient):
    """Asks the one app of this worker, which is told before every request on whose database, settings and clock it works.

    To put its three hundred routes together takes longer than most tests.
    """

    def __init__(self, database: Database, clock: Clock, given: Settings) -> None:
        super().__init__(_app(given.secure_cookies), headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
        self.world = {"base": lambda: database, "settings": lambda: given, "clock": clock}

    def send(self, *request: Any, **how: Any) -> Response:
        for name, given in self.world.items():
            setattr(self.app.state, name, given)
        return super().send(*request, **how)


@cache
def _app(secure_cookies: bool) -> FastAPI:
    return create_app(given=lambda: Settings(demo=True, secure_cookies=secure_cookies))


class Browser:
    """One person's browser on the app."""

    def __init__(self, database: Database, clock: Clock, given: Settings = SETTINGS) -> None:
        self.http = _Line(database, clock, given)

    def sign_in(self, login: str, password: str = PASSWORD, back: str = "/") -> Response:
        return self.http.post("/sign-in", data={"login": login, "password": password, "next": back})

    def get(self, address: str) -> Response:
        return self.http.get(address)

    def post(self, address: str, key: str = "", **fields: object) -> Response:
        return self.http.post(address, data={"form_key": key or "a-key-of-the-test-1", **fields})

    def follow(self, response: Response) -> Response:
        assert response.status_code == 303, (response.status_code, words(response))
        return self.get(response.headers["location"])


def form_key(response: Response) -> str:
    """Return the key of the first form of a page."""
    found = KEY.search(response.text)
    assert found is not None
    return found.group(1)


def words(response: Response) -> str:
    """Return what a reader sees of a page, without tags."""
    body = re.sub(r"(?s)<(script|style|title|svg).*?</\1>", " ", response.text)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))
