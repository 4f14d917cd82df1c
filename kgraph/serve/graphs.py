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
        return Response(status_code=204, headers={"Allow": "DELETE, GET, HEAD, OPTIONS"})
    names = request.query_params.getlist("graph")
    default = "default" in request.query_params
    if len(names) + default > 1:
        raise HTTPException(400, "name one graph by ?graph=IRI, or the union of all by ?default")
    if request.method in {"PUT", "POST"}:
        require_token(request)
        raise HTTPException(
            501,
            "graphs are not written as they come, for nobody would vouch for them; 'kgraph import' checks and adds them",
        )
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


async def _delete(request: Request, names: list[str]) -> Response:
    require_token(request)
    if not names:
        raise HTTPException(
            405, "only the graph of an article can be removed; name it by ?graph=IRI", {"Allow": "GET, HEAD"}
        )
    access = access_of(request)
    if not await access.write(protocol.remove_graph, access.settings.timeout, names[0]):
        raise HTTPException(404, f"there is no graph {names[0]}")
    return Response(status_code=204)
