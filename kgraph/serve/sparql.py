"""The SPARQL 1.1 Protocol at /sparql: queries, updates where they are allowed, a description of the service, the editor."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Coroutine, Sequence
from email.utils import format_datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kgraph.graph import protocol
from kgraph.graph.description import describe
from kgraph.graph.protocol import Graphs, Limits
from kgraph.serve import editor, results
from kgraph.serve.access import access_of
from kgraph.serve.gate import require_token
from kgraph.serve.negotiate import best
from kgraph.serve.rendering import language, prefers_html
from kgraph.serve.snapshots import Snapshot

_FORM = "application/x-www-form-urlencoded"
_QUERY, _UPDATE = "application/sparql-query", "application/sparql-update"
_CLIENT_LEFT = 499
_Result = TypeVar("_Result")
_Parameters = dict[str, list[str]]


def routes() -> list[BaseRoute]:
    """The endpoint's route."""
    return [Route("/sparql", endpoint, methods=["GET", "POST", "OPTIONS"], name="sparql")]


async def endpoint(request: Request) -> Response:
    """Answer a request of the protocol."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": "GET, HEAD, OPTIONS, POST"})
    parameters = _parsed(request.scope["query_string"])
    if request.method == "POST":
        return await _post(request, parameters)
    if "update" in parameters:
        raise HTTPException(400, "an update is sent by POST")
    if "query" in parameters:
        return await _query(request, _one(parameters, "query"), parameters)
    if prefers_html(request):
        return await editor.page(request)
    return _description(request)


async def _post(request: Request, parameters: _Parameters) -> Response:
    media_type, charset = _content_type(request)
    if charset not in {"", "utf-8", "utf8"}:
        raise HTTPException(415, f"SPARQL is sent in UTF-8, not in {charset}")
    body = await request.body()
    if media_type == _QUERY:
        return await _query(request, _text(body), parameters)
    if media_type == _UPDATE:
        return await _update(request, _text(body), parameters)
    if media_type != _FORM:
        raise HTTPException(415, f"the content type is one of {_FORM}, {_QUERY}, {_UPDATE}")
    form = _parsed(body)
    if ("query" in form) == ("update" in form):
        raise HTTPException(400, "the form has a query or an update")
    if "update" in form:
        return await _update(request, _one(form, "update"), {**parameters, **form})
    return await _query(request, _one(form, "query"), {**parameters, **form})


async def _query(request: Request, query: str, parameters: _Parameters) -> Response:
    access = access_of(request)
    settings = access.settings
    graphs = Graphs(tuple(parameters.get("default-graph-uri", ())), tuple(parameters.get("named-graph-uri", ())))
    looking = request.method in {"GET", "HEAD"} and prefers_html(request)
    accept = results.ACCEPT if looking else request.headers.get("accept", "")
    async with access.snapshot() as snapshot:
        headers = freshness(request, snapshot, query, repr(graphs), language(request) if looking else "")
        if unchanged(request, headers):
            return Response(status_code=304, headers=headers)
        choose, limits = partial(best, accept), Limits(settings.max_rows, settings.max_bytes)
        asking = access.ask_at(snapshot, protocol.answer, query, graphs, choose, limits, base=_address(request))
        media_type, body = await while_there(request, asking)
    if looking:
        headers["Vary"] = "Accept, Accept-Language, Cookie"
        return await results.page(request, query, media_type, body, headers)
    return Response(body, media_type=with_charset(media_type), headers=headers)


async def _update(request: Request, text: str, parameters: _Parameters) -> Response:
    require_token(request)
    graphs = Graphs(tuple(parameters.get("using-graph-uri", ())), tuple(parameters.get("using-named-graph-uri", ())))
    access = access_of(request)
    await access.write(protocol.update, access.settings.timeout, text, graphs, base=_address(request))
    return Response(status_code=204)


def _description(request: Request) -> Response:
    settings = access_of(request).settings
    media_type = best(request.headers.get("accept", ""), tuple(protocol.TRIPLES))
    return Response(
        describe(_address(request), media_type, updates=settings.write), media_type=with_charset(media_type)
    )


def freshness(request: Request, snapshot: Snapshot, *asked: str) -> dict[str, str]:
    """Headers that say what an answer depends on: the state of the store, what is asked, and in which form."""
    words = "\x1f".join((snapshot.version, request.headers.get("accept", ""), *asked))
    return {
        "ETag": f'"{hashlib.sha256(words.encode()).hexdigest()[:32]}"',
        "Last-Modified": format_datetime(snapshot.time, usegmt=True),
        "Cache-Control": "private, no-cache",
        "Vary": "Accept",
    }


def unchanged(request: Request, headers: dict[str, str]) -> bool:
    """True where whoever asks by GET or HEAD has the same answer already."""
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    return request.method in {"GET", "HEAD"} and headers["ETag"] in known


async def while_there(request: Request, work: Coroutine[Any, Any, _Result]) -> _Result:
    """The result of some work, which is stopped where whoever asked for it has left."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise HTTPException(_CLIENT_LEFT, "nobody waits for the answer")
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


def with_charset(media_type: str) -> str:
    """A media type as a header says it: texts in UTF-8 say so where another encoding would be assumed."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _address(request: Request) -> str:
    return str(request.url.replace(query=""))


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _content_type(request: Request) -> tuple[str, str]:
    media_type, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charsets = [
        value.strip('"') for name, _, value in (part.partition("=") for part in parameters) if name == "charset"
    ]
    return media_type, next(iter(charsets), "")


def _parsed(encoded: bytes) -> _Parameters:
    try:
        return parse_qs(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise HTTPException(400, f"the parameters are not percent-encoded UTF-8: {error}") from error


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise HTTPException(400, f"the text is not UTF-8: {error}") from error


def _one(parameters: _Parameters, name: str) -> str:
    values: Sequence[str] = parameters[name]
    if len(values) != 1:
        raise HTTPException(400, f"there are {len(values)} parameters '{name}', and there is one in a request")
    return values[0]
