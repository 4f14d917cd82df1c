"""Where Oxigraph's terms and rdflib's meet."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph
from oxrdflib import OxigraphStore
from pyoxigraph import BlankNode, NamedNode, Quad
from rdflib import BNode, Dataset, Graph, Literal, URIRef

from kgraph.graph.vocab import PREFIXES, XSD_STRING


def dataset_of(quads: pyoxigraph.Store) -> Dataset:
    """An rdflib Dataset over Oxigraph's store, with the union of all graphs as its default graph."""
    dataset = Dataset(store=OxigraphStore(store=quads), default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace)
    return dataset


def graph_of(quads: Iterable[Quad]) -> Graph:
    """An rdflib Graph in memory of the triples of quads.

    A plain text gets no datatype: rdflib holds `"x"` and `"x"^^xsd:string` unequal, and reads shapes as the former.
    """
    graph = Graph()
    for quad in quads:
        graph.add((_term(quad.subject), URIRef(quad.predicate.value), _term(quad.object)))
    return graph


def _term(term: object) -> URIRef | BNode | Literal:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if not isinstance(term, pyoxigraph.Literal):
        raise TypeError(f"a graph of RDF 1.1 holds IRIs, blank nodes and literals, not {term}")
    if term.language:
        return Literal(term.value, lang=term.language)
    return Literal(term.value, datatype=None if term.datatype == XSD_STRING else URIRef(term.datatype.value))
