"""The graph in GraphML and GEXF 1.3, as Gephi opens them: labels, colours by class, weights, days."""

from __future__ import annotations

import io
import math
import re
from typing import IO, Any

import networkx as nx

from kgraph.model import ActorType, Quad

_QUADS = {
    Quad.STATE: "6b7480",
    Quad.VERBAL_COOPERATION: "1f7fc0",
    Quad.MATERIAL_COOPERATION: "0b4f9e",
    Quad.VERBAL_CONFLICT: "a06c00",
    Quad.MATERIAL_CONFLICT: "a92a00",
}
_TYPES = {
    ActorType.STATE: "3b5b7a",
    ActorType.ORGANISATION: "2a7f62",
    ActorType.ARMED_GROUP: "8a3324",
    ActorType.POLITICAL_PARTY: "7a5195",
    ActorType.PERSON: "b5762a",
    ActorType.PEOPLE: "5f8f3f",
    ActorType.CONFLICT: "444444",
}
_UNKNOWN = "999999"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = (  # what the library writes of itself, of today, and against the schema
    (rb' lastmodifieddate="[^"]*"', b""),
    (rb"<creator>[^<]*</creator>", b"<creator>kgraph</creator>"),
    (rb' name=""', b""),
    (rb"http://w3\.org/2001/XMLSchema-instance", b"http://www.w3.org/2001/XMLSchema-instance"),
)


def write_graphml(graph: nx.MultiDiGraph, output: IO[bytes]) -> None:
    """Write GraphML; colours are the attributes `r`, `g` and `b` that Gephi knows, beside `label`, `weight` and `size`."""
    plain = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        plain.add_node(_xml(node), **_flat(data), **_channels(_of_type(data)), size=_size(data))
    for number, (subject, object_, data) in enumerate(graph.edges(data=True)):
        values = {"id": f"e{number}", **_flat(data), **_channels(_of_quad(data)), "weight": float(data["claims"])}
        plain.add_edge(_xml(subject), _xml(object_), key=number, **values)
    nx.write_graphml(plain, output, encoding="utf-8", edge_id_from_attribute="id")


def write_gexf(graph: nx.MultiDiGraph, output: IO[bytes]) -> None:
    """Write GEXF 1.3; an edge lives from its first to its last day.

    All edges are directed, since few programs read mixed graphs; `symmetric` says which ones have no direction.
    """
    plain = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        seen = {"color": _channels(_of_type(data)), "size": _size(data)}
        plain.add_node(_xml(node), **_flat(data), viz=seen)
    for number, (subject, object_, data) in enumerate(graph.edges(data=True)):
        values = _flat(data)
        values |= {to: values.pop(of) for of, to in (("first", "start"), ("last", "end")) if of in values}
        values["weight"] = float(data["claims"])
        seen = {"color": _channels(_of_quad(data))}
        plain.add_edge(_xml(subject), _xml(object_), key=number, **values, viz=seen)
    xml = io.BytesIO()
    nx.write_gexf(plain, xml, encoding="utf-8", version="1.3")
    head, graph_tag, rest = xml.getvalue().partition(b"<nodes")
    for pattern, instead in _HEAD:
        head = re.sub(pattern, instead, head, count=1)
    output.write(head + graph_tag + rest)


def _of_quad(data: dict[str, Any]) -> str:
    return _QUADS.get(data["quad"], _UNKNOWN)


def _of_type(data: dict[str, Any]) -> str:
    return _TYPES.get(data.get("type", ""), _UNKNOWN)


def _channels(colour: str) -> dict[str, int]:
    return {name: int(colour[place : place + 2], 16) for name, place in (("r", 0), ("g", 2), ("b", 4))}


def _size(data: dict[str, Any]) -> float:
    return round(10 * math.sqrt(data["claims"]), 2)


def _flat(data: dict[str, Any]) -> dict[str, Any]:
    """What XML can hold: no lists, no characters that it has not."""
    return {
        key: _xml(value) if isinstance(value, str) else value
        for key, value in data.items()
        if isinstance(value, str | int | float | bool)
    }


def _xml(value: str) -> str:
    return _NOT_XML.sub("\ufffd", value)
