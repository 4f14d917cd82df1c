"""The codebooks of political event data, as `ontology/crosswalk.ttl` has them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat

from kgraph.graph.cells import last_part
from kgraph.graph.vocab import kg
from kgraph.model import Relation
from kgraph.resources import ontology_dir


@cache
def goldstein() -> Mapping[Relation, float]:
    """The value of each relation on Goldstein's scale, from -10 (conflict) to 10; states of affairs have none."""
    quads = pyoxigraph.parse((ontology_dir() / "crosswalk.ttl").read_bytes(), RdfFormat.TURTLE)
    return MappingProxyType(
        {
            Relation(last_part(quad.subject.value)): float(quad.object.value)
            for quad in quads
            if quad.predicate == kg("goldstein")
            and isinstance(quad.subject, NamedNode)
            and isinstance(quad.object, Literal)
        }
    )
