"""The picture as the data of a vis-network, built with pyvis."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from typing import Any

import networkx as nx
from pyvis.network import Network

from kgraph.explore.gather import Edge, Node, Picture, sign_of
from kgraph.explore.layout import LANDSCAPE, PORTRAIT, SMALL, Box, place

_LABEL_MAX = 26  # characters of a label that the canvas draws
_SMALL = 22  # actors in the first picture on a phone
_LABEL_SMALL = 84.0  # pixels that a label is given there
_EDGES_PER_NODE = 2.5  # up to here a small graph is shown whole
_EDGES_FIRST = 1.6  # per actor, in the first picture of a large one
_EDGES_PER_PAIR = 2  # at most, in the first picture of a large graph


def network(picture: Picture, *, limit: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Nodes and edges of the picture as vis-network's data.

    `shown` marks what the first picture holds, `small` what it holds on a phone. Nodes of it carry places for wide
    windows (x, y), for tall ones (u, v) and for small ones (s, t).
    """
    shown, small = (_first_picture(picture, most) for most in (limit, min(limit, _SMALL)))
    radii = _radii(picture.nodes)
    boxes = [
        Box(radius, 7.2 * min(len(node.label), _LABEL_MAX)) for radius, node in zip(radii, picture.nodes, strict=True)
    ]
    wide, tall = place(boxes, _links(picture, shown), aspects=(LANDSCAPE, PORTRAIT))
    narrow = [Box(box.radius, min(box.label, _LABEL_SMALL)) for box in boxes]
    (phone,) = place(narrow, _links(picture, small), aspects=(SMALL,))
    net = _Builder(directed=True)  # an undirected one drops parallel edges
    for number, node in enumerate(picture.nodes):
        places = _places(number, {"xy": wide, "uv": tall, "st": phone})
        net.add_node(
            number, label=node.label, size=radii[number], **places, **_marks(number, wide, phone), **described(node)
        )
    for number, edge in enumerate(picture.edges):
        net.add_edge(edge.source, edge.target, id=number, **line(edge), **_marks(number, shown, small))
    return net.nodes, net.edges


def line(edge: Edge) -> dict[str, Any]:
    """What the page knows of an edge beside its ends."""
    return {"arrows": "" if edge.symmetric else "to", "relation": edge.relation, "claims": list(edge.claims)}


def _links(picture: Picture, edges: set[int]) -> list[tuple[int, int]]:
    return [_ends(picture.edges[number]) for number in sorted(edges)]


def _ends(edge: Edge) -> tuple[int, int]:
    return edge.source, edge.target


def _places(number: int, views: Mapping[str, Mapping[int, tuple[int, int]]]) -> dict[str, int]:
    return {
        axis: value
        for axes, places in views.items()
        if number in places
        for axis, value in zip(axes, places[number], strict=True)
    }


def _marks(number: int, shown: Container[int], small: Container[int]) -> dict[str, bool]:
    return {name: True for name, inside in (("shown", shown), ("small", small)) if number in inside}


class _Builder(Network):  # type: ignore[misc]  # pyvis has no types
    """pyvis looks every end of an edge up in a list; in a dictionary large graphs are built in time."""

    def get_nodes(self) -> Mapping[int, Any]:
        nodes: Mapping[int, Any] = self.node_map
        return nodes


def described(node: Node) -> dict[str, Any]:
    """What the page knows of an actor beside its place; what is empty is left out."""
    described = {
        "key": node.key,
        "labelEn": node.label_en if node.label_en != node.label else "",
        "type": node.type,
        "country": node.country,
        "qid": node.qid,
        "names": list(node.names),
        "sign": sign_of(node.type, node.country, (node.label, *node.names)),
        "claims": node.claims,
    }
    return {name: value for name, value in described.items() if value}


def _radii(nodes: Sequence[Node]) -> list[int]:
    """Areas grow with the number of claims, between limits that grow with the size of the graph."""
    most = max((node.claims for node in nodes), default=1)
    span = min(5 * math.log2(1 + most), 26)
    return [round(13 + span * math.sqrt(node.claims / most)) for node in nodes]


def _first_picture(picture: Picture, limit: int) -> set[int]:
    """The edges of it: all of a small graph; of a large one between the most named actors, with a spanning tree of the strongest edges and some more.

    The tree keeps everybody connected, the limit on the others keeps the picture from becoming a ball of wool.
    """
    if len(picture.nodes) <= limit and len(picture.edges) <= _EDGES_PER_NODE * limit:
        return set(range(len(picture.edges)))
    inside = [number for number, edge in enumerate(picture.edges) if max(edge.source, edge.target) < limit]
    pairs: dict[frozenset[int], list[int]] = defaultdict(list)
    for number in inside:
        pairs[frozenset((picture.edges[number].source, picture.edges[number].target))].append(number)
    graph = nx.Graph()
    graph.add_weighted_edges_from(
        (*sorted(pair), len(pairs) - rank) for rank, pair in enumerate(pairs) if len(pair) == 2
    )
    tree = nx.maximum_spanning_edges(graph, data=False)
    edges = {pairs[frozenset(pair)][0] for pair in tree}
    allowed = {number for numbers in pairs.values() for number in numbers[:_EDGES_PER_PAIR]}
    for number in inside:
        if len(edges) >= _EDGES_FIRST * limit:
            break
        if number in allowed:
            edges.add(number)
    return edges
