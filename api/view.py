"""Putting a page into the layout: whose desk, the heartbeat, the navigation, the one sentence left by the last form."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from api.navigation import RailItem, rail
from api.rendering import environment
from api.security import unseal_flash
from api.wording import ago
from campaigns.clock import local_date
from campaigns.queries.frame import Frame, frame
from campaigns.rules.permissions import Actor
from campaigns.settings import Settings

STALE_AFTER = timedelta(minutes=2)
try:
    VERSION = version("rectify")
except PackageNotFoundError:  # run from a checkout that was not installed
    VERSION = "0"


@dataclass(frozen=True, slots=True)
class Pulse:
    """The scheduler's heartbeat as the page shows it; `sentence` is for when it is late."""

    words: str
    tone: str
    at: datetime | None
    sentence: str


@dataclass(frozen=True, slots=True)
class View:
    """What the layout needs beside the page's own values."""

    demo: bool
    organisation: str
    person: str
    version: str
    flash: str
    pulse: Pulse | None
    rail: tuple[RailItem, ...]


def pulse(beat: datetime | None, now: datetime) -> Pulse:
    """Say when the scheduler last worked, in plain words when that is too long ago."""
    if beat is None:
        return Pulse("还没启动", "late", None, f"调度程序还没有启动过：{_CONSEQUENCE}")
    passed = now - beat
    words = ago(passed.total_seconds())
    if passed <= STALE_AFTER:
        return Pulse(words, "done", beat, "")
    return Pulse(words, "late", beat, f"调度程序上次工作是{words}：{_CONSEQUENCE}")


_CONSEQUENCE = "到期提醒和自动汇总会推迟，恢复后自动补办；填报、提交和审核不受影响。请告诉系统管理员。"


def render(
    request: Request, template: str, session: Session, actor: Actor, now: datetime, /, *, status: int, **values: Any
) -> HTMLResponse:
    """Render a page of a signed-in person."""
    around = frame(session, actor=actor)
    view = _view(
        request,
        around=around,
        person=actor.name,
        beat=pulse(around.scheduler_at, now),
        items=_rail(request, actor, around),
    )
    return _written(request, template, view, status, actor=actor, now=now, today=local_date(now), **values)


def render_outside(request: Request, template: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page for nobody in particular: the sign-in page and the errors."""
    view = _view(request, around=Frame("", None, 0), person="", beat=None, items=())
    return _written(request, template, view, status, **values)


def _rail(request: Request, actor: Actor, around: Frame) -> tuple[RailItem, ...]:
    return tuple(rail(actor, request.url.path, {"/notices": around.unread, "/decisions": around.waiting}))


def _view(request: Request, *, around: Frame, person: str, beat: Pulse | None, items: tuple[RailItem, ...]) -> View:
    given: Settings = request.app.state.settings()
    words = unseal_flash(given, request.cookies.get("flash", ""))
    return View(given.demo, around.organisation, person, VERSION, words, beat, items)


def _written(request: Request, template: str, view: View, status: int, /, **values: Any) -> HTMLResponse:
    page = environment().get_template(template).render(view=view, path=request.url.path, **values)
    response = HTMLResponse(page, status_code=status)
    if "flash" in request.cookies:
        response.delete_cookie("flash")
    return response
