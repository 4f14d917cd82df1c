"""The pages that people look at; each module has the handlers of some and the questions that these ask the store."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from kgraph.serve.pages import adding, explorer, found, front, lists, pairs, things


def routes() -> list[BaseRoute]:
    """The routes of all pages."""
    return [
        Route("/", front.page, name="front"),
        Route("/index{form:form}", front.page),
        Route("/actors{form:form}", lists.actors),
        Route("/articles{form:form}", lists.articles),
        Route("/relations{form:form}", lists.relations),
        Route("/conflicts{form:form}", lists.conflicts),
        Route("/timeline{form:form}", lists.timeline),
        Route("/search{form:form}", found.page),
        Route("/relation/{name:str}", pairs.relation),
        Route("/pair", pairs.choose),
        Route("/pair/{one:path}/-/{other:path}", pairs.pair),
        Route("/id/{name:path}", things.page),
        Route("/explore", explorer.page),
        Route("/api/graph", explorer.graph),
        Route("/add", adding.form, methods=["GET"]),
        Route("/add", adding.add, methods=["POST"]),
    ]
