"""The pages that people look at; each module has the handlers of some and the questions that these ask the store."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from kgraph.serve.pages import front


def routes() -> list[BaseRoute]:
    """The routes of all pages."""
    return [Route("/", front.page, name="front")]
