"""Errors as answers: a page for browsers, a line of text for programs."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kgraph.errors import (
    ArticleError,
    KgraphError,
    QueryError,
    QueryRefused,
    QueryStopped,
    StoreError,
    StoreLocked,
    UnknownActor,
    UsageError,
)
from kgraph.serve.negotiate import NotAcceptable
from kgraph.serve.pool import Broken, Busy
from kgraph.serve.rendering import prefers_html, render

log = logging.getLogger("kgraph.serve")
_STATUS: Mapping[type[KgraphError], int] = {
    Busy: 503,
    QueryRefused: 403,
    QueryStopped: 422,  # asked again, it would be stopped again
    NotAcceptable: 406,
    UnknownActor: 404,
    QueryError: 400,
    UsageError: 400,
    ArticleError: 400,
    StoreLocked: 503,
    StoreError: 500,
}


def status_of(error: KgraphError) -> int:
    """The HTTP status of an error of kgraph."""
    if isinstance(error, QueryStopped) and error.too_slow:
        return 504
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, KgraphError)
    status = status_of(error)
    return _answer(request, status, str(error), {"Retry-After": "1"} if isinstance(error, Busy) else {})


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _answer(request, error.status_code, error.detail, error.headers or {})


async def _unknown(request: Request, error: Exception) -> Response:
    log.error("%s %s: %s", request.method, request.url.path, error if isinstance(error, Broken) else repr(error))
    return _answer(request, 500, "something broke in the server; its log says what", {})


def _answer(request: Request, status: int, words: str, headers: Mapping[str, str]) -> Response:
    if prefers_html(request):
        return render(request, "error.html", status_code=status, headers=headers, status=status, words=words)
    return PlainTextResponse(f"{words}\n", status, dict(headers))


HANDLERS: Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    HTTPException: _http,
    KgraphError: _known,
    Broken: _unknown,
    Exception: _unknown,
}
