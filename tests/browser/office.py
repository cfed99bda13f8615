"""What the browser tests ask of a page besides its words: accessible, inside the screen, big enough to touch."""

import gzip
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, Page

from api.app import SMALLEST_SQUEEZED, SQUEEZING
from api.rendering import STATIC
from campaigns.store.database import Database
from tests.api.client import Clock
from tests.people import PASSWORD

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
AXE = STATIC / "vendor" / "axe.min.js"
DESK, PHONE = 1280, 390
TOUCH = 44
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOO_SMALL = f"""[...document.querySelectorAll(
  'button, .button, .rail a, .tabs a, summary, select, textarea, .todo a, input:not([type=hidden])')]
  .map(one => one.closest('.choice') || one)
  .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < {TOUCH})
  .map(one => one.outerHTML.slice(0, 120))"""


@dataclass
class Office:
    """The served app over a database, with a clock to move and the password of everybody in it. Pictures for people to look
    at go to `screenshots`; without, none is taken.
    """

    chromium: Browser
    address: str
    database: Database
    clock: Clock
    screenshots: Path | None
    password: str = PASSWORD

    @contextmanager
    def signed_in(
        self, login: str, width: int = DESK, *, scripts: bool = True, lost_line: bool = False
    ) -> Iterator[Page]:
        """Open a window of that width in which somebody is signed in; any error in its console fails the test.

        `lost_line`: the test cuts the network itself, which the browser then says there.
        """
        size = {"width": width, "height": 844}
        context = self.chromium.new_context(
            viewport=size,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
            base_url=self.address,
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        troubles: list[str] = []
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto("/sign-in")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(self.password)
        page.get_by_role("button", name="登录", exact=True).click()
        yield page
        context.close()
        # refused forms and missing pages are answered so on purpose, and the console repeats it
        expected = ("422", "404", *(("net::ERR_",) if lost_line else ()))
        assert [trouble for trouble in troubles if not any(code in trouble for code in expected)] == []

    def look_at(self, page: Page, name: str) -> None:
        """Take a picture of the whole page for people to look at, when that was asked for."""
        if self.screenshots is None:
            return
        self.screenshots.mkdir(parents=True, exist_ok=True)
        page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }")
        width = page.viewport_size["width"] if page.viewport_size else DESK
        page.screenshot(path=self.screenshots / f"{name}-{width}.png", full_page=True)


UNNAMED = """[...document.querySelectorAll('table.cards')].flatMap(table => {
  const headings = [...table.querySelectorAll('thead th')].map(one => one.textContent.trim());
  return [...table.querySelectorAll('tbody tr')].flatMap(row => [...row.children].map((cell, at) =>
    cell.tagName === 'TD' && cell.dataset.label !== headings[at] ? `${headings[at]}: ${cell.dataset.label}` : ''));
}).filter(Boolean)"""
"""Cells whose name on the phone is not their column's heading on the desk."""


VIOLATIONS = "() => axe.run({resultTypes: ['violations']})"
"""Every rule runs; of what passed, no list is made."""


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def faults(page: Page) -> list[str]:
    """Return what is wrong with a page for somebody: axe's violations, width beyond the screen, small targets, cells' names."""
    if not page.evaluate("'axe' in window"):  # it stays for the page's second width
        page.evaluate(f"() => {{ {_axe()} }}")
    report = page.evaluate(VIOLATIONS)
    found = [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in report["violations"]]
    wider = page.evaluate(WIDER)
    found += [f"{wider} px wider than the screen"] if wider > 0 else []
    found += [f"small: {one}" for one in page.evaluate(TOO_SMALL)]
    return found + [f"another name on the phone: {one}" for one in page.evaluate(UNNAMED)]


HEAVIEST = 100_000
"""Bytes of HTML, CSS and JavaScript that a page may weigh before its pictures, with nothing kept from before."""
_BELONGING = re.compile(r'(?:href|src)="/static/([^"?]+[.](?:css|js))')


@dataclass(frozen=True)
class Weight:
    """What a page weighs before its pictures: on the wire as the app squeezes it, and unpacked in the phone's memory."""

    wire: int
    unpacked: int


def weight(page: str) -> Weight:
    """Weigh a page's HTML with the style sheets and scripts that it names."""
    parts = [page.encode(), *((STATIC / name).read_bytes() for name in dict.fromkeys(_BELONGING.findall(page)))]
    squeezed = (gzip.compress(part, SQUEEZING) if len(part) >= SMALLEST_SQUEEZED else part for part in parts)
    return Weight(sum(map(len, squeezed)), sum(map(len, parts)))


def kind_of(address: str) -> str:
    """Return what a page is, whatever row it shows: numbers, receipts and values out, names of filters kept."""
    path, _, query = address.partition("?")
    names = sorted(part.partition("=")[0] for part in query.split("&") if part)
    return f"{re.sub(r'[0-9][0-9A-Za-z-]*', '1', path)}?{'&'.join(names)}".rstrip("?")
