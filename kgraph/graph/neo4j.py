"""Nodes and edges as the tables that Neo4j's importer reads: a header with types, no line breaks within a cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

import networkx as nx

_NODES = {"iri": "iri:ID(Actor)", "label": "label", "country": "country", "claims": "claims:int", "labels": ":LABEL"}
_EDGES = {
    "source": ":START_ID(Actor)",
    "target": ":END_ID(Actor)",
    "relation": ":TYPE",
    "label": "label",
    "quad": "quad",
    "symmetric": "symmetric:boolean",
    **{
        name: f"{name}:int"
        for name in (
            *("claims", "articles", "affirmed", "negated"),
            *("actual", "planned", "alleged", "hypothetical"),
        )
    },
    "disputed": "disputed:boolean",
    "first": "first:date",
    "last": "last:date",
    "confidence": "confidence:double",
}
_BREAKS = str.maketrans(dict.fromkeys("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))


def write_nodes(graph: nx.MultiDiGraph, output: IO[bytes]) -> None:
    """Write the actors; each has the label `Actor` and that of its class."""
    rows = (
        {**data, "iri": node, "labels": ";".join(["Actor", *([data["type"]] if "type" in data else [])])}
        for node, data in graph.nodes(data=True)
    )
    _write(output, _NODES, rows)


def write_edges(graph: nx.MultiDiGraph, output: IO[bytes]) -> None:
    """Write the relations; the type of an edge is the name of its relation."""
    rows = ({**data, "source": source, "target": target} for source, target, data in graph.edges(data=True))
    _write(output, _EDGES, rows)


def _write(output: IO[bytes], columns: dict[str, str], rows: Iterable[dict[str, Any]]) -> None:
    text = io.TextIOWrapper(output, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns.values())
        writer.writerows(_cells(list(columns), row) for row in rows)
    finally:
        text.detach()


def _cells(columns: Sequence[str], row: dict[str, Any]) -> Iterator[str]:
    for column in columns:
        value = row.get(column, "")
        yield str(value).lower() if isinstance(value, bool) else str(value).translate(_BREAKS)
