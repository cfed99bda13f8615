"""What a route is handed: a Visit to read with, or an Effect to change something with, once."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from anyio.lowlevel import RunVar
from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser

from api.security import FLASH_SECONDS, cookie_name, seal_flash, unseal
from api.view import render
from campaigns.actions.directory.people import actor_for
from campaigns.actions.directory.signing_in import SEEN_EVERY, note_seen, signed_in_person
from campaigns.actions.form_keys import once
from campaigns.clock import local_date
from campaigns.errors import Invalid, NotFound
from campaigns.rules.files.uploads import LARGEST_AS_TAKEN
from campaigns.rules.permissions import Actor
from campaigns.settings import Settings
from campaigns.store.database import Database
from campaigns.unseen import seen

_TOO_MUCH = re.compile("exceeded|Too many")
"""What the parser says of a form with too many or too long parts."""
FORM_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
MOST_FIELDS = 1000
MOST_FILES = 30
LONGEST_FIELD = 1 << 20
MultiPartParser.spool_max_size = LARGEST_AS_TAKEN
"""A telephone's photo waits in memory for its form; with the parser's own 1 MB half of each went through a temporary file."""
CHANGE_AT_FIRST = "/settings/password"
"""Where somebody with a password that an administrator chose is led first."""


class NotSignedIn(Exception):
    """Nobody is signed in, or the session is over: the door leads to the sign-in page and back."""


class PasswordDue(Exception):
    """He is signed in with a password that an administrator chose: every door leads to changing it first."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in person: who, when, and a reading session on one snapshot."""

    request: Request
    session: Session
    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        """The civil date in Beijing."""
        return local_date(self.now)

    def page(self, template: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Render a page in the layout, with `actor`, `today` and `now` always there."""
        return render(self.request, template, self.session, self.actor, self.now, status=status, **values)


Refused = Callable[[Visit, Invalid], Response]
"""Shows a refused form again: gets a visit to read with and the errors by field."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One form that a signed-in person sends: its fields, and `once` to do what it asks."""

    request: Request
    actor: Actor
    now: datetime
    form: FormData

    def text(self, name: str) -> str:
        """A field, trimmed; empty when it is absent."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def many(self, name: str) -> list[str]:
        """All values of a repeated field, such as check boxes."""
        return [value.strip() for value in self.form.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> list[UploadFile]:
        """The files of a field; a browser's empty file input gives none."""
        return [item for item in self.form.getlist(name) if isinstance(item, UploadFile) and item.filename]

    def values(self) -> dict[str, str]:
        """Every plain field by name, to show a refused form again as it was typed."""
        return {name: value for name, value in self.form.multi_items() if isinstance(value, str)}

    def once(self, change: Callable[[Session], str], *, said: str = "", refused: Refused | None = None) -> Response:
        """Do `change` in one transaction with the form's key and lead to the address it returns, saying `said` there.

        Double clicks and replays lead to the same address without a second effect. With `refused`, a change that raises Invalid
        with fields is answered by it (the form again with its errors and what was typed); otherwise by the error page.
        """
        try:
            where = self.done(change)
        except Invalid as invalid:
            if refused is None or not invalid.fields:
                raise
            with base_of(self.request).reading() as session:
                return refused(Visit(self.request, session, self.actor, self.now), invalid)
        return lead_to(self.request, where, said)

    def done(self, change: Callable[[Session], str]) -> str:
        """Do `change` in one transaction with the form's key, for a script; return the address, the same again for a replay."""
        key, person_id = self.text("form_key"), self.actor.person_id
        if person_id is None or not FORM_KEY.fullmatch(key):
            raise Invalid("这张表缺少编号，没有保存。", advice="请刷新页面后重新提交。")
        body = fingerprint(self.request.url.path, self.form)
        with base_of(self.request).transaction() as session:
            return once(session, key=key, body_hash=body, person_id=person_id, now=self.now, change=change)


def base_of(request: Request) -> Database:
    """The database the app was made with."""
    base: Database = request.app.state.base()
    return base


def settings_of(request: Request) -> Settings:
    """The settings the app was made with."""
    given: Settings = request.app.state.settings()
    return given


def now_of(request: Request) -> datetime:
    """Ask the app's clock: the door's one question about time."""
    instant: datetime = request.app.state.clock()
    return instant


def lead_to(request: Request, where: str, said: str = "") -> Response:
    """Redirect after a write, with one sentence for the next page."""
    response = RedirectResponse(where, status_code=303)
    if said:
        given = settings_of(request)
        response.set_cookie(
            "flash",
            seal_flash(given, said),
            max_age=FLASH_SECONDS,
            httponly=True,
            samesite="lax",
            secure=given.secure_cookies,
        )
    return response


def fingerprint(path: str, form: FormData) -> str:
    """Return the SHA-256 of everything a form says, its files included, its key excepted."""
    parts = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            parts.append((name, value.filename or "", digest(value)))
        elif name != "form_key":
            parts.append((name, "", value))
    return hashlib.sha256(repr((path, sorted(parts))).encode()).hexdigest()


def digest(upload: UploadFile) -> str:
    """Return the SHA-256 of an uploaded file, wound back."""
    upload.file.seek(0)
    sha256 = hashlib.file_digest(upload.file, "sha256").hexdigest()  # type: ignore[arg-type]  # a BinaryIO that reads into
    upload.file.seek(0)
    return sha256


def token_of(request: Request) -> str | None:
    """Return the session token of the request's cookie if we signed it."""
    given = settings_of(request)
    cookie = request.cookies.get(cookie_name(given))
    return unseal(given, cookie) if cookie else None


def actor_of(request: Request, session: Session, now: datetime) -> Actor:
    """Return who is signed in; raises NotSignedIn, and PasswordDue until he has a password that only he knows."""
    token = token_of(request)
    found = signed_in_person(session, token=token, now=now) if token else None
    if token is None or found is None:
        raise NotSignedIn
    try:
        actor = actor_for(session, found.person_id)
    except NotFound:
        raise NotSignedIn from None
    request.state.stale_token = token if now - found.seen_at > SEEN_EVERY else None
    if found.must_change_password and not request.url.path.startswith(CHANGE_AT_FIRST):
        raise PasswordDue
    return actor


def visit(request: Request) -> Iterator[Visit]:
    """Open a Visit: the signed-in person and a reading session."""
    now = now_of(request)
    with base_of(request).reading() as session:
        yield Visit(request, session, actor_of(request, session, now), now)
    keep_alive(request, now)


def keep_alive(request: Request, now: datetime) -> None:
    """Move the idle clock on, at most every few minutes so that reading hardly ever writes."""
    if token := getattr(request.state, "stale_token", None):
        with base_of(request).transaction() as session:
            note_seen(session, token=token, now=now)


@asynccontextmanager
async def _parsed(request: Request) -> AsyncIterator[FormData]:
    """Read the body; more than a form may hold is told as too large, not as unreadable."""
    bounds = {"max_files": MOST_FILES, "max_fields": MOST_FIELDS, "max_part_size": LONGEST_FIELD}
    try:
        form = await request.form(**bounds)
    except HTTPException as error:
        raise HTTPException(413 if _TOO_MUCH.search(error.detail) else error.status_code) from None
    try:
        yield form
    finally:
        await form.close()


async def sent_form(request: Request) -> AsyncIterator[FormData]:
    """Parse the body as a form, within bounds."""
    async with _parsed(request) as form:
        if any(isinstance(value, str) and "\x00" in value for _, value in form.multi_items()):
            # no keyboard types it; SQLite would keep what PostgreSQL and Excel refuse
            raise Invalid(
                "填写的内容里有看不见的控制字符，没有保存。", advice="请删掉后重新输入，不要从别的程序直接粘贴。"
            )
        yield FormData([(name, seen(value) if isinstance(value, str) else value) for name, value in form.multi_items()])


def effect(request: Request, form: Annotated[FormData, Depends(sent_form)]) -> Effect:
    """Open an Effect: the signed-in person and his form."""
    now = now_of(request)
    with base_of(request).reading() as session:
        actor = actor_of(request, session, now)
    keep_alive(request, now)
    return Effect(request, actor, now, form)


VisitDep = Annotated[Visit, Depends(visit)]
EffectDep = Annotated[Effect, Depends(effect)]
_counter = RunVar[asyncio.Semaphore]("counter")


async def one_by_one(effect: EffectDep) -> AsyncIterator[Effect]:
    """Let forms with photos through one after the other, each once it has arrived whole: a slow telephone holds nobody up.

    Reading and hashing photos keeps the processor busy all the while. Taken together, ten forms hold up each other's
    transactions, every one of which makes all writers wait (DECISIONS 75).
    """
    async with _counter.get(None) or _opened_counter():
        yield effect


def _opened_counter() -> asyncio.Semaphore:
    counter = asyncio.Semaphore(1)
    _counter.set(counter)
    return counter


PhotosDep = Annotated[Effect, Depends(one_by_one, scope="function")]
"""An Effect whose form brings photos; its turn is over before the answer is sent."""
