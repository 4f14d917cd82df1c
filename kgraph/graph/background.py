"""What every store holds before the first article: the ontology and the actor lists, in graphs of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from kgraph.actors import Registry
from kgraph.graph.actor_graph import actor_quads
from kgraph.graph.vocab import ONTOLOGY_GRAPH
from kgraph.resources import ontology_dir

ONTOLOGY = ("kgraph.ttl", "crosswalk.ttl")


def background_quads(registry: Registry) -> Iterator[Quad]:
    """The quads of both graphs."""
    for name in ONTOLOGY:
        for triple in pyoxigraph.parse((ontology_dir() / name).read_bytes(), RdfFormat.TURTLE):
            yield Quad(triple.subject, triple.predicate, triple.object, ONTOLOGY_GRAPH)
    yield from actor_quads(registry)
