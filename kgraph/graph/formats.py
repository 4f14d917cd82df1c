"""The formats that a store can be exported in, and the writing of those that are RDF."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import IO

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from kgraph.graph.vocab import PREFIXES
from kgraph.model import DATA

RDF_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "json-ld": RdfFormat.JSON_LD,
}
FORMATS = (*RDF_FORMATS, "graphml", "gexf", "csv", "csv-nodes", "csv-edges", "neo4j-nodes", "neo4j-edges")

_OF_ONE_ARTICLE = tuple(f"{DATA}{kind}/" for kind in ("article", "claim", "evidence", "office"))


def write_rdf(quads: Iterable[Quad], output: IO[bytes], format: str) -> None:  # noqa: A002 - the field's word
    """Write quads one after another; Turtle has no graphs, so that there what several articles say stands once."""
    if format == "turtle":
        pyoxigraph.serialize(_triples(quads), output, RDF_FORMATS[format], prefixes=PREFIXES)
    else:
        pyoxigraph.serialize(quads, output, RDF_FORMATS[format], prefixes=PREFIXES)


def rdf_bytes(quads: Iterable[Quad], format: str) -> bytes:  # noqa: A002 - the field's word
    """Quads in an RDF format."""
    output = io.BytesIO()
    write_rdf(quads, output, format)
    return output.getvalue()


def _triples(quads: Iterable[Quad]) -> Iterator[Triple]:
    seen: set[Triple] = set()  # of what more than one article can say: few among all triples
    for quad in quads:
        triple = Triple(quad.subject, quad.predicate, quad.object)
        if not (isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(_OF_ONE_ARTICLE)):
            if triple in seen:
                continue
            seen.add(triple)
        yield triple
