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
from collections.abc import Callable, Collection, Iterable
from typing import Any

import networkx as nx

from kgraph.graph.answers import Edge, Selection
from kgraph.graph.stored import StoredActor
from kgraph.graph.vocab import PREFIXES
from kgraph.model import Modality, Polarity, Quad, Relation


def counted(selection: Selection) -> Selection:
    """What networks count unless told otherwise: what is affirmed and actual, and what copies say again not once more."""
    return {"facts": True, "copies": False, **selection}


def build(
    edges: Iterable[Edge],
    actor: Callable[[str], StoredActor],
    label: Callable[[str], str],
    *,
    min_claims: int = 1,
) -> nx.MultiDiGraph:
    """The graph of claims; nodes and edges are in the order of their IRIs and relations, so that it is always the same."""
    gathered: dict[tuple[str, str, str], list[Edge]] = {}
    for edge in edges:
        ends = sorted((edge.subject, edge.object)) if edge.relation.symmetric else (edge.subject, edge.object)
        gathered.setdefault((ends[0], ends[1], edge.relation.value), []).append(edge)
    kept = {key: same for key, same in sorted(gathered.items()) if len(same) >= min_claims}
    counts: Counter[str] = Counter()
    for (subject, object_, _), same in kept.items():
        counts.update({end: len(same) for end in {subject, object_}})
    graph = nx.MultiDiGraph()
    for iri in sorted(counts):
        graph.add_node(iri, **described(actor(iri)), claims=counts[iri])
    for (subject, object_, name), same in kept.items():
        graph.add_edge(subject, object_, key=name, **_edge(same, label(PREFIXES["kg"] + name)))
    return graph


def ego(graph: nx.MultiDiGraph, node: str, *, radius: int = 1) -> nx.MultiDiGraph:
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
) -> nx.MultiDiGraph:
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
    return nx.MultiDiGraph(graph.edge_subgraph(wanted))


def top(graph: nx.MultiDiGraph, count: int) -> nx.MultiDiGraph:
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


def _part(graph: nx.MultiDiGraph, nodes: Iterable[str]) -> nx.MultiDiGraph:
    return nx.MultiDiGraph(graph.subgraph(nodes))


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
