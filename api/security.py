"""The outer walls: same-origin writes, response headers, body size, and the signed cookies."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from itsdangerous import BadSignature, Signer, URLSafeTimedSerializer
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from campaigns.settings import DEMO_SECRET, Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FLASH_SECONDS = 60
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}


def secret(given: Settings) -> str:
    """Return the signing secret; raises Invalid when it is not good enough outside the demonstration."""
    given.check_secret()
    return given.secret.get_secret_value() or DEMO_SECRET


def cookie_name(given: Settings) -> str:
    """`__Host-` binds the cookie to this host over TLS; an intranet without TLS cannot have it."""
    return "__Host-rectify" if given.secure_cookies else "rectify"


def seal(given: Settings, token: str) -> str:
    """Sign a session token for its cookie."""
    return Signer(secret(given), salt="session").sign(token).decode()


def unseal(given: Settings, cookie: str) -> str | None:
    """Return the token of a cookie we signed, None for any other."""
    try:
        return Signer(secret(given), salt="session").unsign(cookie).decode()
    except BadSignature:
        return None


def seal_flash(given: Settings, words: str) -> str:
    """Sign the one sentence that the next page shows."""
    return URLSafeTimedSerializer(secret(given), salt="flash").dumps(words)


def unseal_flash(given: Settings, cookie: str) -> str:
    """Return the sentence of a flash cookie, empty when it is old or not ours."""
    try:
        return str(URLSafeTimedSerializer(secret(given), salt="flash").loads(cookie, max_age=FLASH_SECONDS))
    except BadSignature:
        return ""


def same_origin(method: str, headers: Headers) -> bool:
    """Whether a request may write: the browser says it comes from our own page.

    Sec-Fetch-Site is believed first, then Origin against Host. A client that says neither is no browser of this decade; it may
    write only without a cookie, that is, without anybody's authority.
    """
    if method in SAFE_METHODS:
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    if origin is not None:
        return bool(origin) and urlsplit(origin).netloc == headers.get("host", "")
    return "cookie" not in headers


class Walls:
    """ASGI middleware: refuses cross-origin writes and oversized bodies, and puts the headers on every response."""

    def __init__(self, app: ASGIApp, *, largest_body: int, https: bool) -> None:
        self.app = app
        self.largest_body = largest_body
        self.https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope.setdefault("state", {})
        scope["state"]["cross_origin"] = not same_origin(scope["method"], headers)
        length = headers.get("content-length", "0")
        scope["state"]["too_large"] = not length.isdigit() or int(length) > self.largest_body
        await self.app(scope, self._counted(receive), self._dressed(scope, send))

    def _dressed(self, scope: Scope, send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self.https:
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
                elif scope["query_string"].startswith(b"v="):
                    headers.setdefault("Cache-Control", "public, max-age=31536000, immutable")
            await send(message)

        return dressed

    def _counted(self, receive: Receive) -> Receive:
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.largest_body:  # a body that did not say its length
                raise HTTPException(413)
            return message

        return counted
