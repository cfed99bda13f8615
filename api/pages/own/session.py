"""登录 and 退出."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from api.deps import (
    CHANGE_AT_FIRST,
    NotSignedIn,
    actor_of,
    base_of,
    now_of,
    sent_form,
    settings_of,
    token_of,
)
from api.security import cookie_name, seal
from api.view import render_outside
from campaigns.actions.directory.signing_in import (
    AT_MOST,
    SignInRefused,
    begin_attempt,
    sign_in,
    sign_out,
    verified,
)
from campaigns.queries.directory.accounts import AccountLine, first_accounts
from campaigns.settings import DEMO_PASSWORD

router = APIRouter()
DEMO_ACCOUNTS = 10
"""Down to the first enterprise's two people."""
WRONG = SignInRefused("登录名或密码不对。", advice="请检查大小写和输入法；忘记密码请联系本单位管理员。")


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/", login: str = "") -> Response:
    """Show the sign-in form, or lead on who is signed in already."""
    with base_of(request).reading() as session:
        try:
            actor_of(request, session, now_of(request))
        except NotSignedIn:
            return _page(request, login=login, back=next)
    return RedirectResponse(local_address(next), status_code=303)


@router.post("/sign-in")
def sign_in_form(request: Request, form: Annotated[FormData, Depends(sent_form)]) -> Response:
    """Count the attempt, check the password outside any transaction (it is slow on purpose), then start the session."""
    login, password, back = (str(form.get(name, "")) for name in ("login", "password", "next"))
    now, base = now_of(request), base_of(request)
    try:
        with base.transaction() as session:
            begin_attempt(session, login=login.strip(), now=now)
        with base.reading() as session:
            person = verified(session, login=login.strip(), password=password)
    except SignInRefused as refusal:
        return _page(request, login=login, back=back, refusal=refusal, status=429)
    if person is None:
        return _page(request, login=login, back=back, refusal=WRONG, status=422)
    with base.transaction() as session:
        token = sign_in(session, person_id=person.id, login=login.strip(), now=now)
    where = CHANGE_AT_FIRST if person.must_change_password else local_address(back)
    return _signed_in(request, token, where)


@router.post("/sign-out")
def sign_out_form(request: Request) -> Response:
    """End the session and forget the cookie."""
    if token := token_of(request):
        with base_of(request).transaction() as session:
            sign_out(session, token=token, now=now_of(request))
    response = RedirectResponse("/sign-in", status_code=303)
    given = settings_of(request)
    response.delete_cookie(cookie_name(given), httponly=True, samesite="lax", secure=given.secure_cookies)
    return response


def local_address(address: str) -> str:
    """Return an address inside this system; whatever leads elsewhere becomes the front page."""
    parts = urlsplit(address)
    inside = not parts.scheme and not parts.netloc and address.startswith("/") and "\\" not in address
    return address if inside and not address.startswith(("//", "/sign-")) else "/"


def _signed_in(request: Request, token: str, where: str) -> Response:
    given = settings_of(request)
    response = RedirectResponse(where, status_code=303)
    response.set_cookie(
        cookie_name(given),
        seal(given, token),
        max_age=int(AT_MOST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=given.secure_cookies,
    )
    return response


def _page(
    request: Request, *, login: str, back: str, refusal: SignInRefused | None = None, status: int = 200
) -> Response:
    return render_outside(
        request,
        "sign-in.html",
        status=status,
        login=login,
        back=back,
        refusal=refusal,
        accounts=_demonstration(request),
        password=DEMO_PASSWORD,
    )


def _demonstration(request: Request) -> tuple[AccountLine, ...]:
    """Whom a visitor of the demonstration may be; nobody anywhere else."""
    if not settings_of(request).demo:
        return ()
    with base_of(request).reading() as session:
        return first_accounts(session, limit=DEMO_ACCOUNTS)
