"""Claims as a graph of networkx, and views of such a graph; every function gives a new graph and changes none.

Nodes are the IRIs of actors, with `label`, `type`, `country` (where known) and `claims`. There is one edge per subject,
relation and object, its key the relation's name, with

    relation label quad symmetric       what it says; `label` is for people
    claims articles                     how many claims, from how many articles
    affirmed negated actual planned alleged hypothetical      how many claims of each kind
    disputed                            True where some affirm and others deny
    first last                          the days of the claims in ISO form (absent where there are none)
    confidence                          the highest of the claims
    ids                                 the claims' IRIs

All values are fit for JSON. A symmetric relation is one edge whose ends are in the order of their IRIs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import networkx as nx

from kgraph.display.picture import Line, Point, network
from kgraph.graph.answers import Edge, Selection
from kgraph.graph.stored import StoredActor
from kgraph.graph.vocab import PREFIXES
from kgraph.model import Modality, Polarity, Quad, Relation

_SIGNS = {1: "cooperation", -1: "conflict", 0: "as much of both"}
_SHOWN = 30  # nodes of a picture in a notebook


class _Pictured:
    """A network that a notebook shows as a picture of its strongest nodes."""

    def _repr_html_(self) -> str:
        return _picture(self)


class ActorGraph(_Pictured, nx.MultiDiGraph):  # type: ignore[misc]  # networkx has no types
    """A MultiDiGraph that shows itself in a notebook."""


class PairGraph(_Pictured, nx.Graph):  # type: ignore[misc]  # networkx has no types
    """A Graph that shows itself in a notebook."""


def counted(selection: Selection) -> Selection:
    """What networks count unless told otherwise: what is affirmed and actual, and what copies say again not once more."""
    return {"facts": True, "copies": False, **selection}


def build(
    edges: Iterable[Edge],
    actor: Callable[[str], StoredActor],
    label: Callable[[str], str],
    *,
    min_claims: int = 1,
) -> ActorGraph:
    """The graph of claims; nodes and edges are in the order of their IRIs and relations, so that it is always the same."""
    gathered: dict[tuple[str, str, str], list[Edge]] = {}
    for edge in edges:
        ends = sorted((edge.subject, edge.object)) if edge.relation.symmetric else (edge.subject, edge.object)
        gathered.setdefault((ends[0], ends[1], edge.relation.value), []).append(edge)
    kept = {key: same for key, same in sorted(gathered.items()) if len(same) >= min_claims}
    counts: Counter[str] = Counter()
    for (subject, object_, _), same in kept.items():
        counts.update({end: len(same) for end in {subject, object_}})
    graph = ActorGraph()
    for iri in sorted(counts):
        graph.add_node(iri, **described(actor(iri)), claims=counts[iri])
    for (subject, object_, name), same in kept.items():
        graph.add_edge(subject, object_, key=name, **_edge(same, label(PREFIXES["kg"] + name)))
    return graph


def ego(graph: nx.MultiDiGraph, node: str, *, radius: int = 1) -> ActorGraph:
    """What lies within `radius` edges of a node, in either direction."""
    within = nx.single_source_shortest_path_length(graph.to_undirected(as_view=True), node, cutoff=radius)
    return _part(graph, within)


def only(
    graph: nx.MultiDiGraph,
    *,
    relations: Collection[Relation | str] = (),
    quads: Collection[Quad | str] = (),
    since: str | None = None,
    until: str | None = None,
    min_confidence: float = 0.0,
) -> ActorGraph:
    """The edges that are wanted and the nodes they join; what is empty does not matter.

    `since` and `until` are days in ISO form; an edge fits when its first and last day touch that time.
    """
    names, kinds = {str(relation) for relation in relations}, {str(quad) for quad in quads}

    def fits(edge: dict[str, Any]) -> bool:
        return (
            (not names or edge["relation"] in names)
            and (not kinds or edge["quad"] in kinds)
            and (since is None or edge.get("last", "") >= since)
            and (until is None or "" < edge.get("first", "") <= until)
            and edge["confidence"] >= min_confidence
        )

    wanted = [(u, v, key) for u, v, key, edge in graph.edges(keys=True, data=True) if fits(edge)]
    return ActorGraph(graph.edge_subgraph(wanted))


def top(graph: nx.MultiDiGraph, count: int) -> ActorGraph:
    """The `count` nodes of most claims and the edges between them."""
    order = sorted(graph.nodes(data="claims", default=0), key=lambda node: (-node[1], node[0]))
    return _part(graph, [node for node, _ in order[:count]])


def collapse(graph: nx.MultiDiGraph) -> nx.DiGraph:
    """One edge per ordered pair: `claims`, `relations` (name to claims) and `quads` (quad class to claims).

    A symmetric relation counts in both directions.
    """
    flat = nx.DiGraph()
    flat.add_nodes_from((node, dict(data)) for node, data in graph.nodes(data=True))
    for subject, object_, edge in graph.edges(data=True):
        pairs = {(subject, object_), (object_, subject)} if edge["symmetric"] else {(subject, object_)}
        for pair in sorted(pairs):
            if not flat.has_edge(*pair):
                flat.add_edge(*pair, claims=0, relations={}, quads={})
            joint = flat.edges[pair]
            joint["claims"] += edge["claims"]
            for counter, name in ((joint["relations"], edge["relation"]), (joint["quads"], edge["quad"])):
                counter[name] = counter.get(name, 0) + edge["claims"]
    return flat


def undirected(graph: nx.MultiDiGraph) -> nx.Graph:
    """One edge per pair, `weight` its claims: for communities, centrality and layout."""
    simple = nx.Graph()
    simple.add_nodes_from((node, dict(data)) for node, data in graph.nodes(data=True))
    for subject, object_, claims in graph.edges(data="claims", default=1):
        before = simple.edges[subject, object_]["weight"] if simple.has_edge(subject, object_) else 0
        simple.add_edge(subject, object_, weight=before + claims)
    return simple


def _part(graph: nx.MultiDiGraph, nodes: Iterable[str]) -> ActorGraph:
    return ActorGraph(graph.subgraph(nodes))


def _picture(graph: nx.Graph) -> str:
    """The strongest nodes and what is between them, at places that are always the same."""
    weights = dict.fromkeys(graph, 0)
    for one, other, data in graph.edges(data=True):
        for end in {one, other}:
            weights[end] += data.get("claims") or data.get("weight") or 1
    order = sorted(graph, key=lambda node: (-weights[node], str(node)))[:_SHOWN]
    part = nx.Graph()
    part.add_nodes_from(order)
    part.add_edges_from((one, other) for one, other in graph.subgraph(order).edges() if one != other)
    places = nx.spring_layout(part, seed=7, k=1.6 / max(len(order), 1) ** 0.5, iterations=120, method="force")
    most = max((weights[node] for node in order), default=1) or 1
    points = [
        Point(
            x=float(places[node][0]),
            y=float(places[node][1]),
            label=str(graph.nodes[node].get("label") or node),
            size=(weights[node] / most) ** 0.5,
            box=graph.nodes[node].get("bipartite") == 0,
        )
        for node in order
    ]
    shown = f"{len(order)} of {len(graph)} nodes" if len(order) < len(graph) else f"{len(graph)} nodes"
    caption = f"{shown}, {graph.number_of_edges()} edges"
    return network(points, list(_lines(graph, order)), caption=caption)


def _lines(graph: nx.Graph, order: list[Any]) -> Iterator[Line]:
    """The edges between these nodes: one for each pair and kind, however many relations are of that kind."""
    place = {node: number for number, node in enumerate(order)}
    gathered: dict[tuple[int, int, str], list[tuple[str, int]]] = {}
    for one, other, data in graph.subgraph(order).edges(data=True):
        if one != other:
            kind = data.get("quad") or _SIGNS.get(data.get("sign"), "")
            claims = data.get("claims") or data.get("weight") or 1
            words = (data.get("label") or data.get("relation") or kind or "claims", claims)
            gathered.setdefault((place[one], place[other], kind), []).append(words)
    most = max((sum(claims for _, claims in same) for same in gathered.values()), default=1)
    between: Counter[frozenset[int]] = Counter()
    for (source, target, kind), same in sorted(gathered.items()):
        pair = frozenset((source, target))
        said = ", ".join(f"{name} {claims}" for name, claims in same)
        width = sum(claims for _, claims in same) / most
        yield Line(source, target, kind, width, said, between[pair], arrow=graph.is_directed())
        between[pair] += 1


def described(actor: StoredActor) -> dict[str, Any]:
    """What a node says of an actor: its `label`, and `type` and `country` where they are known."""
    node: dict[str, Any] = {"label": actor.label}
    if actor.type:
        node["type"] = actor.type.value
    if actor.country:
        node["country"] = actor.country
    return node


def _edge(same: list[Edge], label: str) -> dict[str, Any]:
    relation = same[0].relation
    polarities = Counter(edge.polarity for edge in same)
    modalities = Counter(edge.modality for edge in same)
    edge: dict[str, Any] = {
        "relation": relation.value,
        "label": label,
        "quad": relation.quad.value,
        "symmetric": relation.symmetric,
        "claims": len(same),
        "articles": len({edge.article for edge in same}),
        **{polarity.value: polarities[polarity] for polarity in Polarity},
        **{modality.value: modalities[modality] for modality in Modality},
        "disputed": len(polarities) > 1,
        "confidence": max(edge.confidence for edge in same),
        "ids": sorted(edge.claim for edge in same),
    }
    if days := [day for edge in same for day in (edge.first, edge.last) if day]:
        edge |= {"first": min(days), "last": max(days)}
    return edge
