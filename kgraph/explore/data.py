"""The data of the page as JSON knows it: all of it at once, or the part that a server sends."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any, TypeAlias

import networkx as nx

from kgraph.explore.flags import put_flags
from kgraph.explore.gather import Picture, gather
from kgraph.explore.network import described, line, network
from kgraph.explore.rows import graph_of_rows
from kgraph.model import Relation, checked_confidence

Claims: TypeAlias = nx.MultiDiGraph | Iterable[Mapping[str, Any]]


def page_data(
    claims: Claims, *, min_claims: int, min_confidence: float, limit: int, facts: Mapping[str, str]
) -> dict[str, Any]:
    """What a page embeds; `facts` are its language, title and such, see `kgraph.explore.render_page` for the rest."""
    picture = gather(_graph(claims), min_claims=min_claims, min_confidence=checked_confidence(min_confidence))
    nodes, edges = network(picture, limit=max(limit, 2))
    return {
        **{name: value for name, value in facts.items() if value or name == "title"},
        "minConfidence": math.floor(round(min_confidence * 100, 6)) / 100,  # where the page's own filter begins
        "words": words(),
        "relations": [[relation.value, relation.quad.value] for relation in Relation],
        "nodes": nodes,
        "edges": edges,
        **_evidence(picture, keys=bool(facts.get("api"))),
    }


def fragment(claims: Claims) -> dict[str, Any]:
    """What a server answers the page with: actors, gathered edges and evidence, numbered from 0, without places.

    `claims` are rows in the interchange format, or a graph with one edge per claim. A server may add to the result before
    it sends it: to a node `claims`, the number of all its claims, and `page`, where the server shows it; to an edge
    `count`, the number of all its claims where not all of them are sent; and nodes without an edge, with their flags by
    `kgraph.explore.put_flags`.
    """
    picture = gather(_graph(claims))
    nodes = [{"label": node.label, **described(node)} for node in picture.nodes]
    edges = [{"from": edge.source, "to": edge.target, **line(edge)} for edge in picture.edges]
    found = {"nodes": nodes, "edges": edges, **_evidence(picture, keys=True)}
    put_flags(found)
    return found


def words() -> dict[str, Any]:
    """What the page says, in both languages."""
    found: dict[str, Any] = json.loads(asset("words.json"))
    return found


def asset(name: str) -> str:
    """The text of a file that the page is made of."""
    return files("kgraph.explore").joinpath("assets", name).read_text(encoding="utf-8")


def _graph(claims: Claims) -> nx.MultiDiGraph:
    return claims if isinstance(claims, nx.Graph) else graph_of_rows(claims)


def _evidence(picture: Picture, *, keys: bool) -> dict[str, Any]:
    """Claims, sentences and articles; articles with their `keys` only where others may come that are the same."""
    articles: list[dict[str, str]] = list(picture.articles)
    if keys:
        articles = [{"key": key, **article} for key, article in zip(picture.article_keys, articles, strict=True)]
    return {"claims": picture.claims, "sentences": picture.sentences, "articles": articles}
