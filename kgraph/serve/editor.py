"""The editor for SPARQL, as a page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kgraph.serve.rendering import render


async def page(request: Request) -> Response:
    """Answer with the editor."""
    return render(request, "sparql.html")
