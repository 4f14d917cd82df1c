"""The SPARQL 1.1 Graph Store Protocol at /graphs: ?graph=IRI is a graph, ?default the union of all, neither is all graphs."""

from __future__ import annotations

from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kgraph.graph import protocol
from kgraph.graph.protocol import Limits
from kgraph.serve.access import Access, access_of
from kgraph.serve.gate import require_token
from kgraph.serve.negotiate import best
from kgraph.serve.snapshots import Snapshot
from kgraph.serve.sparql import freshness, unchanged, while_there, with_charset

_METHODS = ["GET", "DELETE", "OPTIONS", "POST", "PUT"]


def routes() -> list[BaseRoute]:
    """The graph store's route."""
    return [Route("/graphs", endpoint, methods=_METHODS, name="graphs")]


async def endpoint(request: Request) -> Response:
    """Answer a request of the protocol."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": "DELETE, GET, HEAD, OPTIONS, POST, PUT"})
    names = request.query_params.getlist("graph")
    default = "default" in request.query_params
    if len(names) + default > 1:
        raise HTTPException(400, "name one graph by ?graph=IRI, or the union of all by ?default")
    if request.method in {"PUT", "POST"}:
        return await _put(request, names, default=default)
    if request.method == "DELETE":
        return await _delete(request, names)
    return await _get(request, names, default=default)


async def _get(request: Request, names: list[str], *, default: bool) -> Response:
    access = access_of(request)
    async with access.snapshot() as snapshot:
        headers = freshness(request, snapshot, repr((names, default)))
        if unchanged(request, headers):
            return Response(status_code=304, headers=headers)
        found = await while_there(request, _read(access, snapshot, request, names, default=default))
    if found is None:
        raise HTTPException(404, f"there is no graph {names[0]}")
    media_type, body = found
    return Response(body, media_type=with_charset(media_type), headers=headers)


async def _read(
    access: Access, snapshot: Snapshot, request: Request, names: list[str], *, default: bool
) -> tuple[str, bytes] | None:
    choose = partial(best, request.headers.get("accept", ""))
    limits = Limits(access.settings.max_rows, access.settings.max_bytes)
    if names or default:
        return await access.ask_at(snapshot, protocol.graph, next(iter(names), None), choose, limits)
    return await access.ask_at(snapshot, protocol.dataset, choose, limits)


async def _put(request: Request, names: list[str], *, default: bool) -> Response:
    """PUT replaces the graph of an article, POST without a name takes all articles of a dataset; both are checked."""
    require_token(request)
    if default or (request.method == "PUT") != bool(names):
        words = "PUT takes the graph of an article, named by ?graph=IRI; POST takes many, in TriG, N-Quads or JSON-LD"
        raise HTTPException(405, words, {"Allow": _allowed(names, default=default)})
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    known = protocol.TRIPLES if names else protocol.QUADS
    if media_type not in known:
        raise HTTPException(415, f"the content type is one of {', '.join(known)}")
    access, body = access_of(request), await request.body()
    name = next(iter(names), None)
    created = await access.write(protocol.put_graph, access.settings.timeout, name, body, media_type)
    return Response(status_code=201 if created else 204)


def _allowed(names: list[str], *, default: bool) -> str:
    """What may be done with a graph, with the union of all, with all graphs."""
    further = ["DELETE", "PUT"] if names else [] if default else ["POST"]
    return ", ".join(sorted(["GET", "HEAD", "OPTIONS", *further]))


async def _delete(request: Request, names: list[str]) -> Response:
    require_token(request)
    if not names:
        words = "only the graph of an article can be removed; name it by ?graph=IRI"
        raise HTTPException(405, words, {"Allow": _allowed(names, default="default" in request.query_params)})
    access = access_of(request)
    if not await access.write(protocol.remove_graph, access.settings.timeout, names[0]):
        raise HTTPException(404, f"there is no graph {names[0]}")
    return Response(status_code=204)
