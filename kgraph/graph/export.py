"""The store in the formats of others: RDF, GraphML, GEXF, CSV, tables for Neo4j. The same content always gives the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Quad

from kgraph.errors import UsageError
from kgraph.graph import gephi, neo4j
from kgraph.graph.answers import all_graphs
from kgraph.graph.confident import confident
from kgraph.graph.disk import room_for
from kgraph.graph.engine import Engine
from kgraph.graph.formats import FORMATS, RDF_FORMATS, write_rdf
from kgraph.graph.stored import StoredClaim
from kgraph.graph.vocab import ACTORS_GRAPH, COPIES_GRAPH, ONTOLOGY_GRAPH, PUBLISHED, kg

if TYPE_CHECKING:
    import networkx as nx

    from kgraph.graph.store import Store

_CLAIM_COLUMNS = [
    "date",
    "date_end",
    "date_origin",
    "subject",
    "subject_id",
    "subject_country",
    "subject_for",
    "relation",
    "object",
    "object_id",
    "object_country",
    "object_for",
    "polarity",
    "modality",
    "attributed_to",
    "attributed_to_id",
    "confidence",
    "rule",
    "sentence",
    "trigger",
    "subject_words",
    "object_words",
    "sentence_start",
    "sentence_end",
    "doc",
    "title",
    "publisher",
    "published",
    "url",
    "id",
]
_NODE_COLUMNS = ["id", "label", "type", "country", "claims"]
_EDGE_COLUMNS = [
    "source",
    "target",
    "relation",
    "label",
    "quad",
    "symmetric",
    "claims",
    "articles",
    "affirmed",
    "negated",
    "actual",
    "planned",
    "alleged",
    "hypothetical",
    "disputed",
    "first",
    "last",
    "confidence",
]
_NETWORKS = {
    "graphml": gephi.write_graphml,
    "gexf": gephi.write_gexf,
    "neo4j-nodes": neo4j.write_nodes,
    "neo4j-edges": neo4j.write_edges,
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(
    store: Store,
    engine: Engine,
    output: IO[bytes],
    format: str,  # noqa: A002
    *,
    everything: bool,
    min_confidence: float,
    as_of: date | None = None,
) -> None:
    """Write the store in a format; see `Store.export`.

    Raises UsageError for an unknown one, StoreError where the disk that the output is on is full.
    """
    if format not in FORMATS:
        raise UsageError(f"'{format}' is no export format; choose one of {', '.join(FORMATS)}")
    with room_for(output):
        if format in RDF_FORMATS:
            write_rdf(_quads(engine, everything=everything, min_confidence=min_confidence, as_of=as_of), output, format)
        elif format == "csv":
            claims = store.claims(min_confidence=min_confidence, as_of=as_of)
            _table(output, _CLAIM_COLUMNS, (_claim_row(claim) for claim in claims))
        else:
            graph = store.to_networkx(facts=not everything, min_confidence=min_confidence, as_of=as_of)
            _write_network(graph, output, format)


def _write_network(graph: nx.MultiDiGraph, output: IO[bytes], format: str) -> None:  # noqa: A002
    if format in _NETWORKS:
        _NETWORKS[format](graph, output)
    elif format == "csv-nodes":
        _table(output, _NODE_COLUMNS, ({"id": node, **data} for node, data in graph.nodes(data=True)))
    else:
        rows = ({"source": source, "target": target, **data} for source, target, data in graph.edges(data=True))
        _table(output, _EDGE_COLUMNS, rows)


def _quads(engine: Engine, *, everything: bool, min_confidence: float, as_of: date | None) -> Iterator[Quad]:
    """Quads in the order of graphs and lines; of the actor lists only what is said of actors that occur.

    Of the links between copies those are left whose two ends are.
    """
    used: set[str] = set()
    links = sorted(engine.graph(COPIES_GRAPH), key=str)
    ends: set[object] = {end for link in links for end in (link.subject, link.object)}
    kept: set[object] = set()
    background = (ACTORS_GRAPH, ONTOLOGY_GRAPH)
    for graph in all_graphs(engine):
        if graph in background or graph == COPIES_GRAPH:
            continue
        quads = sorted(confident(engine.graph(graph), min_confidence), key=str)
        if as_of is not None and not _published_by(quads, as_of):
            continue
        used.update(quad.object.value for quad in quads if isinstance(quad.object, NamedNode))
        kept |= ends & {quad.subject for quad in quads}
        yield from quads
    yield from (link for link in links if link.subject in kept and link.object in kept)
    if everything:
        for graph in background:
            yield from sorted(engine.graph(graph), key=str)
    else:
        yield from _used_actors(engine, used)


def _published_by(quads: Iterable[Quad], day: date) -> bool:
    days = [quad.object.value for quad in quads if quad.predicate == PUBLISHED and isinstance(quad.object, Literal)]
    return bool(days) and min(days) <= day.isoformat()


def _used_actors(engine: Engine, used: set[str]) -> Iterator[Quad]:
    listed = sorted(engine.graph(ACTORS_GRAPH), key=str)
    offices = {
        quad.subject
        for quad in listed
        if quad.predicate == kg("officeHolder") and isinstance(quad.object, NamedNode) and quad.object.value in used
    }
    for quad in listed:
        if quad.subject in offices or (isinstance(quad.subject, NamedNode) and quad.subject.value in used):
            yield quad


def _claim_row(claim: StoredClaim) -> dict[str, Any]:
    values = claim.as_dict()
    said = values["attributed_to"] or {}
    row = {column: values.get(column) for column in _CLAIM_COLUMNS}
    for name in ("subject", "object"):
        end = values[name]
        row |= {
            name: end["label"],
            f"{name}_id": end["id"],
            f"{name}_country": end["country"],
            f"{name}_for": end["on_behalf_of"],
            f"{name}_words": end["mention"]["text"],
        }
    return row | {
        "attributed_to": said.get("mention", {}).get("text"),
        "attributed_to_id": said.get("id"),
        "sentence": claim.sentence.text,
        "sentence_start": claim.sentence.start,
        "sentence_end": claim.sentence.end,
        "trigger": claim.trigger.text,
    }


def _table(output: IO[bytes], columns: list[str], rows: Iterable[dict[str, Any]]) -> None:
    text = io.TextIOWrapper(output, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({column: _csv(value) for column, value in row.items()})
    finally:
        text.detach()


def _csv(value: Any) -> Any:
    """A cell; what a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
