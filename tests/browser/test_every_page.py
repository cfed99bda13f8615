"""Every page that a person can reach by links is accessible and usable, on a desk and on a phone."""

from collections import deque
from urllib.parse import urldefrag, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.office import DESK, HEAVIEST, PHONE, Office, faults, kind_of, weight

pytestmark = pytest.mark.browser
MOST_PAGES = 30
DOWNLOADS = ("/files",)
PEOPLE = ("leader", "officer", "principal", "city.officer", "government")
ON_A_PHONE = ("principal",)
FURTHER = {"officer": ("/hazards/import", "/spot-checks", "/criteria")}
"""What a way of so many pages might not come to."""


def links(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(one => one.href)")
    here = urlsplit(page.url).netloc
    return [urldefrag(link).url for link in found if urlsplit(link).netloc == here]


def too_heavy(page: str, login: str) -> str:
    """Return what is too heavy about a page: for anybody on the wire, for an enterprise's old phone unpacked as well."""
    found = weight(page)
    heaviest = max(found.wire, found.unpacked) if login in ON_A_PHONE else found.wire
    return f"{found.wire:,} bytes on the wire, {found.unpacked:,} unpacked" if heaviest > HEAVIEST else ""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("login", PEOPLE)
def test_every_page_within_reach_is_fit_for_everybody(office: Office, login: str) -> None:
    wrong: dict[str, list[str]] = {}
    with office.signed_in(login) as page:
        waiting, seen = deque([page.url, *(office.address + place for place in FURTHER.get(login, ()))]), set[str]()
        while waiting and len(seen) < MOST_PAGES:
            address = waiting.popleft()
            kind = kind_of(address.removeprefix(office.address))
            if kind in seen or kind.startswith(DOWNLOADS) or "xlsx" in kind:
                continue
            seen.add(kind)
            answer = page.goto(address)
            if answer is None or not answer.ok:
                wrong[kind] = [f"a dead link: {address}"]
                continue
            if heavy := too_heavy(answer.text(), login):
                wrong[f"{kind}, before its pictures"] = [heavy]
            waiting.extend(links(page))
            for width in (DESK, PHONE):
                page.set_viewport_size({"width": width, "height": 844})
                if found := faults(page):
                    wrong[f"{kind} at {width}"] = found
                office.look_at(page, f"{login}{kind.replace('/', '_').replace('?', '-')}")
    assert wrong == {}


def test_the_parts_and_the_sign_in_page_are_fit_for_everybody(office: Office) -> None:
    for width in (DESK, PHONE):
        with office.signed_in("officer", width) as page:
            for address in ("/_parts", "/nothing-here"):
                page.goto(address)
                office.look_at(page, address.strip("/"))
                assert faults(page) == []
            page.goto("/more")
            page.get_by_role("button", name="退出").click()
            office.look_at(page, "sign-in")
            assert faults(page) == []
