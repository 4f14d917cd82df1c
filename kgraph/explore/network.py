"""The picture as the data of a vis-network, built with pyvis."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx
from pyvis.network import Network

from kgraph.explore.gather import Node, Picture
from kgraph.explore.layout import Box, place

_ACRONYM = re.compile(r"[A-Z][A-Z0-9]{1,4}")
_LABEL_MAX = 26  # characters of a label that the canvas draws
_EDGES_PER_NODE = 2.5  # up to here a small graph is shown whole
_EDGES_FIRST = 1.6  # per actor, in the first picture of a large one
_EDGES_PER_PAIR = 2  # at most, in the first picture of a large graph


def network(picture: Picture, *, limit: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Nodes and edges of the picture as vis-network's data; `shown` marks what the first picture holds.

    Nodes carry places for wide windows (x, y) and for tall ones (u, v).
    """
    shown_nodes, shown_edges = _first_picture(picture, limit)
    radii = _radii(picture.nodes)
    boxes = [
        Box(radius, 7.2 * min(len(node.label), _LABEL_MAX)) for radius, node in zip(radii, picture.nodes, strict=True)
    ]
    links = [(edge.source, edge.target) for edge in picture.edges]
    places = place(boxes, links, first=[links[number] for number in sorted(shown_edges)])
    net = _Builder(directed=True)  # an undirected one drops parallel edges
    for number, node in enumerate(picture.nodes):
        (x, y), (u, v) = places.landscape[number], places.portrait[number]
        net.add_node(
            number,
            label=node.label,
            size=radii[number],
            shown=number in shown_nodes,
            x=x,
            y=y,
            u=u,
            v=v,
            **_described(node),
        )
    for number, edge in enumerate(picture.edges):
        net.add_edge(
            edge.source,
            edge.target,
            id=number,
            arrows="" if edge.symmetric else "to",
            relation=edge.relation,
            claims=list(edge.claims),
            shown=number in shown_edges,
        )
    return net.nodes, net.edges


class _Builder(Network):  # type: ignore[misc]  # pyvis has no types
    """pyvis looks every end of an edge up in a list; in a dictionary large graphs are built in time."""

    def get_nodes(self) -> Mapping[int, Any]:
        nodes: Mapping[int, Any] = self.node_map
        return nodes


def _described(node: Node) -> dict[str, Any]:
    described = {
        "key": node.key,
        "labelEn": node.label_en if node.label_en != node.label else "",
        "type": node.type,
        "country": node.country,
        "qid": node.qid,
        "names": list(node.names),
        "sign": _sign(node),
        "claims": node.claims,
    }
    return {name: value for name, value in described.items() if value}


def _sign(node: Node) -> str:
    """The letters inside a node: a state's country code, an organisation's acronym."""
    if node.type == "State":
        return node.country[:3]
    acronyms = [name for name in (node.label, *node.names) if _ACRONYM.fullmatch(name)]
    return min(acronyms, key=lambda name: (len(name), name)) if node.type == "Organisation" and acronyms else ""


def _radii(nodes: Sequence[Node]) -> list[int]:
    """Areas grow with the number of claims, between limits that grow with the size of the graph."""
    most = max((node.claims for node in nodes), default=1)
    span = min(5 * math.log2(1 + most), 26)
    return [round(13 + span * math.sqrt(node.claims / most)) for node in nodes]


def _first_picture(picture: Picture, limit: int) -> tuple[set[int], set[int]]:
    """All of a small graph; of a large one the most named actors, with a spanning tree of the strongest edges and some more.

    The tree keeps everybody connected, the limit on the others keeps the picture from becoming a ball of wool.
    """
    if len(picture.nodes) <= limit and len(picture.edges) <= _EDGES_PER_NODE * limit:
        return set(range(len(picture.nodes))), set(range(len(picture.edges)))
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
    return {end for number in edges for end in (picture.edges[number].source, picture.edges[number].target)}, edges
