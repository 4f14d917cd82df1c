"""What a SPARQL endpoint says of itself, in the vocabulary of SPARQL 1.1 Service Description."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, Triple

from kgraph.graph.protocol import TRIPLES
from kgraph.graph.vocab import PREFIXES, TYPE

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_RDF = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads")


def describe(endpoint: str, media_type: str, *, updates: bool) -> bytes:
    """The description of a service in an RDF media type; its graphs are too many to be listed."""
    prefixes = {**PREFIXES, "sd": _SD, "formats": _FORMATS}
    return (
        pyoxigraph.serialize(_triples(endpoint, updates=updates), format=TRIPLES[media_type], prefixes=prefixes) or b""
    )


def _triples(endpoint: str, *, updates: bool) -> Iterator[Triple]:
    service, dataset, graph = BlankNode("service"), BlankNode("dataset"), BlankNode("graph")
    yield Triple(service, TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), NamedNode(endpoint))
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    if updates:
        yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Update"))
    for name in (*_RESULTS, *_RDF):
        yield Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + name))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, TYPE, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), graph)
    yield Triple(graph, TYPE, _sd("Graph"))


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
