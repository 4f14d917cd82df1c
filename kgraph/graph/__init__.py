"""Claims as RDF: writing them, keeping them, asking for them."""

from __future__ import annotations

from kgraph.graph.cells import Ref, Row, Rows
from kgraph.graph.formats import FORMATS
from kgraph.graph.queries import NamedQuery, Parameter, ParameterKind, named_queries
from kgraph.graph.rdf import serialize
from kgraph.graph.store import Counts, Store, open_store
from kgraph.graph.stored import End, Source, StoredActor, StoredArticle, StoredClaim
from kgraph.graph.vocab import PREFIXES

__all__ = [
    "FORMATS",
    "PREFIXES",
    "Counts",
    "End",
    "NamedQuery",
    "Parameter",
    "ParameterKind",
    "Ref",
    "Row",
    "Rows",
    "Source",
    "Store",
    "StoredActor",
    "StoredArticle",
    "StoredClaim",
    "named_queries",
    "open_store",
    "serialize",
]
