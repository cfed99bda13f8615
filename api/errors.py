"""Every failure as a page (or JSON for programs): what happened, what was kept, what to do."""

import logging
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from starlette.exceptions import HTTPException

from api.deps import CHANGE_AT_FIRST, NotSignedIn, PasswordDue, actor_of, base_of, now_of
from api.security import SAFE_METHODS
from api.view import render, render_outside
from campaigns.errors import Invalid, Refusal

log = logging.getLogger("rectify.web")


@dataclass(frozen=True, slots=True)
class Failure:
    """The three sentences of an error page."""

    status: int
    title: str
    happened: str
    kept: str
    advice: str


UNCHANGED = "没有改动任何内容。"
BY_STATUS: dict[int, Failure] = {
    403: Failure(403, "不能这样办理", "您没有权限办理这件事。", UNCHANGED, "需要办理的，请联系本单位管理员。"),
    404: Failure(404, "没有找到", "没有找到这个页面或记录。", UNCHANGED, "请核对地址，或从首页重新进入。"),
    405: Failure(405, "不能这样办理", "这个地址不支持这种操作。", UNCHANGED, "请返回上一页，用页面上的按钮办理。"),
    409: Failure(
        409, "内容已有变化", "在您打开页面之后，别人已经办理过。", UNCHANGED, "请返回并刷新页面，按最新内容办理。"
    ),
    413: Failure(
        413,
        "文件太大",
        "这次上传的内容超过了大小限制。",
        "没有保存这次上传的内容，先前保存的都在。",
        "请压缩照片或分几次上传后再提交。",
    ),
    422: Failure(422, "有内容需要改", "填写的内容没有通过检查。", UNCHANGED, "请返回上一页，改好后再提交。"),
    500: Failure(
        500,
        "系统出错了",
        "系统遇到了没有预料到的问题，已经记录下来。",
        "这一步没有保存，先前保存的都在。",
        "请稍后再试；仍然出错，请把下面的编号告诉系统管理员。",
    ),
    503: Failure(
        503,
        "暂时不能保存",
        "数据库暂时写不进去（可能正忙或磁盘已满）。",
        "这一步没有保存，先前保存的都在。",
        "请过一分钟再试；仍然不行，请告诉系统管理员。",
    ),
}


def install(app: FastAPI) -> None:
    """Give the app its answers to failures."""
    app.add_exception_handler(NotSignedIn, _to_sign_in)
    app.add_exception_handler(PasswordDue, _to_password)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OverflowError, _unreadable)  # SQLite cannot hold so large a number
    app.add_exception_handler(DataError, _unreadable)  # nor can PostgreSQL, nor a text with a NUL in it
    app.add_exception_handler(IntegrityError, _overtaken)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(Exception, _unexpected)


def answer(request: Request, failure: Failure, *, fields: dict[str, str] | None = None, number: str = "") -> Response:
    """Show a failure as a page, or as JSON to a program that asks for it."""
    if wants_json(request):
        body = {"error": failure.happened, "kept": failure.kept, "advice": failure.advice, "fields": fields or {}}
        return JSONResponse(body, status_code=failure.status)
    shown = {"failure": failure, "fields": fields or {}, "number": number, "back": _back(request)}
    return _inside(request, shown) or render_outside(request, "error.html", status=failure.status, **shown)


def _inside(request: Request, shown: dict[str, Any]) -> Response | None:
    """Show a refusal to whoever is signed in with his navigation around it; never when the database itself may have failed."""
    failure: Failure = shown["failure"]
    if failure.status >= 500:
        return None
    now = now_of(request)
    try:
        with base_of(request).reading() as session:
            actor = actor_of(request, session, now)
            return render(request, "error.html", session, actor, now, status=failure.status, **shown)
    except (NotSignedIn, PasswordDue):
        return None


def _back(request: Request) -> str:
    """The page that a form was sent from; empty when this page was asked for by its address."""
    before = urlsplit(request.headers.get("referer", ""))
    if request.method in SAFE_METHODS or before.netloc != request.url.netloc:
        return ""
    return f"{before.path}?{before.query}" if before.query else before.path


def wants_json(request: Request) -> bool:
    """Whether the asker is a program."""
    return request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", "")


def _to_sign_in(request: Request, _error: Exception) -> Response:
    if wants_json(request):
        return JSONResponse({"error": "请先登录。"}, status_code=401)
    page = request.url if request.method in SAFE_METHODS else urlsplit(request.headers.get("referer", "/"))
    back = f"{page.path}?{page.query}" if page.query else page.path
    return RedirectResponse(f"/sign-in?next={quote(back)}", status_code=303)


def _to_password(request: Request, _error: Exception) -> Response:
    if wants_json(request):
        return JSONResponse({"error": "请先修改初始密码。"}, status_code=403)
    return RedirectResponse(CHANGE_AT_FIRST, status_code=303)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    usual = BY_STATUS.get(error.status, BY_STATUS[422])
    fields = error.fields if isinstance(error, Invalid) else {}
    told = Failure(error.status, usual.title, error.sentence, error.kept or usual.kept, error.advice or usual.advice)
    return answer(request, told, fields=fields)


def _unreadable(request: Request, _error: Exception) -> Response:
    # a path or query that is no number or date is an address that leads nowhere
    return answer(request, BY_STATUS[404] if request.method in SAFE_METHODS else BY_STATUS[422])


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405 and request.method in SAFE_METHODS and not wants_json(request):
        # where a form is sent, asked for as a page: a telephone that woke up, or the way back from signing in
        return RedirectResponse(request.url.path.rpartition("/")[0] or "/", status_code=303)
    return answer(request, BY_STATUS.get(error.status_code, BY_STATUS[422 if error.status_code < 500 else 500]))


def _overtaken(request: Request, error: Exception) -> Response:
    # two people did the same at the same instant, and a constraint let only the first one through
    log.warning("a constraint refused %s %s", request.method, request.url.path, exc_info=error)
    return answer(request, BY_STATUS[409])


def _database(request: Request, error: Exception) -> Response:
    log.error("the database refused %s %s", request.method, request.url.path, exc_info=error)
    return answer(request, BY_STATUS[503])


def _unexpected(request: Request, error: Exception) -> Response:
    number = secrets.token_hex(4)
    log.error("unexpected failure %s in %s %s", number, request.method, request.url.path, exc_info=error)
    return answer(request, BY_STATUS[500], number=number)
