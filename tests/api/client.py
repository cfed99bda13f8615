"""A browser as the tests need it: same-origin, keeps cookies, signs in with the cast's password, fills forms."""

import re
from datetime import datetime
from html import unescape

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


class Browser:
    """One person's browser on the app."""

    def __init__(self, database: Database, clock: Clock, given: Settings = SETTINGS) -> None:
        app = create_app(lambda: database, lambda: given, clock)
        self.http = TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)

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
