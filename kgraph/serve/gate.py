"""What every request passes: is it addressed to this server, is it small enough, may it read; and what answers carry."""

from __future__ import annotations

import asyncio
import base64
import hmac
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgraph.serve.settings import Settings

_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Gate:
    """Refuses what is not meant for this server, too large, or without the token; gives answers their headers.

    A page of another site can have the name of its own server lead to this one, and would then read everything as if it
    were its own: requests for a name that is not this server's are refused.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._names = _OWN_NAMES | {name.lower() for name in settings.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope, Headers(scope=scope))
        if refusal:
            await refusal(scope, receive, _with_headers(send))
        else:
            await self._answer(scope, receive, _with_headers(send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the application answer; where the server stops before it has, say so."""
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, _limited(receive, self._settings.max_body), sent)
        except asyncio.CancelledError:
            if begun:
                raise
            await PlainTextResponse("the server is stopping\n", 503, {"Retry-After": "10"})(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        most = self._settings.max_body
        length = headers.get("content-length", "0")
        if _name(headers.get("host", "")) not in self._names:
            words = "this server has another name; it is told further ones with --host-name"
            return PlainTextResponse(f"{words}\n", 421)
        if not length.isdigit() or int(length) > most:
            return PlainTextResponse(f"the request is larger than {most:,} bytes\n", 413)
        if self._settings.private and scope["method"] != "OPTIONS" and not allowed(HTTPConnection(scope)):
            asked = {"WWW-Authenticate": 'Basic realm="kgraph", charset="UTF-8"'}
            return PlainTextResponse("this server answers those who send its token\n", 401, asked)
        return None


def allowed(connection: HTTPConnection) -> bool:
    """True where a request brings the server's token, as a bearer token or as the password of Basic authentication."""
    settings: Settings = connection.app.state.settings
    scheme, _, given = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[2]
        except ValueError:
            return False
    elif scheme.lower() != "bearer":
        return False
    return same_token(given, settings)


def same_token(given: str, settings: Settings) -> bool:
    """True where a text is the server's token; takes equally long whatever the text is."""
    return settings.token is not None and hmac.compare_digest(given.strip().encode(), settings.token.encode())


def require_token(connection: HTTPConnection) -> None:
    """Raise a 403 where nothing may be changed, a 401 where a request to change something has no bearer token.

    Browsers send Basic authentication by themselves, also with what another site's page makes them send: it is not
    enough here.
    """
    settings: Settings = connection.app.state.settings
    if not settings.write:
        raise HTTPException(403, "this server only reads; start it with --write and a token")
    scheme = connection.headers.get("authorization", "").partition(" ")[0]
    if scheme.lower() != "bearer" or not allowed(connection):
        words = "changing the graph needs the header 'Authorization: Bearer TOKEN'"
        raise HTTPException(401, words, {"WWW-Authenticate": "Bearer"})


def policy(**changes: str) -> str:
    """The content security policy as a header's value; `style_src="…"` changes a part of it."""
    parts = {**_POLICY, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def _name(host: str) -> str:
    """The name in a Host header, without the port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()


def _limited(receive: Receive, most: int) -> Receive:
    """A body may also come without its length: it is counted while it comes."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise HTTPException(413, f"the request is larger than {most:,} bytes")
        return message

    return counted


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", policy())
        await send(message)

    return sent
