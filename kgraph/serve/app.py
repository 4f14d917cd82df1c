"""The application: its routes, who may come in, and what errors look like."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from kgraph.errors import UsageError
from kgraph.serve import faults, flags, graphs, pages, sparql
from kgraph.serve.access import Access
from kgraph.serve.gate import Gate
from kgraph.serve.index.keeper import Keeper
from kgraph.serve.reading import Reading
from kgraph.serve.settings import DEFAULTS, Settings

_ASSETS = Path(__file__).parent / "assets"


def build(store_path: Path, settings: Settings = DEFAULTS) -> Starlette:
    """The application over the store of a folder, which is opened when the application starts.

    Raises UsageError where the settings ask for writing or for privacy without a token.
    """
    if (settings.write or settings.private) and not settings.token:
        raise UsageError("give a token with --token or KGRAPH_TOKEN: whoever sends it may change or read the graph")
    access = Access(store_path, settings)
    keeper, reading = Keeper(access), Reading(access)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with access.open(), keeper.open(), reading.open():
            yield

    app = Starlette(
        routes=_routes(),
        middleware=[
            Middleware(  # outside of the gate, so that other sites' pages can read why they are refused
                CORSMiddleware,
                allow_origins=settings.origins,
                allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE"],
                allow_headers=["Authorization", "Content-Type", "Accept"],
                expose_headers=["Allow", "ETag", "Last-Modified", "Retry-After", "WWW-Authenticate"],
            ),
            Middleware(Gate, settings=settings),
        ],
        exception_handlers=faults.HANDLERS,
        lifespan=lifespan,
    )
    app.state.access, app.state.keeper, app.state.reading = access, keeper, reading
    app.state.settings = settings
    return app


def _routes() -> list[BaseRoute]:
    return [
        *sparql.routes(),
        *graphs.routes(),
        *pages.routes(),
        *flags.routes(),
        Mount("/assets", StaticFiles(directory=_ASSETS), name="assets"),
    ]
