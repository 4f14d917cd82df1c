"""The front page: how much there is, and the ways in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kgraph.graph import Counts, Store
from kgraph.serve.access import access_of
from kgraph.serve.rendering import render


async def page(request: Request) -> Response:
    """Answer with the front page."""
    return render(request, "front.html", counts=await access_of(request).read(counts))


def counts(store: Store) -> Counts:
    """How much the store holds."""
    return store.counts()
