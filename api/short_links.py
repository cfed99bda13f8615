"""The short link of a task as this installation gives it out: its code, its whole address, its QR code."""

from io import BytesIO

import segno
from fastapi import Request

from api.deps import settings_of
from api.security import secret
from campaigns.rules.work.short_links import short_code, task_behind

QUIET_ZONE = 4
"""White modules around the code, as the standard wants; less is not read from a folded sheet."""


def short_link(request: Request, task_id: int) -> str:
    """Return the address to print: the installation's public one, else the one that this page was asked for under."""
    given = settings_of(request)
    home = given.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    return f"{home}/t/{short_code(task_id, secret(given))}"


def found_behind(request: Request, code: str) -> int | None:
    """Return the task that a code leads to, None for one that this installation did not give out."""
    return task_behind(code, secret(settings_of(request)))


def qr(address: str) -> bytes:
    """Draw an address as an SVG; a quarter of it may be stained or torn (level Q)."""
    drawn = BytesIO()
    code = segno.make(address, error="q", micro=False, boost_error=False)
    code.save(drawn, kind="svg", border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, xmldecl=False)
    return drawn.getvalue()
