"""One person's way through the pages without script, while a second window with script looks each page over."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser.office import DESK, HEAVIEST, PHONE, Office, faults

PICTURES = Path("docs/screenshots")
TAKEN: set[str] = set()
"""The pictures that this run took or would have taken, by file name."""
KEEP_PICTURES = os.environ.get("RECTIFY_SCREENSHOTS") == "1"
HEIGHT = 844
COLOURS = 128
"""Enough for flat pages, and a third of the bytes."""
WEIGHED = ("document", "stylesheet", "script")


@dataclass
class Walk:
    """Somebody signed in. `page` is where he works; `twin` shows the same address to the tests."""

    office: Office
    page: Page
    twin: Page
    width: int
    seen: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def look(self, picture: str = "") -> None:
        """Look the page over that he is on, at both widths; keep its picture under a name if asked for."""
        kind = urlsplit(self.page.url).path
        if kind not in self.seen:
            self.seen.add(kind)
            self.answers.clear()
            self.twin.goto(self.page.url)
            weight = sum(answer.request.sizes()["responseBodySize"] for answer in self.answers)
            self.wrong += [f"{kind} weighs {weight:,} bytes"] if weight > HEAVIEST else []
            for width in (DESK, PHONE):
                self.twin.set_viewport_size({"width": width, "height": HEIGHT})
                self.wrong += [f"{kind} at {width}: {fault}" for fault in faults(self.twin)]
        if picture:
            self.take(picture)

    def take(self, picture: str) -> None:
        """Take a page's picture at both widths, for the README when that was asked for."""
        self.twin.goto(self.page.url)
        for width in (DESK, PHONE):
            name = f"{picture}-{width}.png"
            TAKEN.add(name)
            if KEEP_PICTURES:
                PICTURES.mkdir(parents=True, exist_ok=True)
                self.twin.set_viewport_size({"width": width, "height": HEIGHT})
                taken = Image.open(BytesIO(self.twin.screenshot()))
                taken.quantize(COLOURS).save(PICTURES / name, optimize=True)

    def go(self, address: str, picture: str = "") -> None:
        """Type an address, and look at what comes."""
        self.page.goto(address)
        self.look(picture)

    def follow(self, name: str, picture: str = "") -> None:
        """Follow a link by its words, and look at what comes."""
        self.page.locator("main").get_by_role("link", name=name).first.click()
        self.look(picture)

    def press(self, name: str, picture: str = "") -> None:
        """Press a button by its words, and look at what comes."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.look(picture)

    def fill(self, **blanks: str) -> None:
        """Write into blanks by their names."""
        for name, words in blanks.items():
            self.page.locator(f'[name="{name}"]').fill(words)

    def reads(self, words: str) -> bool:
        """Whether the page says this."""
        return words in self.page.locator("main").inner_text()


@contextmanager
def walking(office: Office, login: str, width: int = DESK) -> Iterator[Walk]:
    """Sign somebody in without script; at the end nothing may have been wrong with any page he saw."""
    plain = _window(office, width, scripts=False)
    page = plain.new_page()
    page.goto("/sign-in")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(office.password)
    page.get_by_role("button", name="登录", exact=True).click()
    scripted = _window(office, width, scripts=True, like=plain)
    walk = Walk(office, page, scripted.new_page(), width)
    _watch(walk)
    yield walk
    plain.close()
    scripted.close()
    assert not walk.wrong, "\n".join(walk.wrong)


def _window(office: Office, width: int, *, scripts: bool, like: BrowserContext | None = None) -> BrowserContext:
    return office.chromium.new_context(
        viewport={"width": width, "height": HEIGHT},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        java_script_enabled=scripts,
        base_url=office.address,
        storage_state=like.storage_state() if like else None,
    )


def _watch(walk: Walk) -> None:
    def asked(request: Request) -> None:
        if not request.url.startswith((walk.office.address, "data:", "blob:")):
            walk.wrong.append(f"a request left the machine: {request.url}")

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            walk.wrong.append(f"console: {message.text}")

    def answered(answer: Response) -> None:
        if answer.request.resource_type in WEIGHED:
            walk.answers.append(answer)

    walk.twin.route("**/*", lambda route: route.continue_())  # routing switches the browser's cache off
    walk.page.on("request", asked)
    walk.twin.on("request", asked)
    walk.twin.on("console", said)
    walk.twin.on("response", answered)
